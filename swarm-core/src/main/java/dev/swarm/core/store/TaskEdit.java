package dev.swarm.core.store;

import dev.swarm.core.model.Attempt;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.model.TaskTemplate;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Endpoint;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Tasks while a snapshot is edited. */
final class TaskEdit {
  private final Instant at;
  private final UnaryOperator<Meta> touch;
  private final Table.Builder<ServiceId, Service> services;
  private final Table.Builder<NodeId, Node> nodes;
  private final TaskIndex index;
  // One object for all tasks assigned by one entry.
  private final TaskStatus assigned;
  private final TaskStatus created;
  private final TaskStatus waits;
  // One object for all tasks of one entry that have the same behind them.
  private final Map<Attempt, Attempt> attempts = new HashMap<>();

  /**
   * @param touch what an object's version becomes by this entry
   */
  TaskEdit(
      Instant at,
      UnaryOperator<Meta> touch,
      Table.Builder<ServiceId, Service> services,
      Table.Builder<NodeId, Node> nodes,
      TaskIndex index) {
    this.at = at;
    this.touch = touch;
    this.services = services;
    this.nodes = nodes;
    this.index = index;
    assigned = TaskStatus.of(TaskState.ASSIGNED, at, "scheduler assigned task to node");
    created = TaskStatus.of(TaskState.PENDING, at, "pending task scheduling");
    waits = TaskStatus.of(TaskState.NEW, at, "waiting to be tried again");
  }

  void create(Change.CreateTask create) {
    Service service = services.get(create.service());
    if (service == null || index.get(create.id()) != null) {
      return;
    }
    TaskTemplate template = service.template();
    ServiceTasksEdit edit = index.tasksOf(service.id());
    SlotTasks slot = edit.slot(create.slot()).with(create.id());
    if (create.attempt().restart()) {
      slot = slot.restarted(at, template.specVersion(), template.policy().restart().maxAttempts());
    }
    edit.putSlot(create.slot(), slot);
    index.store(
        null,
        new Task(
            create.id(),
            touch.apply(Meta.NONE),
            template,
            create.slot(),
            create.node(),
            create.desired(),
            create.late() ? waits : created,
            List.of(),
            List.of(),
            shared(create.attempt())));
  }

  void advance(Change.AdvanceTask advance) {
    Task old = index.get(advance.id());
    if (old == null) {
      return;
    }
    TaskState desired =
        advance.desired().isAfter(old.desired()) ? advance.desired() : old.desired();
    NodeId node = old.node().isNone() ? advance.node() : old.node();
    TaskStatus status = advance.status().map(old.status()::after).orElse(old.status());
    if (!desired.isRunnable() && node.isNone() && status.state().isBefore(TaskState.ASSIGNED)) {
      status = TaskStatus.of(TaskState.SHUTDOWN, at, "called off before it had a node");
    }
    index.store(
        old,
        new Task(
            old.id(),
            touch.apply(old.meta()),
            old.template(),
            old.slot(),
            node,
            desired,
            status,
            old.networks(),
            old.claims(),
            shared(attempt(old, status.state(), desired, advance.cause()))));
  }

  private Attempt attempt(Task old, TaskState state, TaskState desired, Cause cause) {
    Attempt attempt = old.attempt();
    if (cause != Cause.Plain.NONE && old.isRunnable() && !desired.isRunnable()) {
      attempt = attempt.because(cause);
    }
    if (state == TaskState.RUNNING && !attempt.hasRun()) {
      return attempt.runningAt(at.toEpochMilli());
    }
    boolean ends = state.isTerminal() && !old.state().isTerminal();
    return ends ? attempt.endedAt(at.toEpochMilli()) : attempt;
  }

  private Attempt shared(Attempt attempt) {
    return attempts.computeIfAbsent(attempt, same -> same);
  }

  void assign(Change.AssignTask assign) {
    Task old = index.get(assign.id());
    if (old == null || !old.isUnscheduled() || nodes.get(assign.node()) == null) {
      return;
    }
    if (!old.node().isNone() && !old.node().equals(assign.node())) {
      return; // a task never changes its node
    }
    index.store(
        old,
        new Task(
            old.id(),
            touch.apply(old.meta()),
            old.template(),
            old.slot(),
            assign.node(),
            old.desired(),
            assigned,
            assign.networks(),
            assign.claims(),
            old.attempt()));
  }

  void attach(Change.AttachTask attach) {
    if (index.get(attach.id()) != null || nodes.get(attach.node()) == null) {
      return;
    }
    Slot slot = new Slot.OnNode(attach.node());
    ServiceTasksEdit edit = index.tasksOf(ServiceId.NONE);
    edit.putSlot(slot, edit.slot(slot).with(attach.id()));
    index.store(
        null,
        new Task(
            attach.id(),
            touch.apply(Meta.NONE),
            TaskTemplate.of(
                ServiceId.NONE,
                0,
                Annotations.getDefaultInstance(),
                attach.spec(),
                Endpoint.getDefaultInstance()),
            slot,
            attach.node(),
            TaskState.RUNNING,
            assigned,
            attach.networks(),
            List.of(),
            Attempt.FIRST));
  }

  void remove(TaskId id) {
    Task old = index.get(id);
    if (old == null) {
      return;
    }
    ServiceTasksEdit edit = index.tasksOf(old.serviceId());
    edit.putSlot(old.slot(), edit.slot(old.slot()).without(id));
    index.store(old, null);
  }
}
