package dev.swarm.manager.loop;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.plan.Key;
import dev.swarm.core.scheduler.Filters;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.store.ServiceTasks;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.UpdateStatus.UpdateState;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Which keys must be looked at after a change. Too many cost time, too few lose work. */
final class Dirty {
  private final Set<Key> keys = new LinkedHashSet<>();

  boolean isEmpty() {
    return keys.isEmpty();
  }

  int size() {
    return keys.size();
  }

  void add(Key key) {
    keys.add(key);
  }

  /** Takes the key that has waited longest; there must be one. */
  Key poll() {
    return ((LinkedHashSet<Key>) keys).removeFirst();
  }

  void clear() {
    keys.clear();
  }

  /** Everything, for a manager that begins to lead: whatever its predecessor left undone is found. */
  void addAll(Snapshot snapshot) {
    if (snapshot.cluster().isPresent()) {
      keys.add(new Key.OfCluster());
    }
    addAttachments(snapshot);
    snapshot.nodes().keys().stream().sorted().map(Key.OfNode::new).forEach(keys::add);
    snapshot.tasksOn().keys().stream().sorted().map(Key.OfNode::new).forEach(keys::add);
    for (ServiceId service : snapshot.services().keys().stream().sorted().toList()) {
      keys.add(new Key.OfService(service));
    }
    for (ServiceId service : snapshot.tasksOf().keys().stream().sorted().toList()) {
      keys.add(new Key.OfService(service));
      ServiceTasks tasks = snapshot.tasksOf(service);
      tasks.slots().keys().stream()
          .sorted()
          .forEach(slot -> keys.add(new Key.OfSlot(service, slot)));
    }
    snapshot.waiting().keys().stream().sorted().map(Key.OfWaiting::new).forEach(keys::add);
  }

  void add(Snapshot now, Delta delta) {
    delta.nodes().forEach(changed -> node(now, changed));
    delta.services().forEach(changed -> service(now, changed));
    delta.tasks().forEach(changed -> task(now, changed));
    networks(now, delta);
  }

  /** Who must be on which network. */
  private void networks(Snapshot now, Delta delta) {
    if (!delta.clusters().isEmpty()) {
      add(new Key.OfCluster());
    }
    if (delta.networks().stream()
        .anyMatch(changed -> changed.after().isEmpty() || changed.latest().isIngress())) {
      addAttachments(now);
    }
    for (Changed<Node> changed : delta.nodes()) {
      attachments(changed.latest());
    }
  }

  private void places(Changed<Task> changed) {
    boolean held = changed.before().filter(Task::holdsAddresses).isPresent();
    boolean holds = changed.after().filter(Task::holdsAddresses).isPresent();
    if (held != holds) {
      add(new Key.OfAttachments(changed.latest().node()));
    }
  }

  private void addAttachments(Snapshot snapshot) {
    snapshot.nodes().stream()
        .sorted(Comparator.comparing(Node::id))
        .forEach(this::attachments);
  }

  private void attachments(Node node) {
    if (!node.networks().isEmpty() || node.carriesOverlays()) {
      add(new Key.OfAttachments(node.id()));
    }
  }

  private void node(Snapshot now, Changed<Node> changed) {
    NodeId id = changed.latest().id();
    if (sameForTasks(changed)) {
      return;
    }
    add(new Key.OfNode(id));
    for (TaskId task : now.tasksOn(id).tasks().keys()) {
      now.tasks().find(task).ifPresent(t -> add(new Key.OfSlot(t.serviceId(), t.slot())));
    }
    now.globals().keys().stream()
        .sorted()
        .forEach(service -> add(new Key.OfSlot(service, new Slot.OnNode(id))));
    changed.after().ifPresent(node -> wakeWaiting(now, node));
  }

  private static boolean sameForTasks(Changed<Node> changed) {
    if (changed.before().isEmpty() || changed.after().isEmpty()) {
      return false;
    }
    Node before = changed.before().get();
    Node after = changed.after().get();
    return before.status().state() == after.status().state()
        && before.status().addr().equals(after.status().addr())
        && before.spec().equals(after.spec())
        && before.role() == after.role()
        && before.description().equals(after.description());
  }

  /** Wakes the waiting tasks that this node could take now. */
  private void wakeWaiting(Snapshot now, Node node) {
    var load = now.tasksOn(node.id()).load();
    for (ServiceId id : now.waiting().keys().stream().sorted().toList()) {
      Service service = now.services().get(id);
      if (service == null) {
        continue;
      }
      // Tasks of older specs take something else than the service's own policy says.
      boolean mixed = !now.tasksOf(id).outdated().isEmpty();
      if (mixed || Filters.refusal(node, load, id, service.template().policy()).isEmpty()) {
        add(new Key.OfWaiting(id));
      }
    }
  }

  private void service(Snapshot now, Changed<Service> changed) {
    ServiceId id = changed.latest().id();
    add(new Key.OfService(id));
    if (now.waiting().contains(id)) {
      add(new Key.OfWaiting(id));
    }
    boolean placementChanged =
        changed.before().isPresent()
            && changed.after().isPresent()
            && !changed
                .before()
                .get()
                .template()
                .policy()
                .constraints()
                .equals(changed.after().get().template().policy().constraints());
    if (placementChanged || changed.after().isEmpty()) {
      ServiceTasks tasks = now.tasksOf(id);
      tasks.slots().keys().stream().sorted().forEach(slot -> add(new Key.OfSlot(id, slot)));
    }
  }

  private void task(Snapshot now, Changed<Task> changed) {
    Task task = changed.latest();
    ServiceId serviceId = task.serviceId();
    Optional<Task> after = changed.after();
    if (!task.networks().isEmpty()) {
      places(changed);
    }
    boolean onlyScheduled =
        after.isPresent()
            && changed.before().filter(Task::isUnscheduled).isPresent()
            && !after.get().isUnscheduled()
            && after.get().isRunnable()
            && !after.get().state().isTerminal();
    if (!onlyScheduled) {
      add(new Key.OfSlot(serviceId, task.slot()));
    }
    boolean waits = after.filter(Task::isUnscheduled).isPresent();
    boolean waited = changed.before().filter(Task::isUnscheduled).isPresent();
    if (waits && !waited) {
      add(new Key.OfWaiting(serviceId));
    }
    boolean updating =
        now.services()
            .find(serviceId)
            .flatMap(Service::updateStatus)
            .filter(s -> s.getState() == UpdateState.UPDATING || s.getState() == UpdateState.ROLLBACK_STARTED)
            .isPresent();
    boolean leftSlot =
        changed.before().filter(Task::isRunnable).isPresent()
            && after.filter(Task::isRunnable).isEmpty();
    if (updating || (leftSlot && after.isEmpty())) {
      add(new Key.OfService(serviceId));
    }
    freed(now, changed);
  }

  private void freed(Snapshot now, Changed<Task> changed) {
    boolean occupied = changed.before().filter(Task::occupiesNode).isPresent();
    boolean occupies = changed.after().filter(Task::occupiesNode).isPresent();
    if (occupied && !occupies && !now.waiting().isEmpty()) {
      Node node = now.nodes().get(changed.latest().node());
      if (node != null) {
        wakeWaiting(now, node);
      }
    }
  }
}
