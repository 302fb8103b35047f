package dev.swarm.core.scheduler;

import dev.swarm.core.constraint.Constraint;
import dev.swarm.core.model.Node;
import dev.swarm.core.spec.TaskPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says why a task found no node: each reason with the number of nodes it held for, and of the
 * constraints which they were. Made only where there is something to explain.
 */
final class Explanation {
  /** So many constraints are named: a sentence is to be read. */
  private static final int NAMED_MAX = 3;

  private Explanation() {}

  /**
   * @param refused how many nodes each reason held for
   * @param nodes those asked
   */
  static String of(Map<Refusal, Integer> refused, Collection<Node> nodes, TaskPolicy policy) {
    if (refused.isEmpty()) {
      return "no suitable node (there are no nodes)";
    }
    return refused.entrySet().stream()
        .map(
            entry ->
                entry.getKey().explain(entry.getValue())
                    + (entry.getKey() == Refusal.CONSTRAINT ? unmet(nodes, policy) : ""))
        .collect(Collectors.joining("; ", "no suitable node (", ")"));
  }

  /** The first constraint that each node fails, as it is the first that is asked. */
  private static String unmet(Collection<Node> nodes, TaskPolicy policy) {
    List<Constraint> constraints = policy.constraints();
    Map<Integer, Integer> failed = new TreeMap<>();
    for (Node node : nodes) {
      if (Filters.standing(node, policy) == Refusal.CONSTRAINT) {
        int first = 0;
        while (constraints.get(first).matches(node)) {
          first++;
        }
        failed.merge(first, 1, Integer::sum);
      }
    }
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
