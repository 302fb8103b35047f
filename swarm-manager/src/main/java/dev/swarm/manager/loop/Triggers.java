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
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which keys must be looked at after a change. Too many cost time, too few lose work. */
final class Triggers {
  private final LinkedHashSet<Key> changed = new LinkedHashSet<>();
  private Iterator<Key> sweep = Collections.emptyIterator();
  private boolean sweepNext;

  boolean isEmpty() {
    return changed.isEmpty() && !sweep.hasNext();
  }

  void add(Key key) {
    changed.add(key);
  }

  /**
   * Takes the key that has waited longest; there must be one. While everything is being looked at,
   * every other key is one that changed: users don't wait for a sweep over a million tasks.
   */
  Key poll() {
    sweepNext = !sweepNext;
    return sweep.hasNext() && (sweepNext || changed.isEmpty())
        ? sweep.next()
        : changed.removeFirst();
  }

  void clear() {
    changed.clear();
    sweep = Collections.emptyIterator();
  }

  /**
   * Everything, for a manager that begins to lead: whatever its predecessor left undone is found.
   */
  void addAll(Snapshot snapshot) {
    Stream<Key> cluster = snapshot.cluster().stream().map(found -> new Key.OfCluster());
    Stream<Key> nodes =
        Stream.concat(snapshot.nodes().keys().stream(), snapshot.tasksOn().keys().stream())
            .sorted()
            .distinct()
            .map(Key.OfNode::new);
    Stream<Key> services =
        Stream.concat(snapshot.services().keys().stream(), snapshot.tasksOf().keys().stream())
            .sorted()
            .distinct()
            .flatMap(service -> ofService(snapshot, service));
    Stream<Key> waiting = snapshot.waiting().keys().stream().sorted().map(Key.OfWaiting::new);
    Stream<Key> attachments = snapshot.nodes().keys().stream().sorted().map(Key.OfAttachments::new);
    sweep =
        Stream.of(cluster, nodes, services, waiting, attachments).flatMap(keys -> keys).iterator();
  }

  private static Stream<Key> ofService(Snapshot snapshot, ServiceId service) {
    Stream<Key> slots =
        snapshot.tasksOf(service).slots().keys().stream()
            .sorted()
            .map(slot -> new Key.OfSlot(service, slot));
    return Stream.concat(Stream.of(new Key.OfService(service)), slots);
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

  private void places(Snapshot now, Changed<Task> changed) {
    NodeId id = changed.latest().node();
    boolean held = changed.before().filter(Task::holdsAddresses).isPresent();
    boolean holds = changed.after().filter(Task::holdsAddresses).isPresent();
    if (held != holds) {
      add(new Key.OfAttachments(id));
    }
    boolean bound = changed.before().filter(Task::bindsNetworks).isPresent();
    boolean binds = changed.after().filter(Task::bindsNetworks).isPresent();
    if (bound && !binds && now.nodes().find(id).filter(Node::carriesOverlaysAlone).isPresent()) {
      // Its networks may be free now to be carried elsewhere.
      now.waiting().keys().stream().sorted().map(Key.OfWaiting::new).forEach(this::add);
    }
  }

  private void addAttachments(Snapshot snapshot) {
    snapshot.nodes().stream().sorted(Comparator.comparing(Node::id)).forEach(this::attachments);
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
    if (!task.networks().isEmpty()) {
      places(now, changed);
    }
    @Nullable Task before = changed.before().orElse(null);
    @Nullable Task after = changed.after().orElse(null);
    boolean waited = before != null && before.isUnscheduled();
    boolean waits = after != null && after.isUnscheduled();
    boolean onlyScheduled =
        waited && !waits && after != null && after.isRunnable() && !after.state().isTerminal();
    if (!onlyScheduled) {
      add(new Key.OfSlot(serviceId, task.slot()));
    }
    if (waits && !waited) {
      add(new Key.OfWaiting(serviceId));
    }
    boolean ranBefore = before != null && before.isRunnable();
    if ((ranBefore && after == null) || isUpdating(now, serviceId)) {
      add(new Key.OfService(serviceId));
    }
    boolean occupied = before != null && before.occupiesNode();
    boolean occupies = after != null && after.occupiesNode();
    if (occupied && !occupies) {
      freed(now, task);
      if (task.template().jobIteration().isPresent()) {
        add(new Key.OfService(serviceId)); // the job may start another
      }
    }
  }

  private static boolean isUpdating(Snapshot now, ServiceId id) {
    Service service = now.services().get(id);
    if (service == null || service.updateStatus().isEmpty()) {
      return false;
    }
    UpdateState state = service.updateStatus().get().getState();
    return state == UpdateState.UPDATING || state == UpdateState.ROLLBACK_STARTED;
  }

  private void freed(Snapshot now, Task task) {
    Node node = now.nodes().get(task.node());
    if (node != null && !now.waiting().isEmpty()) {
      wakeWaiting(now, node);
    }
  }
}
