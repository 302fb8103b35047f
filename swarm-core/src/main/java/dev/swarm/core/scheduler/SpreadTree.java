package dev.swarm.core.scheduler;

import dev.swarm.core.constraint.Constraint;
import dev.swarm.core.model.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Candidates by the values of the spread labels: each choice goes down the branch that has the
 * fewest tasks of the service. Without labels it is a plain queue.
 */
final class SpreadTree {
  private static final String NODE_LABELS = "node.labels.";
  private static final String ENGINE_LABELS = "engine.labels.";

  private final CandidateQueue queue;
  private final PriorityQueue<SpreadTree> branches;
  private final String value;
  private int tasks;

  private SpreadTree(String value, List<Candidate> candidates, List<String> labels) {
    this.value = value;
    tasks = candidates.stream().mapToInt(Candidate::ofService).sum();
    branches =
        new PriorityQueue<>(
            Comparator.<SpreadTree>comparingInt(branch -> branch.tasks)
                .thenComparing(b -> b.value));
    if (labels.isEmpty()) {
      queue = new CandidateQueue(candidates);
      return;
    }
    queue = new CandidateQueue(List.of());
    TreeMap<String, List<Candidate>> byValue = new TreeMap<>();
    for (Candidate candidate : candidates) {
      byValue
          .computeIfAbsent(valueOf(candidate.node(), labels.getFirst()), v -> new ArrayList<>())
          .add(candidate);
    }
    List<String> rest = labels.subList(1, labels.size());
    byValue.forEach((v, members) -> branches.add(new SpreadTree(v, members, rest)));
  }

  static SpreadTree of(List<Candidate> candidates, List<String> labels) {
    return new SpreadTree("", candidates, labels);
  }

  /** Takes the best candidate out; give it back if it can take another. */
  Optional<Choice> choose() {
    if (branches.isEmpty()) {
      int best = queue.poll();
      return best < 0
          ? Optional.empty()
          : Optional.of(new Choice(queue.candidate(best), best, List.of(this)));
    }
    while (!branches.isEmpty()) {
      SpreadTree branch = branches.poll();
      Optional<Choice> choice = branch.choose();
      if (choice.isPresent()) {
        return Optional.of(choice.get().through(this));
      }
      // A branch without candidates left drops out.
    }
    return Optional.empty();
  }

  /**
   * A candidate, and the branches from its own up to the root, all of them taken out of their
   * queues.
   *
   * @param position of the candidate in its branch's queue
   */
  record Choice(Candidate candidate, int position, List<SpreadTree> path) {
    Choice through(SpreadTree parent) {
      List<SpreadTree> longer = new ArrayList<>(path);
      longer.add(parent);
      return new Choice(candidate, position, longer);
    }

    /**
     * Puts the branches back, counting the task just placed, and the candidate if it can take more.
     */
    void giveBack(boolean another) {
      if (another) {
        path.getFirst().queue.giveBack(position);
      }
      for (int i = 0; i < path.size(); i++) {
        path.get(i).tasks++;
        if (i > 0) {
          path.get(i).branches.add(path.get(i - 1));
        }
      }
    }
  }

  private static String valueOf(Node node, String descriptor) {
    String lower = descriptor.toLowerCase(Locale.ROOT);
    switch (lower) {
      case "node.id" -> {
        return node.id().value();
      }
      case "node.hostname" -> {
        return node.hostname();
      }
      case "node.platform.os" -> {
        return node.description().getPlatform().getOs();
      }
      case "node.platform.arch" -> {
        return Constraint.architecture(node.description().getPlatform().getArchitecture());
      }
      default -> {}
    }
    if (lower.startsWith(NODE_LABELS)) {
      return node.spec()
          .getAnnotations()
          .getLabelsOrDefault(descriptor.substring(NODE_LABELS.length()), "");
    }
    if (lower.startsWith(ENGINE_LABELS)) {
      return node.description()
          .getEngine()
          .getLabelsOrDefault(descriptor.substring(ENGINE_LABELS.length()), "");
    }
    return ""; // what nodes don't have, they all have alike
  }
}
