package dev.swarm.core.placement;

import dev.swarm.core.constraint.Constraint;
import dev.swarm.core.model.Node;
import dev.swarm.core.spec.TaskPolicy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Passes nodes that meet the placement constraints of the service. The refusal names those that
 * were not met.
 */
final class ConstraintFilter implements Filter.Selecting {
  /** So many constraints are named: a sentence is to be read. */
  private static final int NAMED_MAX = 3;

  @Override
  public boolean concerns(Needs needs) {
    return !needs.policy().constraints().isEmpty();
  }

  @Override
  public boolean selects(Node node, TaskPolicy policy) {
    return firstUnmet(node, policy.constraints()) < 0;
  }

  @Override
  public String unmet(Node node, TaskPolicy policy) {
    return policy.constraints().get(firstUnmet(node, policy.constraints())).text();
  }

  private static int firstUnmet(Node node, List<Constraint> constraints) {
    for (int i = 0; i < constraints.size(); i++) {
      if (!constraints.get(i).matches(node)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String sentence() {
    return "scheduling constraints not satisfied on %d node%s";
  }

  /** Names of each node the first constraint that it fails, as it is the first that is asked. */
  @Override
  public String explain(int nodes, Supplier<Stream<Node>> which, Needs needs) {
    List<Constraint> constraints = needs.policy().constraints();
    Map<Integer, Integer> failed = new TreeMap<>();
    which.get().forEach(node -> failed.merge(firstUnmet(node, constraints), 1, Integer::sum));
    return Filter.Selecting.super.explain(nodes, which, needs) + named(failed, constraints);
  }

  private static String named(Map<Integer, Integer> failed, List<Constraint> constraints) {
    if (failed.size() <= 1) {
      return failed.keySet().stream()
          .map(i -> ": " + constraints.get(i).text())
          .findAny()
          .orElse("");
    }
    String named =
        failed.entrySet().stream()
            .limit(NAMED_MAX)
            .map(entry -> constraints.get(entry.getKey()).text() + " on " + entry.getValue())
            .collect(Collectors.joining(", ", ": ", ""));
    return failed.size() > NAMED_MAX
        ? named + " and " + (failed.size() - NAMED_MAX) + " more"
        : named;
  }
}
