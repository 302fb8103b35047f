package dev.swarm.core.model;

import dev.swarm.core.spec.TaskPolicy;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.TaskSpec;
import java.util.OptionalLong;

/**
 * The part that all tasks of one version of a service have in common, as one object that they
 * share.
 *
 * @param specVersion the log sequence at which the service got this spec
 * @param service name and labels of the service
 * @param endpoint published ports and addresses, as allocated
 * @param policy the spec, parsed
 * @param jobIteration which run of its job the tasks belong to; absent where the service is no job
 */
public record TaskTemplate(
    ServiceId serviceId,
    long specVersion,
    Annotations service,
    TaskSpec spec,
    Endpoint endpoint,
    TaskPolicy policy,
    OptionalLong jobIteration) {

  public static TaskTemplate of(
      ServiceId serviceId,
      long specVersion,
      Annotations service,
      TaskSpec spec,
      Endpoint endpoint) {
    return new TaskTemplate(
        serviceId,
        specVersion,
        service,
        spec,
        endpoint,
        TaskPolicy.parse(spec, endpoint),
        OptionalLong.empty());
  }

  /** The same for tasks of that run of a job. */
  public TaskTemplate withJobIteration(OptionalLong iteration) {
    return new TaskTemplate(serviceId, specVersion, service, spec, endpoint, policy, iteration);
  }

  /**
   * What is wanted of a task that may run: that it goes on, or as part of a job that it completes.
   */
  public TaskState goal() {
    return jobIteration.isPresent() ? TaskState.COMPLETE : TaskState.RUNNING;
  }

  /**
   * Whether a task of {@code other} would run exactly like one of this, so that none needs
   * replacing.
   */
  public boolean runsLike(TaskTemplate other) {
    return this == other
        || (jobIteration.equals(other.jobIteration)
            && withoutPlacement(spec).equals(withoutPlacement(other.spec))
            && endpoint.getSpec().equals(other.endpoint.getSpec())
            && endpoint.getPortsList().equals(other.endpoint.getPortsList()));
  }

  // A change of placement alone restarts nothing: tasks that no longer fit are found by the
  // enforcer.
  private static TaskSpec withoutPlacement(TaskSpec spec) {
    return spec.hasPlacement() ? spec.toBuilder().clearPlacement().build() : spec;
  }
}
