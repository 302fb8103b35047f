package dev.swarm.core.codec;

import dev.swarm.core.model.Attempt;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskTemplate;
import dev.swarm.core.store.Change;
import dev.swarm.core.wire.FromWire;
import dev.swarm.core.wire.ToWire;
import dev.swarm.log.v1.AdvanceTask;
import dev.swarm.log.v1.AssignTask;
import dev.swarm.log.v1.AttachTask;
import dev.swarm.log.v1.CreateTask;
import dev.swarm.log.v1.TaskRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tasks in the form in which the log stores them, in entries and in images. The facts that only
 * managers need ({@link Attempt}) go through here as one: a new one is a component there, a field
 * in log.proto, and a line here each way.
 */
final class StoredTasks {
  private StoredTasks() {}

  static CreateTask encode(Change.CreateTask create) {
    Attempt attempt = create.attempt();
    CreateTask.Builder wire =
        CreateTask.newBuilder()
            .setId(create.id().value())
            .setServiceId(create.service().value())
            .setReplica(replica(create.slot()))
            .setNodeId(create.node().value())
            .setDesired(ToWire.state(create.desired()))
            .setRestart(attempt.restart())
            .setFailures(attempt.failures())
            .setLate(create.late());
    Causes.encode(attempt.cause()).ifPresent(wire::setCause);
    return wire.build();
  }

  static Change decode(CreateTask wire) {
    return new Change.CreateTask(
        new TaskId(wire.getId()),
        new ServiceId(wire.getServiceId()),
        slot(wire.getReplica(), wire.getNodeId()),
        new NodeId(wire.getNodeId()),
        TaskState.ofNumber(wire.getDesiredValue()),
        Attempt.after(wire.getRestart(), wire.getFailures(), Causes.decode(wire.getCause())),
        wire.getLate());
  }

  static TaskRecord encode(Task task, int template) {
    Attempt attempt = task.attempt();
    TaskRecord.Builder wire =
        TaskRecord.newBuilder()
            .setId(task.id().value())
            .setVersion(task.meta().version())
            .setCreatedEpochMillis(task.meta().createdAtMillis())
            .setUpdatedEpochMillis(task.meta().updatedAtMillis())
            .setTemplate(template)
            .setReplica(replica(task.slot()))
            .setSlotNodeId(slotNode(task.slot()))
            .setNodeId(task.node().value())
            .setDesired(ToWire.state(task.desired()))
            .setStatus(ToWire.status(task.status()))
            .addAllNetworks(Attachments.encode(task.networks()))
            .addAllClaims(Claims.encode(task.claims()))
            .setRestart(attempt.restart())
            .setFailures(attempt.failures())
            .setRunningEpochMillis(attempt.runningAtMillis())
            .setEndedEpochMillis(attempt.endedAtMillis());
    Causes.encode(attempt.cause()).ifPresent(wire::setCause);
    return wire.build();
  }

  /** Reads the tasks of one image; those that have the same behind them share it. */
  static final class Reader {
    private final Map<Attempt, Attempt> attempts = new HashMap<>();

    Task decode(TaskRecord wire, List<TaskTemplate> templates) {
      return new Task(
          new TaskId(wire.getId()),
          new Meta(wire.getVersion(), wire.getCreatedEpochMillis(), wire.getUpdatedEpochMillis()),
          templates.get(wire.getTemplate()),
          slot(wire.getReplica(), wire.getSlotNodeId()),
          new NodeId(wire.getNodeId()),
          TaskState.ofNumber(wire.getDesiredValue()),
          FromWire.status(wire.getStatus()),
          Attachments.decode(wire.getNetworksList()),
          Claims.decode(wire.getClaimsList()),
          attempts.computeIfAbsent(attempt(wire), same -> same));
    }

    private static Attempt attempt(TaskRecord wire) {
      return new Attempt(
          wire.getRestart(),
          wire.getFailures(),
          wire.getRunningEpochMillis(),
          wire.getEndedEpochMillis(),
          Causes.decode(wire.getCause()));
    }
  }

  static AdvanceTask encode(Change.AdvanceTask advance) {
    AdvanceTask.Builder wire =
        AdvanceTask.newBuilder()
            .setId(advance.id().value())
            .setDesired(ToWire.state(advance.desired()))
            .setNodeId(advance.node().value());
    advance.status().ifPresent(status -> wire.setStatus(ToWire.status(status)));
    Causes.encode(advance.cause()).ifPresent(wire::setCause);
    return wire.build();
  }

  static Change decode(AdvanceTask wire) {
    return new Change.AdvanceTask(
        new TaskId(wire.getId()),
        TaskState.ofNumber(wire.getDesiredValue()),
        new NodeId(wire.getNodeId()),
        wire.hasStatus() ? Optional.of(FromWire.status(wire.getStatus())) : Optional.empty(),
        Causes.decode(wire.getCause()));
  }

  /** Most tasks have neither networks nor claims, and there may be a million of them. */
  static AssignTask encode(Change.AssignTask assign) {
    AssignTask.Builder wire =
        AssignTask.newBuilder().setId(assign.id().value()).setNodeId(assign.node().value());
    if (!assign.networks().isEmpty()) {
      wire.addAllNetworks(Attachments.encode(assign.networks()));
    }
    if (!assign.claims().isEmpty()) {
      wire.addAllClaims(Claims.encode(assign.claims()));
    }
    return wire.build();
  }

  static Change decode(AssignTask wire) {
    return new Change.AssignTask(
        new TaskId(wire.getId()),
        new NodeId(wire.getNodeId()),
        Attachments.decode(wire.getNetworksList()),
        Claims.decode(wire.getClaimsList()));
  }

  static AttachTask encode(Change.AttachTask attach) {
    return AttachTask.newBuilder()
        .setId(attach.id().value())
        .setNodeId(attach.node().value())
        .setSpec(attach.spec())
        .addAllNetworks(Attachments.encode(attach.networks()))
        .build();
  }

  static Change decode(AttachTask wire) {
    return new Change.AttachTask(
        new TaskId(wire.getId()),
        new NodeId(wire.getNodeId()),
        wire.getSpec(),
        Attachments.decode(wire.getNetworksList()));
  }

  static int replica(Slot slot) {
    return slot instanceof Slot.Replica replica ? replica.number() : 0;
  }

  static String slotNode(Slot slot) {
    return slot instanceof Slot.OnNode onNode ? onNode.node().value() : "";
  }

  static Slot slot(int replica, String node) {
    return replica == 0 ? new Slot.OnNode(new NodeId(node)) : new Slot.Replica(replica);
  }
}
