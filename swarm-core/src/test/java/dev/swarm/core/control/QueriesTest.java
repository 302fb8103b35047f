package dev.swarm.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.service.ServiceControl;
import dev.swarm.core.control.service.ServiceQueries;
import dev.swarm.core.control.task.TaskControl;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.GetServiceRequest;
import docker.swarmkit.v1.GetTaskRequest;
import docker.swarmkit.v1.GlobalService;
import docker.swarmkit.v1.ListServiceStatusesRequest;
import docker.swarmkit.v1.ListServiceStatusesResponse.ServiceStatus;
import docker.swarmkit.v1.ListServicesRequest;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.RemoveTaskRequest;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.Task;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueriesTest {
  private final Swarm swarm = new Swarm();

  @Test
  void defaultsAreInsertedOnlyWhenAskedFor() {
    String id = swarm.create(Swarm.spec("web")).getId();
    GetServiceRequest request = GetServiceRequest.newBuilder().setServiceId(id).build();

    ServiceSpec plain =
        swarm.query(ServiceQueries.get(swarm.snapshot, request)).getService().getSpec();
    ServiceSpec full =
        swarm
            .query(
                ServiceQueries.get(
                    swarm.snapshot, request.toBuilder().setInsertDefaults(true).build()))
            .getService()
            .getSpec();

    assertEquals(Swarm.spec("web"), plain);
    assertEquals(5, full.getTask().getRestart().getDelay().getSeconds());
    assertEquals(10, full.getTask().getContainer().getStopGracePeriod().getSeconds());
    assertEquals(1, full.getUpdate().getParallelism());
    assertEquals(5, full.getRollback().getMonitor().getSeconds());
  }

  @Test
  void statusesCountTasksThatAreWanted() {
    NodeId node = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    String web =
        swarm.create(Swarm.spec("web", s -> s.getReplicatedBuilder().setReplicas(3))).getId();
    String global =
        swarm
            .create(Swarm.spec("agent", s -> s.setGlobal(GlobalService.getDefaultInstance())))
            .getId();
    swarm.task("web", 1, node, TaskState.RUNNING);
    swarm.task("web", 2, node, TaskState.STARTING);
    TaskId lost = swarm.task("web", 3, node, TaskState.RUNNING);
    swarm.apply(Change.AdvanceTask.desire(lost, TaskState.SHUTDOWN));
    swarm.task("agent", 1, node, TaskState.RUNNING);

    List<ServiceStatus> statuses =
        swarm
            .query(
                ServiceQueries.statuses(
                    swarm.snapshot,
                    ListServiceStatusesRequest.newBuilder()
                        .addServices(web)
                        .addServices(global)
                        .addServices("nobody")
                        .build()))
            .getStatusesList();

    assertEquals(status(web, 3, 1), statuses.get(0));
    assertEquals(status(global, 1, 1), statuses.get(1));
    assertEquals(status("nobody", 0, 0), statuses.get(2));
  }

  private static ServiceStatus status(String id, long desired, long running) {
    return ServiceStatus.newBuilder()
        .setServiceId(id)
        .setDesiredTasks(desired)
        .setRunningTasks(running)
        .build();
  }

  @Test
  void servicesAreFilteredByEveryKindOfCondition() {
    swarm.create(Swarm.spec("web", s -> s.getAnnotationsBuilder().putLabels("tier", "front")));
    swarm.create(Swarm.spec("worker", s -> s.getAnnotationsBuilder().putLabels("tier", "back")));
    assertEquals(List.of("web", "worker"), services(filters().addNamePrefixes("w")));
    assertEquals(List.of("web"), services(filters().addNames("web").addNames("gone")));
    assertEquals(List.of(), services(filters().addNames("web").addNamePrefixes("wo")));
    assertEquals(List.of("web", "worker"), services(filters().putLabels("tier", "")));
    assertEquals(List.of("worker"), services(filters().putLabels("tier", "back")));
    assertEquals(List.of(), services(filters().addRuntimes("process")));
    assertEquals(List.of("web", "worker"), services(filters().addRuntimes("container")));
    assertEquals(
        List.of("worker"), services(filters().addIdPrefixes(swarm.service("worker").id().value())));
  }

  private static ListServicesRequest.Filters.Builder filters() {
    return ListServicesRequest.Filters.newBuilder();
  }

  private List<String> services(ListServicesRequest.Filters.Builder filters) {
    return ServiceQueries.list(
            swarm.snapshot, ListServicesRequest.newBuilder().setFilters(filters).build())
        .getServicesList()
        .stream()
        .map(service -> service.getSpec().getAnnotations().getName())
        .toList();
  }

  @Test
  void tasksAreFoundByServiceNodeNameAndState() {
    NodeId n1 = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    NodeId n2 = swarm.node("n2", Node.State.READY, NodeRole.WORKER);
    String web = swarm.create(Swarm.spec("web")).getId();
    swarm.create(Swarm.spec("api"));
    String a = swarm.task("web", 1, n1, TaskState.RUNNING).value();
    String b = swarm.task("web", 2, n2, TaskState.RUNNING).value();
    String c = swarm.task("api", 1, n1, TaskState.RUNNING).value();
    swarm.apply(Change.AdvanceTask.desire(new TaskId(b), TaskState.SHUTDOWN));

    assertEquals(List.of(a, b, c), tasks(of()));
    assertEquals(List.of(a, b), tasks(of().addServiceIds(web).addServiceIds(web)));
    assertEquals(List.of(a, c), tasks(of().addNodeIds("n1")));
    assertEquals(List.of(a), tasks(of().addNodeIds("n1").addServiceIds(web)));
    assertEquals(List.of(a), tasks(of().addNamePrefixes("web.1.")));
    assertEquals(List.of(c), tasks(of().addNames("api.1." + c)));
    assertEquals(List.of(b), tasks(of().addDesiredStates(docker.swarmkit.v1.TaskState.SHUTDOWN)));
    assertEquals(List.of(a), tasks(of().addIdPrefixes(a)));

    swarm.accept(
        ServiceControl.update(
            swarm.updateRequest(
                "web", s -> s.getTaskBuilder().getContainerBuilder().setImage("nginx:2"))));
    assertEquals(List.of(c), tasks(of().setUpToDate(true)));
  }

  @Test
  void aTaskIsReadAndRemoved() {
    NodeId n1 = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    swarm.create(Swarm.spec("web"));
    String id = swarm.task("web", 1, n1, TaskState.FAILED).value();
    GetTaskRequest get = GetTaskRequest.newBuilder().setTaskId(id).build();
    assertEquals(id, swarm.query(TaskControl.get(swarm.snapshot, get)).getTask().getId());

    RemoveTaskRequest remove = RemoveTaskRequest.newBuilder().setTaskId(id).build();
    swarm.accept(TaskControl.remove(remove));

    assertTrue(swarm.snapshot.tasks().isEmpty());
    assertEquals("task " + id + " not found", swarm.reject(TaskControl.remove(remove)).message());
    assertEquals(
        "the id of the task is missing",
        swarm.reject(TaskControl.remove(RemoveTaskRequest.getDefaultInstance())).message());
  }

  private static ListTasksRequest.Filters.Builder of() {
    return ListTasksRequest.Filters.newBuilder();
  }

  private List<String> tasks(ListTasksRequest.Filters.Builder filters) {
    return TaskControl.list(
            swarm.snapshot, ListTasksRequest.newBuilder().setFilters(filters).build())
        .getTasksList()
        .stream()
        .map(Task::getId)
        .toList();
  }

  @Test
  void aTaskSaysWhyItWasCalledOffAndOnlyTroubleIsAnError() {
    NodeId node = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    swarm.create(Swarm.spec("web"));
    TaskId drained = swarm.task("web", 1, node, TaskState.RUNNING);
    TaskId lost = swarm.task("web", 2, node, TaskState.RUNNING);
    swarm.apply(Change.AdvanceTask.desire(drained, TaskState.SHUTDOWN, new Cause.Drained(node)));
    swarm.apply(
        Change.AdvanceTask.desire(
            lost, TaskState.SHUTDOWN, new Cause.NodeDown(node, Instant.EPOCH)));
    assertEquals("node drained: host-n1", wire(drained).getReason());
    assertEquals("", wire(drained).getStatus().getErr(), "tools take that for a failure");
    assertEquals("node down since 00:00:00 UTC on 1970-01-01: host-n1", wire(lost).getReason());
    assertEquals(wire(lost).getReason(), wire(lost).getStatus().getErr());
  }

  private docker.swarmkit.v1.Task wire(TaskId id) {
    return swarm
        .query(
            TaskControl.get(
                swarm.snapshot,
                docker.swarmkit.v1.GetTaskRequest.newBuilder().setTaskId(id.value()).build()))
        .getTask();
  }
}
