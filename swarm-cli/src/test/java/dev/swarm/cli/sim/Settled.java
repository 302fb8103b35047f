package dev.swarm.cli.sim;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.spec.ServiceMode;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.Placement;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.RestartPolicy;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.UpdateStatus.UpdateState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Says what is still missing until the cluster is as its users asked. Counts everything itself. */
final class Settled {
  private final World world;
  private final Predicate<ServiceId> exempt;

  /**
   * @param exempt services of which nothing is asked
   */
  Settled(World world, Predicate<ServiceId> exempt) {
    this.world = world;
    this.exempt = exempt;
  }

  /** The first thing that is not as it should be, or nothing. */
  String missing() {
    Snapshot now = world.laws().newest();
    for (SimManager manager : world.managers()) {
      String missing = missing(now, manager);
      if (!missing.isEmpty()) {
        return "m" + manager.index() + " " + missing;
      }
    }
    for (Node node : now.nodes().values()) {
      if (!node.isReady() && world.isHost(node.id())) {
        return "node " + node.id() + " is " + node.status().state();
      }
    }
    for (Service service :
        now.services().stream().sorted(Comparator.comparing(Service::id)).toList()) {
      String missing = exempt.test(service.id()) ? "" : missing(now, service);
      if (!missing.isEmpty()) {
        return "service " + service.id() + ": " + missing;
      }
    }
    for (Task task : now.tasks().values()) {
      String missing = exempt.test(task.serviceId()) ? "" : missing(now, task);
      if (!missing.isEmpty()) {
        return "task " + task.id() + " " + missing;
      }
    }
    return missingOnHosts(now);
  }

  /** Managers are those that are wished to be, and each of them is up to date. */
  private String missing(Snapshot now, SimManager manager) {
    Node node = now.nodes().get(manager.nodeId());
    boolean wanted = node == null || node.spec().getDesiredRole() == NodeRole.MANAGER;
    if (node != null && node.role() != node.spec().getDesiredRole()) {
      return "is a " + node.role() + ", not as it is wished";
    }
    if (world.raft().votes(manager.index()) != wanted) {
      return wanted ? "does not vote" : "still votes";
    }
    if (manager.process().isPresent() != wanted) {
      return wanted ? "does not run" : "still runs";
    }
    return manager.process().stream()
            .allMatch(process -> process.control().snapshot().index() == now.index())
        ? ""
        : "is behind";
  }

  private static String missing(Snapshot now, Task task) {
    if (!now.services().contains(task.serviceId())) {
      return "is left of a removed service";
    }
    Node node = now.nodes().get(task.node());
    boolean drained = node != null && node.spec().getAvailability() == Availability.DRAIN;
    return drained && RoomLaw.holdsRoom(task) ? "is still on drained node " + task.node() : "";
  }

  private String missing(Snapshot now, Service service) {
    Map<Slot, List<Task>> slots = new HashMap<>();
    now.tasks().stream()
        .filter(task -> task.serviceId().equals(service.id()))
        .forEach(task -> slots.computeIfAbsent(task.slot(), s -> new ArrayList<>()).add(task));
    boolean waits = false;
    int met = 0;
    Set<Slot> metSlots = new HashSet<>();
    for (Map.Entry<Slot, List<Task>> slot : slots.entrySet()) {
      List<Task> wanted = slot.getValue().stream().filter(t -> isWanted(t)).toList();
      boolean paused = isPaused(service);
      if (wanted.size() > 1 && !paused && wanted.stream().noneMatch(t -> waits(now, service, t))) {
        return wanted.size() + " tasks are wanted in slot " + slot.getKey();
      }
      for (Task task : wanted) {
        boolean heldByPause = paused && task.desired() == TaskState.READY && wanted.size() > 1;
        if (task.state() != TaskState.RUNNING && !waits(now, service, task) && !heldByPause) {
          return "task %s in slot %s is %s, wanted %s, and nothing keeps it"
              .formatted(task.id(), slot.getKey(), task.state(), task.desired());
        }
        waits |= waits(now, service, task);
      }
      if (!wanted.isEmpty() || isFinished(service, slot.getValue())) {
        met++;
        metSlots.add(slot.getKey());
      }
    }
    if (service.mode().isGlobal()) {
      for (Node node : now.nodes().values()) {
        if (isFor(service, node) && !metSlots.contains(new Slot.OnNode(node.id()))) {
          return "nothing is on node " + node.id();
        }
      }
    } else if (service.mode() instanceof ServiceMode.Replicated(int replicas) && met != replicas) {
      return met + " slots are filled, " + replicas + " are asked for";
    }
    return missingUpdate(now, service, waits);
  }

  private static String missingUpdate(Snapshot now, Service service, boolean waits) {
    UpdateState state = service.updateStatus().map(s -> s.getState()).orElse(UpdateState.UNKNOWN);
    return switch (state) {
      case UPDATING, ROLLBACK_STARTED -> waits ? "" : "its update is not over";
      case PAUSED, ROLLBACK_PAUSED -> "";
      case UNKNOWN, COMPLETED, ROLLBACK_COMPLETED, UNRECOGNIZED ->
          now.tasks().stream()
                  .anyMatch(
                      task ->
                          task.serviceId().equals(service.id())
                              && isWanted(task)
                              && !image(task)
                                  .equals(service.spec().getTask().getContainer().getImage()))
              ? "it has tasks of an old spec"
              : "";
    };
  }

  private static String image(Task task) {
    return task.template().spec().getContainer().getImage();
  }

  private static boolean isPaused(Service service) {
    return service
        .updateStatus()
        .filter(
            s -> s.getState() == UpdateState.PAUSED || s.getState() == UpdateState.ROLLBACK_PAUSED)
        .isPresent();
  }

  private static boolean isWanted(Task task) {
    return task.desired().number() <= TaskState.RUNNING.number() && !task.state().isTerminal();
  }

  private static boolean isFor(Service service, Node node) {
    return node.spec().getAvailability() == Availability.ACTIVE
        && PlacementLaw.meets(node, service.spec().getTask().getPlacement());
  }

  /** Whether the slot's last task ended under this spec and the policy asks for no other. */
  private static boolean isFinished(Service service, List<Task> tasks) {
    List<Task> newestLast =
        tasks.stream()
            .sorted(
                Comparator.comparingLong((Task t) -> t.meta().createdAtMillis())
                    .thenComparingLong(t -> t.meta().version()))
            .toList();
    // Where an update was taken back, the old task that outlived it says how it ended.
    Task last =
        newestLast.reversed().stream()
            .filter(
                task ->
                    task == newestLast.getLast() || task.meta().version() >= service.specVersion())
            .filter(task -> runsAsAsked(service, task))
            .findFirst()
            .orElse(newestLast.getLast());
    boolean byItself =
        last.state() == TaskState.COMPLETE
            || last.state() == TaskState.FAILED
            || last.state() == TaskState.REJECTED;
    if (!byItself || !runsAsAsked(service, last)) {
      return false;
    }
    RestartPolicy policy = service.spec().getTask().getRestart();
    boolean never =
        service.spec().getTask().hasRestart() && policy.getCondition() == RestartCondition.NONE;
    boolean done =
        service.spec().getTask().hasRestart()
            && policy.getCondition() == RestartCondition.ON_FAILURE
            && last.state() == TaskState.COMPLETE;
    return never || done || policy.getMaxAttempts() > 0;
  }

  /** What was done under an old spec is to be done again under the new one. */
  private static boolean runsAsAsked(Service service, Task task) {
    return placedAnywhere(task.template().spec()).equals(placedAnywhere(service.spec().getTask()))
        && task.template().endpoint().getSpec().equals(service.spec().getEndpoint());
  }

  private static TaskSpec placedAnywhere(TaskSpec spec) {
    return spec.toBuilder().clearPlacement().build();
  }

  /** Whether a task waits for a node, and there is none for it. */
  private static boolean waits(Snapshot now, Service service, Task task) {
    return task.state() == TaskState.PENDING
        && now.nodes().stream()
            .filter(node -> task.node().isNone() || node.id().equals(task.node()))
            .noneMatch(node -> isFor(service, node) && hasRoom(now, service, task, node));
  }

  /** Whether what the task itself takes is free; how many may be there is the service's word. */
  private static boolean hasRoom(Snapshot now, Service service, Task waiting, Node node) {
    long nanoCpus = 0;
    long memoryBytes = 0;
    long ofService = 0;
    Set<Integer> ports = new HashSet<>();
    for (Task task : now.tasks().values()) {
      if (task.node().equals(node.id()) && RoomLaw.holdsRoom(task)) {
        Resources reserved = task.template().spec().getResources().getReservations();
        nanoCpus += reserved.getNanoCpus();
        memoryBytes += reserved.getMemoryBytes();
        ofService += task.serviceId().equals(service.id()) && isWanted(task) ? 1 : 0;
        task.template().endpoint().getPortsList().forEach(p -> ports.add(p.getPublishedPort()));
      }
    }
    Resources wants = waiting.template().spec().getResources().getReservations();
    Resources has = node.description().getResources();
    Placement placement = service.spec().getTask().getPlacement();
    return (wants.getNanoCpus() == 0 || nanoCpus + wants.getNanoCpus() <= has.getNanoCpus())
        && (wants.getMemoryBytes() == 0
            || memoryBytes + wants.getMemoryBytes() <= has.getMemoryBytes())
        && (placement.getMaxReplicas() == 0 || ofService < placement.getMaxReplicas())
        && waiting.template().endpoint().getPortsList().stream()
            .map(PortConfig::getPublishedPort)
            .noneMatch(ports::contains);
  }

  /** What really runs is what is said to run. */
  private String missingOnHosts(Snapshot now) {
    for (SimHost host : world.hosts()) {
      Set<String> wanted = new TreeSet<>();
      now.tasks().stream()
          .filter(task -> task.node().equals(host.nodeId()) && task.state() == TaskState.RUNNING)
          .filter(Settled::isWanted)
          .forEach(task -> wanted.add(task.id().value()));
      Set<String> running = host.engine().running();
      if (!Objects.equals(wanted, running)) {
        return "%s should run %s, it runs %s".formatted(host, wanted, running);
      }
    }
    return "";
  }
}
