package dev.swarm.core.control.task;

import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.GetTaskRequest;
import docker.swarmkit.v1.GetTaskResponse;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.ListTasksResponse;
import docker.swarmkit.v1.RemoveTaskRequest;
import docker.swarmkit.v1.RemoveTaskResponse;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Reading and removing tasks. */
public final class TaskControl {
  private static final String KIND = "task";
  private static final RemoveTaskResponse REMOVED = RemoveTaskResponse.getDefaultInstance();

  private TaskControl() {}

  public static Verdict<GetTaskResponse> get(Snapshot snapshot, GetTaskRequest request) {
    return snapshot
        .tasks()
        .find(new TaskId(request.getTaskId()))
        .map(task -> GetTaskResponse.newBuilder().setTask(TaskViews.wire(task, snapshot)).build())
        .map(response -> Verdict.accept(List.of(), same -> response))
        .orElseGet(() -> Verdict.reject(Refuse.notFound(KIND, request.getTaskId())));
  }

  /**
   * Has a task gone; where its slot is still wanted, another one takes it. What its node still has
   * (its port, its address, its room) is not given away until the node says that it has stopped; a
   * task that no node has, or whose node is down, is forgotten at once.
   */
  public static Decision<RemoveTaskResponse> remove(RemoveTaskRequest request) {
    TaskId id = new TaskId(request.getTaskId());
    return (draft, context) ->
        draft
            .tasks()
            .find(id)
            .map(task -> Verdict.accept(removal(task, draft), same -> REMOVED))
            .orElseGet(() -> Verdict.reject(Refuse.notFound(KIND, id.value())));
  }

  private static List<Change> removal(Task task, Snapshot draft) {
    Node node = draft.nodes().get(task.node());
    // Nobody but its node looks after a task of no service: its network does not wait for it.
    boolean stops =
        task.occupiesNode() && node != null && !node.isDown() && !task.serviceId().isNone();
    return List.of(
        stops
            ? Change.AdvanceTask.desire(task.id(), TaskState.REMOVE)
            : new Change.RemoveTask(task.id()));
  }

  /**
   * Tasks that meet every kind of filter given, in order of their ids. With ids of services or
   * nodes the cost follows their tasks, otherwise all tasks.
   */
  public static ListTasksResponse list(Snapshot snapshot, ListTasksRequest request) {
    ListTasksRequest.Filters filters = request.getFilters();
    ListTasksResponse.Builder response = ListTasksResponse.newBuilder();
    candidates(snapshot, filters)
        .filter(task -> matches(task, filters))
        .filter(task -> !filters.getUpToDate() || isUpToDate(snapshot, task))
        .sorted(Comparator.comparing(Task::id))
        .forEach(task -> response.addTasks(TaskViews.wire(task, snapshot)));
    return response.build();
  }

  private static Stream<Task> candidates(Snapshot snapshot, ListTasksRequest.Filters filters) {
    if (filters.getServiceIdsCount() > 0) {
      return filters.getServiceIdsList().stream()
          .distinct()
          .flatMap(id -> TaskViews.of(snapshot, new ServiceId(id)));
    }
    if (filters.getNodeIdsCount() > 0) {
      return filters.getNodeIdsList().stream()
          .distinct()
          .flatMap(id -> snapshot.tasksOnInOrder(new NodeId(id)));
    }
    return snapshot.tasks().stream();
  }

  private static boolean matches(Task task, ListTasksRequest.Filters filters) {
    return ListFilters.startsWith(filters.getIdPrefixesList(), task.id().value())
        && ListFilters.in(filters.getServiceIdsList(), task.serviceId().value())
        && ListFilters.in(filters.getNodeIdsList(), task.node().value())
        && ListFilters.in(filters.getDesiredStatesList(), ToWire.state(task.desired()))
        && ListFilters.labels(filters.getLabelsMap(), task.template().service().getLabelsMap())
        && ListFilters.in(filters.getRuntimesList(), Runtimes.name(task.template().spec()))
        && namesMatch(task, filters);
  }

  private static boolean namesMatch(Task task, ListTasksRequest.Filters filters) {
    if (filters.getNamesCount() == 0 && filters.getNamePrefixesCount() == 0) {
      return true; // spares a name for every task of the cluster
    }
    String name = TaskViews.name(task);
    return ListFilters.in(filters.getNamesList(), name)
        && ListFilters.startsWith(filters.getNamePrefixesList(), name);
  }

  private static boolean isUpToDate(Snapshot snapshot, Task task) {
    return snapshot
        .services()
        .find(task.serviceId())
        .filter(service -> service.template().runsLike(task.template()))
        .isPresent();
  }
}
