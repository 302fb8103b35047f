package dev.swarm.core.model;

import dev.swarm.core.spec.ServiceMode;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.JobStatus;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateStatus;
import docker.swarmkit.v1.UpdateStatus.UpdateState;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A service: the spec that its user sent, and how far the cluster has carried it out.
 *
 * @param spec exactly what the user sent
 * @param mode of the spec, parsed
 * @param specVersion the log sequence at which the spec last changed
 * @param previous the spec before the last update, for a rollback
 * @param endpoint published ports as allocated
 * @param updateStatus of the last rolling update; absent if there was none
 * @param template what tasks created now will run
 * @param job which run of the job this is and when it began; present where the mode is a job's
 */
public record Service(
    ServiceId id,
    Meta meta,
    ServiceSpec spec,
    ServiceMode mode,
    long specVersion,
    Optional<ServiceSpec> previous,
    Endpoint endpoint,
    Optional<UpdateStatus> updateStatus,
    TaskTemplate template,
    Optional<JobStatus> job) {

  /** A service as it is first created; version and times are set when it is applied. */
  public static Service create(
      ServiceId id, ServiceSpec spec, Endpoint endpoint, long specVersion) {
    return new Service(
        id,
        Meta.NONE,
        spec,
        ServiceMode.parse(spec),
        specVersion,
        Optional.empty(),
        endpoint,
        Optional.empty(),
        TaskTemplate.of(id, specVersion, spec.getAnnotations(), spec.getTask(), endpoint),
        Optional.empty());
  }

  /** The same service as the run of a job that {@code status} tells of. */
  public Service withJob(JobStatus status) {
    return new Service(
        id,
        meta,
        spec,
        mode,
        specVersion,
        previous,
        endpoint,
        updateStatus,
        template.withJobIteration(OptionalLong.of(status.getJobIteration().getIndex())),
        Optional.of(status));
  }

  /** Whether an update, or the way back from one, is going on. */
  public boolean isUpdating() {
    if (updateStatus.isEmpty()) {
      return false;
    }
    UpdateState state = updateStatus.get().getState();
    return state == UpdateState.UPDATING || state == UpdateState.ROLLBACK_STARTED;
  }

  public String name() {
    return spec.getAnnotations().getName();
  }

  /** The same service under a new spec. An update in progress under the old one is forgotten. */
  public Service withSpec(
      ServiceSpec newSpec,
      Endpoint newEndpoint,
      long newSpecVersion,
      Optional<ServiceSpec> newPrevious) {
    TaskTemplate made =
        TaskTemplate.of(
            id, newSpecVersion, newSpec.getAnnotations(), newSpec.getTask(), newEndpoint);
    Service under =
        new Service(
            id,
            meta,
            newSpec,
            ServiceMode.parse(newSpec),
            newSpecVersion,
            newPrevious,
            newEndpoint,
            Optional.empty(),
            made,
            Optional.empty());
    return job.map(under::withJob).orElse(under);
  }

  public Service withUpdateStatus(UpdateStatus status) {
    return new Service(
        id, meta, spec, mode, specVersion, previous, endpoint, Optional.of(status), template, job);
  }

  /**
   * The same service with {@code old} as its template where that says nothing else, so that tasks
   * made before and after an unrelated change (of the replicas, say) share one.
   */
  public Service keepingTemplate(TaskTemplate old) {
    boolean same =
        old.spec().equals(template.spec())
            && old.service().equals(template.service())
            && old.endpoint().equals(template.endpoint())
            && old.jobIteration().equals(template.jobIteration());
    return same ? withTemplate(old) : this;
  }

  public Service withTemplate(TaskTemplate shared) {
    return new Service(
        id, meta, spec, mode, specVersion, previous, endpoint, updateStatus, shared, job);
  }

  public Service withMeta(Meta newMeta) {
    return new Service(
        id, newMeta, spec, mode, specVersion, previous, endpoint, updateStatus, template, job);
  }
}
