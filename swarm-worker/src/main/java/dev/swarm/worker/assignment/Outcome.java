package dev.swarm.worker.assignment;

/** Result of applying an assignments message. */
public sealed interface Outcome {
  /** The message applied; {@code delta} is what changed for tasks. */
  record Applied(AssignmentSet next, TaskChanges delta) implements Outcome {}

  /** The message builds on a state that this node does not have: the session must start again. */
  record Gap(String have, String wanted) implements Outcome {}
}
