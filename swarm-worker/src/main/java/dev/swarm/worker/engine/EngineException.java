package dev.swarm.worker.engine;

import docker.swarmkit.v1.ContainerStatus;

/** An operation that an engine could not carry out. The message is for users. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient ContainerStatus container;
  private final boolean away;

  public EngineException(String message) {
    this(message, ContainerStatus.getDefaultInstance());
  }

  public EngineException(String message, ContainerStatus container) {
    super(message);
    this.container = container;
    this.away = false;
  }

  public EngineException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private EngineException(String message, Throwable cause, boolean away) {
    super(message, cause);
    this.container = ContainerStatus.getDefaultInstance();
    this.away = away;
  }

  /**
   * The engine gave no answer, so nothing is known, and nothing has failed: what was asked is to be
   * asked again until it does.
   */
  public static EngineException away(String message, Throwable cause) {
    return new EngineException(message, cause, true);
  }

  /** Whether the engine was not there to answer. */
  public boolean isAway() {
    return away;
  }

  /** What is left of the task in the engine; the default instance if nothing is. */
  public ContainerStatus container() {
    return container;
  }
}
