package dev.swarm.core.spec;

import java.time.Duration;

/**
 * Default values of specs: for the cluster, where nobody said anything, and for the client's help.
 * The numbers are swarmkit's ({@code api/defaults/service.go}) and Docker's.
 */
public final class Defaults {
  /** Of a service whose spec has no mode. */
  public static final int REPLICAS = 1;

  /** Between the end of a task and the start of the next. */
  public static final Duration RESTART_DELAY = Duration.ofSeconds(5);

  /** Slots that an update works on at once. */
  public static final int UPDATE_PARALLELISM = 1;

  /** How long an update watches a new task for failure. */
  public static final Duration UPDATE_MONITOR = Duration.ofSeconds(5);

  /** Between asking a task to stop and killing it. */
  public static final Duration STOP_GRACE_PERIOD = Duration.ofSeconds(10);

  /** Tasks of one slot that are kept, those that ended included. */
  public static final int TASK_HISTORY_LIMIT = 5;

  /** Between two beats of an agent; managers take it as "adapt", see docs/architecture.md. */
  public static final Duration HEARTBEAT_PERIOD = Duration.ofSeconds(5);

  private Defaults() {}
}
