package dev.swarm.core.spec;

import docker.swarmkit.v1.ServiceSpec;

/**
 * Mode of a service, parsed: how many tasks it has, on which nodes, and whether they run to an end.
 */
public sealed interface ServiceMode {
  /** So many tasks that run on, wherever there is room. */
  record Replicated(int replicas) implements ServiceMode {}

  /** One task that runs on, on every node that the service may use. */
  record Global() implements ServiceMode {}

  /**
   * So many tasks that run to their end.
   *
   * @param concurrent how many of them may run at once
   */
  record ReplicatedJob(int completions, int concurrent) implements ServiceMode {}

  /** One task that runs to its end, on every node that the service may use. */
  record GlobalJob() implements ServiceMode {}

  static ServiceMode parse(ServiceSpec spec) {
    return switch (spec.getModeCase()) {
      case REPLICATED -> new Replicated(Counts.of(spec.getReplicated().getReplicas()));
      case MODE_NOT_SET -> new Replicated(Defaults.REPLICAS);
      case GLOBAL -> new Global();
      case REPLICATED_JOB ->
          new ReplicatedJob(
              Counts.of(spec.getReplicatedJob().getTotalCompletions()),
              Counts.of(spec.getReplicatedJob().getMaxConcurrent()));
      case GLOBAL_JOB -> new GlobalJob();
    };
  }

  /** Whether tasks run to their end, and a new spec means another run. */
  default boolean isJob() {
    return switch (this) {
      case ReplicatedJob _, GlobalJob _ -> true;
      case Replicated _, Global _ -> false;
    };
  }

  /** Whether the slots are the nodes. */
  default boolean isGlobal() {
    return switch (this) {
      case Global _, GlobalJob _ -> true;
      case Replicated _, ReplicatedJob _ -> false;
    };
  }

  /** Whether they differ in numbers at most, which an update may change. */
  default boolean isLike(ServiceMode other) {
    return getClass() == other.getClass();
  }
}
