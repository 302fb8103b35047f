package dev.swarm.core.model;

/** Identifies a task. Ordered by its text, so that decisions over several are made in one order. */
public record TaskId(String value) implements Comparable<TaskId> {
  /** No task: the id of something not yet known. */
  public static final TaskId NONE = new TaskId("");

  public boolean isNone() {
    return value.isEmpty();
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode(); // cached by the string: these are the keys of the hottest maps
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TaskId id && id.value.equals(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
