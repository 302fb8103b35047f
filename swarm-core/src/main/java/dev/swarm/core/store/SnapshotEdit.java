package dev.swarm.core.store;

import dev.swarm.core.model.Attempt;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.IssuedCertificates;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.model.TaskTemplate;
import dev.swarm.core.store.Delta.Changed;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.NodeRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of changes to a snapshot: the objects, and the indexes that follow from them. */
final class SnapshotEdit {
  private final long index;
  private final Instant at;
  // One object for all tasks assigned by one entry.
  private final TaskStatus assigned;
  private final TaskStatus created;
  private final TaskStatus waits;
  // One object for all tasks of one entry that have the same behind them.
  private final Map<Attempt, Attempt> attempts = new HashMap<>();
  private Optional<Cluster> cluster;
  private final Table.Builder<NodeId, Node> nodes;
  private final Table.Builder<ServiceId, Service> services;
  private final Table.Builder<TaskId, Task> tasks;
  private final Table.Builder<String, Network> networks;
  private final Table.Builder<String, Secret> secrets;
  private final Table.Builder<String, Config> configs;
  private final Table.Builder<String, ServiceId> servicesByName;
  private final Table.Builder<ServiceId, ServiceTasks> tasksOf;
  private final Table.Builder<NodeId, NodeTasks> tasksOn;
  private final Map<ServiceId, ServiceTasksEdit> openServices = new LinkedHashMap<>();
  private final Map<NodeId, NodeTasksEdit> openNodes = new LinkedHashMap<>();
  private final Table.Builder<ServiceId, ServiceId> waiting;
  private final Table.Builder<NodeId, NodeId> down;
  private final Table.Builder<ServiceId, ServiceId> globals;
  private final AddressIndex addresses;
  private Rotation rotation;

  private final List<Changed<Cluster>> changedClusters = new ArrayList<>();
  private final List<Changed<Node>> changedNodes = new ArrayList<>();
  private final List<Changed<Service>> changedServices = new ArrayList<>();
  private final List<Changed<Task>> changedTasks = new ArrayList<>();
  private final List<Changed<Network>> changedNetworks = new ArrayList<>();
  private final List<Changed<Secret>> changedSecrets = new ArrayList<>();
  private final List<Changed<Config>> changedConfigs = new ArrayList<>();

  SnapshotEdit(Snapshot base, long index, Instant at) {
    this.index = index;
    this.at = at;
    assigned = TaskStatus.of(TaskState.ASSIGNED, at, "scheduler assigned task to node");
    created = TaskStatus.of(TaskState.PENDING, at, "pending task scheduling");
    waits = TaskStatus.of(TaskState.NEW, at, "waiting to be tried again");
    cluster = base.cluster();
    nodes = base.nodes().edit();
    services = base.services().edit();
    tasks = base.tasks().edit();
    networks = base.networks().edit();
    secrets = base.secrets().edit();
    configs = base.configs().edit();
    servicesByName = base.servicesByName().edit();
    tasksOf = base.tasksOf().edit();
    tasksOn = base.tasksOn().edit();
    waiting = base.waiting().edit();
    down = base.down().edit();
    globals = base.globals().edit();
    rotation = base.rotation();
    addresses = new AddressIndex(base.addresses(), id -> networks.get(id) != null);
  }

  Snapshot.Step apply(List<Change> changes) {
    for (Change change : changes) {
      apply(change);
    }
    return new Snapshot.Step(
        build(),
        new Delta(
            changedClusters,
            changedNodes,
            changedServices,
            changedTasks,
            changedNetworks,
            changedSecrets,
            changedConfigs));
  }

  /** Objects as they were stored, their indexes made anew. For an empty base only. */
  Snapshot restore(SnapshotImage image) {
    cluster = image.cluster();
    image.networks().forEach(network -> networks.put(network.id(), network));
    image.secrets().forEach(secret -> secrets.put(secret.id(), secret));
    image.configs().forEach(config -> configs.put(config.id(), config));
    for (Node stored : image.nodes()) {
      Node node = stored.withIssued(issued(null, stored));
      nodes.put(node.id(), node);
      addresses.node(null, node);
      tasksOn(node.id()).put(node);
      if (node.isDown()) {
        down.put(node.id(), node.id());
      }
    }
    for (Service service : image.services()) {
      services.put(service.id(), service);
      addresses.service(null, service);
      servicesByName.put(service.name(), service.id());
      if (service.mode().isGlobal()) {
        globals.put(service.id(), service.id());
      }
    }
    image.slots().forEach(slot -> tasksOf(slot.service()).putSlot(slot.slot(), slot.tasks()));
    image.tasks().forEach(task -> store(null, task));
    for (SnapshotImage.NodeHistory history : image.failures()) {
      tasksOn(history.node()).restoreFailures(history.failures());
    }
    image.cursors().forEach(cursor -> addresses.restore(cursor.network(), cursor.last()));
    image.removed().forEach(addresses::networkRemoved);
    rotation = image.rotation();
    return build();
  }

  private Snapshot build() {
    openServices.forEach(this::close);
    openNodes.forEach(this::close);
    return new Snapshot(
        index,
        at,
        cluster,
        nodes.build(),
        services.build(),
        tasks.build(),
        networks.build(),
        secrets.build(),
        configs.build(),
        servicesByName.build(),
        tasksOf.build(),
        tasksOn.build(),
        waiting.build(),
        down.build(),
        globals.build(),
        addresses.build(),
        rotation);
  }

  private void close(ServiceId id, ServiceTasksEdit edit) {
    if (edit.slots.isEmpty()) {
      tasksOf.remove(id);
    } else {
      tasksOf.put(id, edit.build());
    }
  }

  private void close(NodeId id, NodeTasksEdit edit) {
    if (edit.isEmpty()) {
      tasksOn.remove(id);
    } else {
      tasksOn.put(id, edit.build());
    }
  }

  private ServiceTasksEdit tasksOf(ServiceId id) {
    ServiceTasksEdit open = openServices.get(id);
    if (open == null) {
      ServiceTasks base = tasksOf.get(id);
      open = new ServiceTasksEdit(base == null ? ServiceTasks.EMPTY : base);
      openServices.put(id, open);
    }
    return open;
  }

  private NodeTasksEdit tasksOn(NodeId id) {
    NodeTasksEdit open = openNodes.get(id);
    if (open == null) {
      NodeTasks base = tasksOn.get(id);
      open = new NodeTasksEdit(base == null ? NodeTasks.EMPTY : base);
      openNodes.put(id, open);
    }
    return open;
  }

  private void apply(Change change) {
    switch (change) {
      case Change.PutCluster put -> putCluster(put.cluster());
      case Change.PutNode put -> putNode(put.node());
      case Change.RemoveNode remove -> removeNode(remove.id());
      case Change.PutService put -> putService(put.service());
      case Change.RemoveService remove -> removeService(remove.id());
      case Change.PutNetwork put -> {
        Network old = networks.get(put.network().id());
        Network made = put.network().withMeta(touch(old == null ? Meta.NONE : old.meta()));
        networks.put(made.id(), made);
        if (old == null) {
          rotation = rotation.after(made);
          addresses.networkMade(made.id());
        }
        changedNetworks.add(changed(old, made));
      }
      case Change.RemoveNetwork remove -> {
        Network old = networks.remove(remove.id());
        removed(old, changedNetworks);
        if (old != null) {
          addresses.networkRemoved(old);
        }
      }
      case Change.PutSecret put -> {
        Secret old = secrets.get(put.secret().id());
        Secret made = put.secret().withMeta(touch(old == null ? Meta.NONE : old.meta()));
        secrets.put(made.id(), made);
        changedSecrets.add(changed(old, made));
      }
      case Change.RemoveSecret remove -> removed(secrets.remove(remove.id()), changedSecrets);
      case Change.PutConfig put -> {
        Config old = configs.get(put.config().id());
        Config made = put.config().withMeta(touch(old == null ? Meta.NONE : old.meta()));
        configs.put(made.id(), made);
        changedConfigs.add(changed(old, made));
      }
      case Change.RemoveConfig remove -> removed(configs.remove(remove.id()), changedConfigs);
      case Change.CreateTask create -> createTask(create);
      case Change.AdvanceTask advance -> advanceTask(advance);
      case Change.AssignTask assign -> assignTask(assign);
      case Change.AttachTask attach -> attachTask(attach);
      case Change.RemoveTask remove -> removeTask(remove.id());
    }
  }

  private Meta touch(Meta meta) {
    return meta.touched(index, at.toEpochMilli());
  }

  private static <T> Changed<T> changed(@Nullable T before, @Nullable T after) {
    return new Changed<>(Optional.ofNullable(before), Optional.ofNullable(after));
  }

  private static <T> void removed(@Nullable T old, List<Changed<T>> into) {
    if (old != null) {
      into.add(changed(old, null));
    }
  }

  private void putCluster(Cluster put) {
    Cluster made = put.withMeta(touch(cluster.map(Cluster::meta).orElse(Meta.NONE)));
    changedClusters.add(new Changed<>(cluster, Optional.of(made)));
    cluster = Optional.of(made);
  }

  private void putNode(Node put) {
    Node old = nodes.get(put.id());
    Node made =
        put.withMeta(touch(old == null ? Meta.NONE : old.meta())).withIssued(issued(old, put));
    nodes.put(made.id(), made);
    addresses.node(old, made);
    tasksOn(made.id()).put(made);
    if (made.isDown()) {
      down.put(made.id(), made.id());
    } else if (old != null && old.isDown()) {
      down.remove(made.id());
    }
    changedNodes.add(changed(old, made));
  }

  /** History: whoever puts a node may have a copy of it that is older than its last certificate. */
  private IssuedCertificates issued(@Nullable Node old, Node put) {
    IssuedCertificates before = old == null ? put.issued() : old.issued();
    boolean same =
        old != null
            && old.certificate().getCertificate().equals(put.certificate().getCertificate());
    IssuedCertificates after = same ? before : before.with(put.certificate(), at);
    return put.role() == NodeRole.MANAGER ? after : after.asOfAWorker();
  }

  private void removeNode(NodeId id) {
    Node old = nodes.remove(id);
    if (old != null) {
      if (old.isDown()) {
        down.remove(id);
      }
      tasksOn(id).put(null);
      addresses.node(old, null);
      changedNodes.add(changed(old, null));
    }
  }

  private void putService(Service put) {
    Service old = services.get(put.id());
    Service made = put.withMeta(touch(old == null ? Meta.NONE : old.meta()));
    if (old != null && made.template() != old.template()) {
      made = made.keepingTemplate(old.template());
    }
    services.put(made.id(), made);
    addresses.service(old, made);
    rotation = rotation.after(Optional.ofNullable(old), made);
    if (old == null || !old.name().equals(made.name())) {
      if (old != null) {
        servicesByName.remove(old.name());
      }
      servicesByName.put(made.name(), made.id());
    }
    if (made.mode().isGlobal()) {
      globals.put(made.id(), made.id());
    } else if (old != null && old.mode().isGlobal()) {
      globals.remove(made.id());
    }
    if (old != null && old.template() != made.template()) {
      findOutdated(made);
    }
    changedServices.add(changed(old, made));
  }

  private void findOutdated(Service service) {
    ServiceTasks index = tasksOf(service.id()).build();
    if (index.slots().isEmpty()) {
      return; // without tasks there is no index, as there is none in a state read from an image
    }
    Map<TaskTemplate, Boolean> current = new IdentityHashMap<>();
    Table.Builder<Slot, Slot> outdated = Table.<Slot, Slot>empty().edit();
    for (Map.Entry<Slot, SlotTasks> slot : index.slots().entries()) {
      for (TaskId id : slot.getValue().tasks()) {
        Task task = tasks.get(id);
        if (task != null
            && task.isRunnable()
            && !current.computeIfAbsent(task.template(), service.template()::runsLike)) {
          outdated.put(slot.getKey(), slot.getKey());
        }
      }
    }
    putOutdated(service.id(), index, outdated.build());
  }

  private void putOutdated(ServiceId id, ServiceTasks index, Table<Slot, Slot> outdated) {
    openServices.put(
        id,
        new ServiceTasksEdit(
            new ServiceTasks(
                index.slots(),
                index.runnable(),
                index.resting(),
                outdated,
                index.unscheduled(),
                index.numbers(),
                index.completed())));
  }

  private void removeService(ServiceId id) {
    Service old = services.remove(id);
    if (old != null) {
      servicesByName.remove(old.name());
      globals.remove(id);
      addresses.service(old, null);
      forgetOutdated(id);
      changedServices.add(changed(old, null));
    }
  }

  private void forgetOutdated(ServiceId id) {
    ServiceTasks index = tasksOf(id).build();
    if (!index.outdated().isEmpty()) {
      putOutdated(id, index, Table.empty());
    }
  }

  private void createTask(Change.CreateTask create) {
    Service service = services.get(create.service());
    if (service == null || tasks.get(create.id()) != null) {
      return;
    }
    TaskTemplate template = service.template();
    ServiceTasksEdit index = tasksOf(service.id());
    SlotTasks slot = index.slot(create.slot()).with(create.id());
    if (create.attempt().restart()) {
      slot = slot.restarted(at, template.specVersion(), template.policy().restart().maxAttempts());
    }
    index.putSlot(create.slot(), slot);
    store(
        null,
        new Task(
            create.id(),
            touch(Meta.NONE),
            template,
            create.slot(),
            create.node(),
            create.desired(),
            create.late() ? waits : created,
            List.of(),
            List.of(),
            shared(create.attempt())));
  }

  private void advanceTask(Change.AdvanceTask advance) {
    Task old = tasks.get(advance.id());
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
    store(
        old,
        new Task(
            old.id(),
            touch(old.meta()),
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

  private void assignTask(Change.AssignTask assign) {
    Task old = tasks.get(assign.id());
    if (old == null || !old.isUnscheduled() || nodes.get(assign.node()) == null) {
      return;
    }
    if (!old.node().isNone() && !old.node().equals(assign.node())) {
      return; // a task never changes its node
    }
    store(
        old,
        new Task(
            old.id(),
            touch(old.meta()),
            old.template(),
            old.slot(),
            assign.node(),
            old.desired(),
            assigned,
            assign.networks(),
            assign.claims(),
            old.attempt()));
  }

  private void attachTask(Change.AttachTask attach) {
    if (tasks.get(attach.id()) != null || nodes.get(attach.node()) == null) {
      return;
    }
    Slot slot = new Slot.OnNode(attach.node());
    ServiceTasksEdit index = tasksOf(ServiceId.NONE);
    index.putSlot(slot, index.slot(slot).with(attach.id()));
    store(
        null,
        new Task(
            attach.id(),
            touch(Meta.NONE),
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

  private void removeTask(TaskId id) {
    Task old = tasks.get(id);
    if (old == null) {
      return;
    }
    ServiceTasksEdit index = tasksOf(old.serviceId());
    index.putSlot(old.slot(), index.slot(old.slot()).without(id));
    store(old, null);
  }

  /** Replaces one task by another version of it; either may be absent. */
  private void store(@Nullable Task before, @Nullable Task after) {
    if (after != null) {
      tasks.put(after.id(), after);
    } else if (before != null) {
      tasks.remove(before.id());
    }
    indexByService(before, after);
    indexByNode(before, after);
    addresses.task(before, after);
    changedTasks.add(changed(before, after));
  }

  private void indexByService(@Nullable Task before, @Nullable Task after) {
    Task either = after != null ? after : Objects.requireNonNull(before);
    ServiceId service = either.serviceId();
    ServiceTasksEdit index = tasksOf(service);
    boolean wasUnscheduled = before != null && before.isUnscheduled();
    boolean isUnscheduled = after != null && after.isUnscheduled();
    if (isUnscheduled && !wasUnscheduled) {
      if (index.unscheduled.isEmpty()) {
        waiting.put(service, service);
      }
      index.unscheduled.put(either.id(), either.id());
    } else if (wasUnscheduled && !isUnscheduled) {
      index.unscheduled.remove(either.id());
      if (index.unscheduled.isEmpty()) {
        waiting.remove(service);
      }
    }
    index.completed += (hasCompleted(after) ? 1 : 0) - (hasCompleted(before) ? 1 : 0);
    boolean wasRunnable = before != null && before.isRunnable();
    boolean isRunnable = after != null && after.isRunnable();
    if (wasRunnable != isRunnable) {
      SlotTasks slot = index.slot(either.slot());
      index.markRunnable(either.slot(), anyRunnable(slot));
      if (!isRunnable || isOutdated(either)) {
        ServiceTasksEdit.mark(index.outdated, either.slot(), anyOutdated(slot));
      }
    }
  }

  private static boolean hasCompleted(@Nullable Task task) {
    return task != null && task.isRunnable() && task.state() == TaskState.COMPLETE;
  }

  private boolean anyRunnable(SlotTasks slot) {
    for (TaskId id : slot.tasks()) {
      Task task = tasks.get(id);
      if (task != null && task.isRunnable()) {
        return true;
      }
    }
    return false;
  }

  private boolean anyOutdated(SlotTasks slot) {
    for (TaskId id : slot.tasks()) {
      Task task = tasks.get(id);
      if (task != null && task.isRunnable() && isOutdated(task)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOutdated(Task task) {
    Service service = services.get(task.serviceId());
    return service != null && !service.template().runsLike(task.template());
  }

  private void indexByNode(@Nullable Task before, @Nullable Task after) {
    NodeId was = before == null ? NodeId.NONE : before.node();
    NodeId is = after == null ? NodeId.NONE : after.node();
    boolean moved = !was.equals(is);
    if (before != null && !was.isNone() && moved) {
      tasksOn(was).remove(before);
    }
    if (after != null && !is.isNone()) {
      if (before != null && !moved && sameLoad(before, after)) {
        return;
      }
      NodeTasksEdit index = tasksOn(is);
      if (moved) {
        index.tasks.put(after.id(), after.id());
      } else if (before != null) {
        index.count(before, -1);
      }
      index.count(after, 1);
      if (endedBadly(after) && (before == null || !endedBadly(before))) {
        index.failed(after, at);
      }
    }
  }

  private static boolean sameLoad(Task before, Task after) {
    return before.occupiesNode() == after.occupiesNode()
        && before.isRunnable() == after.isRunnable()
        && endedBadly(before) == endedBadly(after);
  }

  private static boolean endedBadly(Task task) {
    return task.state() == TaskState.FAILED || task.state() == TaskState.REJECTED;
  }
}
