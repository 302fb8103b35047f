package dev.swarm.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.spec.NodePort;
import dev.swarm.core.stage.Plain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Laws of applying changes: whatever they are, the indexes say what the objects say. */
class SnapshotProperties {

  @Property(tries = 120)
  void indexesAreWhatCountingTheObjectsGives(@ForAll @Size(max = 60) List<Integer> numbers) {
    Script script = new Script();
    for (int number : numbers) {
      script.play(script.next(number));
      check(script.snapshot());
    }
  }

  @Property(tries = 120)
  void aStepAtOnceIsTheSameStepChangeByChange(@ForAll @Size(max = 60) List<Integer> numbers) {
    Script script = new Script();
    for (int number : numbers) {
      Script.Entry entry = script.next(number);
      Snapshot oneByOne = script.snapshot();
      for (Change change : entry.changes()) {
        oneByOne = oneByOne.apply(entry.index(), entry.at(), List.of(change)).snapshot();
      }
      script.play(entry);
      assertEquals(Plain.of(script.snapshot()), Plain.of(oneByOne));
    }
  }

  @Property(tries = 100)
  void tasksOnlyGoForwardAndStayWhereTheyAre(@ForAll @Size(max = 60) List<Integer> numbers) {
    Script script = new Script();
    for (int number : numbers) {
      Snapshot before = script.snapshot();
      Delta delta = script.play(script.next(number)).delta();
      for (Task task : before.tasks().values()) {
        Task after = script.snapshot().tasks().get(task.id());
        if (after != null) {
          assertFalse(after.state().isBefore(task.state()));
          assertFalse(after.desired().isBefore(task.desired()));
          assertTrue(task.node().isNone() || task.node().equals(after.node()));
          assertEquals(task.slot(), after.slot());
        }
      }
      checkDelta(before, script.snapshot(), delta);
    }
  }

  /**
   * The changes of one object are a chain from what it was to what it is; others did not change.
   */
  private static void checkDelta(Snapshot before, Snapshot after, Delta delta) {
    Map<TaskId, Optional<Task>> last = new HashMap<>();
    for (Delta.Changed<Task> changed : delta.tasks()) {
      TaskId id = changed.latest().id();
      Optional<Task> known = last.getOrDefault(id, before.tasks().find(id));
      assertEquals(known, changed.before());
      last.put(id, changed.after());
    }
    last.forEach((id, task) -> assertEquals(task, after.tasks().find(id)));
    for (Task task : after.tasks().values()) {
      if (!last.containsKey(task.id())) {
        assertEquals(Optional.of(task), before.tasks().find(task.id()));
      }
    }
  }

  private static void check(Snapshot snapshot) {
    assertEquals(
        snapshot.services().stream().collect(Collectors.toMap(Service::name, Service::id)),
        Plain.of(snapshot.servicesByName()));
    assertEquals(
        ids(
            snapshot.services().stream()
                .filter(service -> service.mode().isGlobal())
                .map(Service::id)
                .toList()),
        keys(snapshot.globals()));
    assertEquals(
        ids(snapshot.nodes().stream().filter(Node::isDown).map(Node::id).toList()),
        keys(snapshot.down()));
    Map<ServiceId, List<Task>> byService =
        snapshot.tasks().stream().collect(Collectors.groupingBy(Task::serviceId));
    assertEquals(byService.keySet(), keys(snapshot.tasksOf()));
    byService.forEach((id, tasks) -> check(snapshot, id, tasks));
    Set<ServiceId> waiting =
        ids(
            snapshot.tasks().stream()
                .filter(t -> t.isRunnable() && t.state() == TaskState.PENDING)
                .map(Task::serviceId)
                .toList());
    assertEquals(waiting, keys(snapshot.waiting()));
    Map<NodeId, List<Task>> byNode =
        snapshot.tasks().stream()
            .filter(task -> !task.node().isNone())
            .collect(Collectors.groupingBy(Task::node));
    Set<NodeId> nodes = new TreeSet<>(snapshot.nodes().keys());
    nodes.addAll(byNode.keySet());
    assertEquals(nodes, new TreeSet<>(snapshot.tasksOn().keys()));
    nodes.forEach(id -> assertEquals(snapshot.nodes().get(id), snapshot.tasksOn(id).node()));
    byNode.forEach((id, tasks) -> check(snapshot.tasksOn(id), tasks));
    checkAddresses(snapshot);
  }

  private static void checkAddresses(Snapshot snapshot) {
    Map<String, Map<String, Integer>> held = new HashMap<>();
    snapshot.addresses().keys().forEach(network -> held.put(network, new HashMap<>()));
    Stream.concat(
            snapshot.nodes().stream().flatMap(node -> node.networks().stream()),
            snapshot.tasks().stream()
                .filter(task -> !task.state().isTerminal())
                .filter(task -> task.isRunnable() || !task.state().isBefore(TaskState.ASSIGNED))
                .flatMap(task -> task.networks().stream()))
        .forEach(place -> place.addresses().forEach(ip -> count(held, place.network(), ip)));
    snapshot.services().stream()
        .flatMap(service -> service.endpoint().getVirtualIpsList().stream())
        .forEach(ip -> count(held, ip.getNetworkId(), ip.getAddr()));
    Map<String, Object> indexed = new HashMap<>();
    snapshot
        .addresses()
        .entries()
        .forEach(entry -> indexed.put(entry.getKey(), Plain.of(entry.getValue().taken())));
    assertEquals(held, indexed);
    snapshot
        .addresses()
        .entries()
        .forEach(
            entry ->
                assertTrue(
                    !entry.getValue().taken().isEmpty()
                        || snapshot.networks().contains(entry.getKey()),
                    "an index of nothing"));
    Map<List<Object>, Long> present =
        snapshot.tasks().stream()
            .filter(Task::holdsAddresses)
            .flatMap(
                task ->
                    task.networks().stream()
                        .filter(place -> !place.addresses().isEmpty())
                        .map(place -> List.<Object>of(place.network(), task.node())))
            .collect(Collectors.groupingBy(on -> on, Collectors.counting()));
    Map<List<Object>, Long> counted = new HashMap<>();
    snapshot
        .addresses()
        .entries()
        .forEach(
            entry -> {
              boolean gone = !snapshot.networks().contains(entry.getKey());
              entry.getValue().removed().ifPresent(network -> assertTrue(gone, "it is there"));
              entry
                  .getValue()
                  .present()
                  .entries()
                  .forEach(
                      on ->
                          counted.put(List.of(entry.getKey(), on.getKey()), (long) on.getValue()));
            });
    assertEquals(present, counted);
  }

  private static void count(Map<String, Map<String, Integer>> held, String network, String ip) {
    held.computeIfAbsent(network, n -> new HashMap<>()).merge(Addresses.bare(ip), 1, Integer::sum);
  }

  private static void check(Snapshot snapshot, ServiceId id, List<Task> tasks) {
    ServiceTasks index = snapshot.tasksOf(id);
    Map<Slot, Set<TaskId>> slots = new TreeMap<>();
    tasks.forEach(task -> slots.computeIfAbsent(task.slot(), s -> new TreeSet<>()).add(task.id()));
    Map<Slot, Set<TaskId>> indexed = new TreeMap<>();
    index
        .slots()
        .entries()
        .forEach(entry -> indexed.put(entry.getKey(), new TreeSet<>(entry.getValue().tasks())));
    assertEquals(slots, indexed);
    assertEquals(
        ids(tasks.stream().filter(Task::isRunnable).map(Task::slot).toList()),
        keys(index.runnable()));
    Set<Slot> resting = new TreeSet<>(slots.keySet());
    tasks.stream().filter(Task::isRunnable).map(Task::slot).forEach(resting::remove);
    assertEquals(ids(List.copyOf(resting)), keys(index.resting()));
    checkNumbers(index.numbers(), slots.keySet());
    assertEquals(
        tasks.stream().filter(t -> t.isRunnable() && t.state() == TaskState.COMPLETE).count(),
        index.completed());
    Service service = snapshot.services().get(id);
    if (service != null) {
      assertEquals(
          ids(
              tasks.stream()
                  .filter(Task::isRunnable)
                  .filter(task -> !service.template().runsLike(task.template()))
                  .map(Task::slot)
                  .toList()),
          keys(index.outdated()));
    }
    assertEquals(
        ids(
            tasks.stream()
                .filter(t -> t.isRunnable() && t.state() == TaskState.PENDING)
                .map(Task::id)
                .toList()),
        keys(index.unscheduled()));
  }

  private static void checkNumbers(SlotNumbers numbers, Set<Slot> taken) {
    int last = 0;
    for (Slot slot : taken) {
      last = slot instanceof Slot.Replica replica ? Math.max(last, replica.number()) : last;
    }
    assertEquals(last, numbers.last());
    int max = last + 2;
    List<Slot> free =
        IntStream.rangeClosed(1, max)
            .<Slot>mapToObj(Slot.Replica::new)
            .filter(slot -> !taken.contains(slot))
            .toList();
    assertEquals(free, numbers.free(max, max, List.of()));
  }

  private static void check(NodeTasks index, List<Task> tasks) {
    assertEquals(ids(tasks.stream().map(Task::id).toList()), keys(index.tasks()));
    long nanoCpus = 0;
    int active = 0;
    Map<ServiceId, Integer> perService = new HashMap<>();
    Map<NodePort, Integer> ports = new HashMap<>();
    Map<Claim, Integer> generic = new HashMap<>();
    for (Task task : tasks) {
      boolean takes = !task.state().isBefore(TaskState.ASSIGNED) && !task.state().isTerminal();
      if (takes) {
        nanoCpus += task.template().policy().nanoCpus();
        task.template().policy().hostPorts().forEach(p -> ports.merge(p, 1, Integer::sum));
        task.claims()
            .forEach(c -> generic.merge(new Claim(c.kind(), c.name(), 1), c.count(), Integer::sum));
        if (task.isRunnable()) {
          active++;
          perService.merge(task.serviceId(), 1, Integer::sum);
        }
      }
    }
    assertEquals(nanoCpus, index.load().nanoCpus());
    assertEquals(active, index.load().active());
    assertEquals(perService, Plain.of(index.load().perService()));
    assertEquals(ports, Plain.of(index.load().ports()));
    assertEquals(generic, Plain.of(index.load().generic()));
  }

  private static <T> Set<T> ids(List<T> ids) {
    return new HashSet<>(ids);
  }

  private static <K, V> Set<K> keys(Table<K, V> table) {
    return new HashSet<>(table.keys());
  }
}
