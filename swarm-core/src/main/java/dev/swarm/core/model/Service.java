package dev.swarm.core.model;

import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateStatus;
import java.util.Optional;

/**
 * What a user wants to be running, and how far it is.
 *
 * @param spec exactly what the user sent
 * @param specVersion the log sequence at which the spec last changed
 * @param previous the spec before the last update, for a rollback
 * @param endpoint published ports as allocated
 * @param updateStatus of the last rolling update; absent if there was none
 * @param template what tasks created now will run
 */
public record Service(
    ServiceId id,
    Meta meta,
    ServiceSpec spec,
    long specVersion,
    Optional<ServiceSpec> previous,
    Endpoint endpoint,
    Optional<UpdateStatus> updateStatus,
    TaskTemplate template) {

  /** A service as it is first created; version and times are set when it is applied. */
  public static Service create(ServiceId id, ServiceSpec spec, Endpoint endpoint, long specVersion) {
    return new Service(
        id,
        Meta.NONE,
        spec,
        specVersion,
        Optional.empty(),
        endpoint,
        Optional.empty(),
        TaskTemplate.of(id, specVersion, spec.getAnnotations(), spec.getTask(), endpoint));
  }

  public String name() {
    return spec.getAnnotations().getName();
  }

  public boolean isGlobal() {
    return spec.getModeCase() == ServiceSpec.ModeCase.GLOBAL;
  }

  /** How many replicas are wanted; 0 for a global service. A spec without a mode wants one. */
  public int replicas() {
    return switch (spec.getModeCase()) {
      case REPLICATED -> (int) Math.min(spec.getReplicated().getReplicas(), Integer.MAX_VALUE);
      case MODE_NOT_SET -> 1;
      case GLOBAL, REPLICATED_JOB, GLOBAL_JOB -> 0;
    };
  }

  /**
   * The same service under a new spec. An update in progress under the old one is forgotten.
   */
  public Service withSpec(
      ServiceSpec newSpec, Endpoint newEndpoint, long newSpecVersion, Optional<ServiceSpec> newPrevious) {
    TaskTemplate made =
        TaskTemplate.of(id, newSpecVersion, newSpec.getAnnotations(), newSpec.getTask(), newEndpoint);
    return new Service(
        id, meta, newSpec, newSpecVersion, newPrevious, newEndpoint, Optional.empty(), made);
  }

  public Service withUpdateStatus(UpdateStatus status) {
    return new Service(
        id, meta, spec, specVersion, previous, endpoint, Optional.of(status), template);
  }

  /**
   * The same service with {@code old} as its template where that says nothing else, so that tasks
   * made before and after an unrelated change (of the replicas, say) share one.
   */
  public Service keepingTemplate(TaskTemplate old) {
    boolean same =
        old.spec().equals(template.spec())
            && old.service().equals(template.service())
            && old.endpoint().equals(template.endpoint());
    return same ? withTemplate(old) : this;
  }

  public Service withTemplate(TaskTemplate shared) {
    return new Service(id, meta, spec, specVersion, previous, endpoint, updateStatus, shared);
  }

  public Service withMeta(Meta newMeta) {
    return new Service(id, newMeta, spec, specVersion, previous, endpoint, updateStatus, template);
  }
}
