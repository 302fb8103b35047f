package dev.swarm.core.control.service;

import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.control.task.Runtimes;
import dev.swarm.core.control.task.TaskViews;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.spec.ServiceMode;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.GetServiceRequest;
import docker.swarmkit.v1.GetServiceResponse;
import docker.swarmkit.v1.ListServiceStatusesRequest;
import docker.swarmkit.v1.ListServiceStatusesResponse;
import docker.swarmkit.v1.ListServiceStatusesResponse.ServiceStatus;
import docker.swarmkit.v1.ListServicesRequest;
import docker.swarmkit.v1.ListServicesResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Answers queries about services. */
public final class ServiceQueries {
  private static final int STATUSES_MAX = 100_000;

  private ServiceQueries() {}

  /** One service by id; with its spec's defaults filled in if that is asked for. */
  public static Verdict<GetServiceResponse> get(Snapshot snapshot, GetServiceRequest request) {
    Optional<Service> found = snapshot.services().find(new ServiceId(request.getServiceId()));
    if (found.isEmpty()) {
      return Verdict.reject(Refuse.notFound("service", request.getServiceId()));
    }
    docker.swarmkit.v1.Service wire = ToWire.service(found.get());
    if (request.getInsertDefaults()) {
      wire = wire.toBuilder().setSpec(ServiceDefaults.insert(wire.getSpec())).build();
    }
    GetServiceResponse response = GetServiceResponse.newBuilder().setService(wire).build();
    return Verdict.accept(List.of(), same -> response);
  }

  /** Services that meet every kind of filter given, in order of their ids. */
  public static ListServicesResponse list(Snapshot snapshot, ListServicesRequest request) {
    ListServicesRequest.Filters filters = request.getFilters();
    ListServicesResponse.Builder response = ListServicesResponse.newBuilder();
    snapshot.services().stream()
        .filter(service -> matches(service, filters))
        .sorted(Comparator.comparing(Service::id))
        .forEach(service -> response.addServices(ToWire.service(service)));
    return response.build();
  }

  private static boolean matches(Service service, ListServicesRequest.Filters filters) {
    return ListFilters.all(
            filters.getNamesList(),
            filters.getNamePrefixesList(),
            filters.getIdPrefixesList(),
            filters.getLabelsMap(),
            service.id().value(),
            service.spec().getAnnotations())
        && ListFilters.in(filters.getRuntimesList(), Runtimes.name(service.spec().getTask()));
  }

  /**
   * How many tasks each service asked for wants and has. One that does not exist has none of
   * either; a global service wants as many as its orchestrator found nodes for.
   */
  public static Verdict<ListServiceStatusesResponse> statuses(
      Snapshot snapshot, ListServiceStatusesRequest request) {
    if (request.getServicesCount() > STATUSES_MAX) {
      return Verdict.reject(
          Refuse.invalid("at most %d services can be asked for at once".formatted(STATUSES_MAX)));
    }
    ListServiceStatusesResponse.Builder response = ListServiceStatusesResponse.newBuilder();
    for (String id : request.getServicesList()) {
      response.addStatuses(status(snapshot, new ServiceId(id)));
    }
    ListServiceStatusesResponse built = response.build();
    return Verdict.accept(List.of(), same -> built);
  }

  private static ServiceStatus status(Snapshot snapshot, ServiceId id) {
    Optional<Service> service = snapshot.services().find(id);
    List<Task> wanted = TaskViews.of(snapshot, id).filter(Task::isRunnable).toList();
    if (service.isEmpty()) {
      return status(id, 0, wanted);
    }
    return switch (service.get().mode()) {
      case ServiceMode.Replicated(int replicas) -> status(id, replicas, wanted);
      case ServiceMode.Global() -> status(id, wanted.size(), wanted);
      case ServiceMode.ReplicatedJob job ->
          jobStatus(id, job.concurrent(), ofPresentRun(service.get(), wanted));
      case ServiceMode.GlobalJob() -> {
        List<Task> now = ofPresentRun(service.get(), wanted);
        yield jobStatus(id, now.size() - completed(now), now);
      }
    };
  }

  // A task that is called off may still run, or seem to on a node that is lost: it doesn't count.
  private static ServiceStatus status(ServiceId id, long desired, List<Task> wanted) {
    long running = wanted.stream().filter(task -> task.state() == TaskState.RUNNING).count();
    return ServiceStatus.newBuilder()
        .setServiceId(id.value())
        .setDesiredTasks(desired)
        .setRunningTasks(running)
        .build();
  }

  /**
   * Of a job only the tasks of its present run count. A global one wants those that have yet to
   * complete: clients add the others themselves.
   */
  private static ServiceStatus jobStatus(ServiceId job, long desired, List<Task> now) {
    return ServiceStatus.newBuilder()
        .setServiceId(job.value())
        .setDesiredTasks(desired)
        .setRunningTasks(now.stream().filter(t -> t.state() == TaskState.RUNNING).count())
        .setCompletedTasks(completed(now))
        .build();
  }

  private static List<Task> ofPresentRun(Service job, List<Task> tasks) {
    return tasks.stream()
        .filter(task -> task.template().jobIteration().equals(job.template().jobIteration()))
        .toList();
  }

  private static long completed(List<Task> tasks) {
    return tasks.stream().filter(task -> task.state() == TaskState.COMPLETE).count();
  }
}
