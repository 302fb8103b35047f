package dev.swarm.core.model;

import docker.swarmkit.v1.PortStatus;
import java.time.Instant;

/**
 * Last reported status of a task.
 *
 * @param message what is going on, for people
 * @param err why it is not going on, empty while all is well
 * @param run what the engine made of it
 */
public record TaskStatus(TaskState state, Instant at, String message, String err, Run run) {
  /**
   * What an engine runs for a task.
   *
   * @param pid 0 while there is no process
   */
  public record Run(String containerId, int pid, int exitCode, PortStatus ports) {
    public static final Run NONE = new Run("", 0, 0, PortStatus.getDefaultInstance());
  }

  public static TaskStatus of(TaskState state, Instant at, String message) {
    return new TaskStatus(state, at, message, "", Run.NONE);
  }

  /**
   * What is known of a task when {@code said} has been said of it. This is the one place where a
   * status is kept from going back, whoever brings it; see {@link TaskState#mayBeSaidAfter}.
   */
  public TaskStatus after(TaskStatus said) {
    return said.state.mayBeSaidAfter(state) ? said : this;
  }

  public TaskStatus withErr(String newErr) {
    return new TaskStatus(state, at, message, newErr, run);
  }
}
