package dev.swarm.core.control.service;

import dev.swarm.core.allocator.VirtualIps;
import dev.swarm.core.control.Checks;
import dev.swarm.core.control.Networks;
import dev.swarm.core.control.References;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.spec.ServiceMode;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.CreateServiceResponse;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.JobStatus;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.RemoveServiceRequest;
import docker.swarmkit.v1.RemoveServiceResponse;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateServiceRequest;
import docker.swarmkit.v1.UpdateServiceRequest.Rollback;
import docker.swarmkit.v1.UpdateServiceResponse;
import docker.swarmkit.v1.UpdateStatus;
import docker.swarmkit.v1.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Creating, updating, rolling back and removing services. */
public final class ServiceControl {
  private static final String KIND = "service";

  private ServiceControl() {}

  /** Stores a new service with its ports allocated. Its tasks are the orchestrator's to make. */
  public static Decision<CreateServiceResponse> create(CreateServiceRequest request) {
    ServiceSpec spec = request.getSpec();
    return Refuse.unless(
        ServiceRules.check(request.hasSpec(), spec),
        () -> (draft, context) -> create(spec, draft, context));
  }

  private static Verdict<CreateServiceResponse> create(
      ServiceSpec spec, Snapshot draft, Decision.Context context) {
    String name = spec.getAnnotations().getName();
    if (draft.serviceNamed(name).isPresent()) {
      return Verdict.reject(
          Refuse.exists(
              "name conflicts with an existing object: service %s already exists".formatted(name)));
    }
    Placed placed = place(ServiceId.NONE, spec, List.of(), draft);
    if (placed.refused().isPresent()) {
      return Verdict.reject(placed.refused().get());
    }
    Endpoint endpoint = endpoint(spec, Endpoint.getDefaultInstance(), placed.ports(), draft);
    Optional<Rejection> full = withoutAddress(spec, endpoint, draft);
    if (full.isPresent()) {
      return Verdict.reject(full.get());
    }
    Service made =
        Service.create(new ServiceId(context.ids().next()), spec, endpoint, context.index());
    return stored(
        made.mode().isJob() ? made.withJob(run(0, context.now())) : made,
        context,
        service -> CreateServiceResponse.newBuilder().setService(ToWire.service(service)).build());
  }

  /**
   * Gives a service a new spec, or its previous one back. Refused as stale unless the request names
   * the version that the service has now.
   */
  public static Decision<UpdateServiceResponse> update(UpdateServiceRequest request) {
    boolean rollback = request.getRollback() == Rollback.PREVIOUS;
    Optional<Rejection> wrong =
        Checks.refuseIf(
                !request.hasServiceVersion(), "the version of the service to update is missing")
            .or(
                () ->
                    Checks.refuseIf(
                        request.getRollback() == Rollback.UNRECOGNIZED,
                        "rollback must be none or previous"))
            .or(
                () ->
                    rollback
                        ? Checks.OK
                        : ServiceRules.check(request.hasSpec(), request.getSpec()));
    return Refuse.unless(wrong, () -> (draft, context) -> update(request, draft, context));
  }

  private static Verdict<UpdateServiceResponse> update(
      UpdateServiceRequest request, Snapshot draft, Decision.Context context) {
    Optional<Service> found = draft.services().find(new ServiceId(request.getServiceId()));
    if (found.isEmpty()) {
      return Verdict.reject(Refuse.notFound(KIND, request.getServiceId()));
    }
    Service old = found.get();
    if (old.meta().version() != request.getServiceVersion().getIndex()) {
      return Verdict.reject(Rejection.stale());
    }
    if (request.getRollback() == Rollback.PREVIOUS) {
      return rollBack(old, draft, context);
    }
    ServiceSpec spec = request.getSpec();
    Optional<Rejection> fixed = unchangeable(old.spec(), spec);
    if (fixed.isPresent()) {
      return Verdict.reject(fixed.get());
    }
    if (spec.equals(old.spec()) && old.updateStatus().isEmpty() && !old.mode().isJob()) {
      return Verdict.accept(List.of(), snapshot -> updated(old));
    }
    // The same spec again sets a paused update going; what a rollback returns to stays the same.
    Optional<ServiceSpec> previous =
        spec.equals(old.spec()) ? old.previous() : Optional.of(old.spec());
    return respecify(old, spec, previous, Optional.empty(), draft, context);
  }

  private static Verdict<UpdateServiceResponse> rollBack(
      Service old, Snapshot draft, Decision.Context context) {
    if (old.previous().isEmpty()) {
      return Verdict.reject(
          Refuse.precondition("service %s does not have a previous spec".formatted(old.name())));
    }
    UpdateStatus started =
        UpdateStatus.newBuilder()
            .setState(UpdateStatus.UpdateState.ROLLBACK_STARTED)
            .setMessage("manually requested rollback")
            .setStartedAt(Durations.toWire(context.now()))
            .build();
    return respecify(
        old, old.previous().get(), Optional.of(old.spec()), Optional.of(started), draft, context);
  }

  private static Verdict<UpdateServiceResponse> respecify(
      Service old,
      ServiceSpec spec,
      Optional<ServiceSpec> previous,
      Optional<UpdateStatus> status,
      Snapshot draft,
      Decision.Context context) {
    Placed placed = place(old.id(), spec, old.endpoint().getPortsList(), draft);
    if (placed.refused().isPresent()) {
      return Verdict.reject(placed.refused().get());
    }
    Endpoint endpoint = endpoint(spec, old.endpoint(), placed.ports(), draft);
    Optional<Rejection> full = withoutAddress(spec, endpoint, draft);
    if (full.isPresent()) {
      return Verdict.reject(full.get());
    }
    boolean sameTasks =
        !old.mode().isJob()
            && spec.getTask().equals(old.spec().getTask())
            && endpoint.equals(old.endpoint());
    Service made =
        old.withSpec(spec, endpoint, sameTasks ? old.specVersion() : context.index(), previous);
    if (old.job().isPresent()) {
      long last = old.job().get().getJobIteration().getIndex();
      made = made.withJob(run(last + 1, context.now()));
    }
    return stored(
        status.map(made::withUpdateStatus).orElse(made), context, ServiceControl::updated);
  }

  /** What an update cannot change, because tasks could not follow. */
  private static Optional<Rejection> unchangeable(ServiceSpec old, ServiceSpec spec) {
    if (!old.getAnnotations().getName().equals(spec.getAnnotations().getName())) {
      return Optional.of(
          Refuse.unimplemented(
              "renaming services is not supported: remove the service and create it anew"));
    }
    return ServiceMode.parse(old).isLike(ServiceMode.parse(spec))
        ? Checks.OK
        : Optional.of(
            Refuse.unimplemented(
                "service mode change is not allowed: remove the service and create it anew"));
  }

  private static JobStatus run(long iteration, Instant at) {
    return JobStatus.newBuilder()
        .setJobIteration(Version.newBuilder().setIndex(iteration))
        .setLastExecution(Durations.toWire(at))
        .build();
  }

  /** Removes a service at once; its tasks are shut down after it. */
  public static Decision<RemoveServiceResponse> remove(RemoveServiceRequest request) {
    ServiceId id = new ServiceId(request.getServiceId());
    return (draft, context) ->
        draft.services().contains(id)
            ? Verdict.accept(
                List.of(new Change.RemoveService(id)),
                snapshot -> RemoveServiceResponse.getDefaultInstance())
            : Verdict.reject(Refuse.notFound(KIND, id.value()));
  }

  /** How a spec fits in with everything else: its ports, or why it does not fit. */
  private record Placed(List<PortConfig> ports, Optional<Rejection> refused) {}

  private static Placed place(
      ServiceId self, ServiceSpec spec, List<PortConfig> before, Snapshot draft) {
    Optional<Rejection> refused =
        References.check(spec, draft).or(() -> withoutIngress(spec, draft));
    if (refused.isPresent() || spec.getEndpoint().getPortsCount() == 0) {
      return new Placed(List.of(), refused);
    }
    PublishedPorts taken = PublishedPorts.besides(self, draft);
    Optional<List<PortConfig>> ports = taken.assign(spec.getEndpoint(), before);
    return new Placed(
        ports.orElse(List.of()),
        taken
            .conflict(spec.getEndpoint())
            .or(
                () ->
                    ports.isPresent()
                        ? Checks.OK
                        : Optional.of(
                            Refuse.precondition(
                                "every port from %d to %d is in use: say which port to publish"
                                    .formatted(
                                        PublishedPorts.DYNAMIC_MIN, PublishedPorts.DYNAMIC_MAX)))));
  }

  private static Optional<Rejection> withoutIngress(ServiceSpec spec, Snapshot draft) {
    return Networks.publishesToIngress(spec) && Networks.ingress(draft).isEmpty()
        ? Optional.of(
            Refuse.precondition(
                "service needs ingress network, but no ingress network is present: create one with"
                    + " \"network create --driver overlay --ingress NAME\""))
        : Checks.OK;
  }

  private static Endpoint endpoint(
      ServiceSpec spec, Endpoint old, List<PortConfig> ports, Snapshot draft) {
    Endpoint.Builder endpoint = old.toBuilder().clearSpec().clearPorts().addAllPorts(ports);
    if (spec.hasEndpoint()) {
      endpoint.setSpec(spec.getEndpoint());
    }
    return VirtualIps.assign(draft, spec, endpoint.build());
  }

  private static Optional<Rejection> withoutAddress(
      ServiceSpec spec, Endpoint endpoint, Snapshot draft) {
    return VirtualIps.missing(draft, spec, endpoint)
        .map(
            network ->
                Refuse.precondition(
                    "network %s has no address left for the service".formatted(network)));
  }

  private static <R> Verdict<R> stored(
      Service made, Decision.Context context, Function<Service, R> reply) {
    long now = context.now().toEpochMilli();
    Meta touched = made.meta().touched(context.index(), now);
    return Verdict.accept(
        List.of(new Change.PutService(made)),
        // A later request of the same batch may have removed it again.
        snapshot ->
            reply.apply(
                snapshot.services().find(made.id()).orElseGet(() -> made.withMeta(touched))));
  }

  private static UpdateServiceResponse updated(Service service) {
    return UpdateServiceResponse.newBuilder().setService(ToWire.service(service)).build();
  }
}
