package dev.swarm.worker.engine;

import docker.swarmkit.v1.ContainerStatus;

/** An engine could not do what was asked. The message is for users. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient ContainerStatus container;

  public EngineException(String message) {
    this(message, ContainerStatus.getDefaultInstance());
  }

  public EngineException(String message, ContainerStatus container) {
    super(message);
    this.container = container;
  }

  public EngineException(String message, Throwable cause) {
    super(message, cause);
    this.container = ContainerStatus.getDefaultInstance();
  }

  /** What is left of the task in the engine; the default instance if nothing is. */
  public ContainerStatus container() {
    return container;
  }
}
