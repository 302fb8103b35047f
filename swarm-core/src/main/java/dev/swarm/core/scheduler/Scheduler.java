package dev.swarm.core.scheduler;

import dev.swarm.core.allocator.AddressBook;
import dev.swarm.core.allocator.TaskNetworks;
import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Claim;
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
import dev.swarm.core.placement.Filters;
import dev.swarm.core.placement.Needs;
import dev.swarm.core.placement.Room;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.spec.TaskPolicy;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.NodeTasks;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Assigns nodes to the waiting tasks of one service. The nodes are filtered once a pass, then each
 * task costs one step of a priority queue.
 */
public final class Scheduler {
  private static final Duration EXPLAIN_AGAIN_AFTER = Duration.ofSeconds(30);

  private static final String NO_ADDRESS =
      "no suitable node (no address is left on one of the task's networks)";

  /** Tasks placed in one pass. Assignments are small, and every pass filters all nodes. */
  static final int TASKS_A_PASS = 10_000;

  private Scheduler() {}

  /** Places what waits. A task that fits nowhere is told why; it waits until something changes. */
  public static Plan reconcile(Snapshot snapshot, ServiceId serviceId, Instant now) {
    Optional<Service> service = snapshot.services().find(serviceId);
    Table<TaskId, TaskId> waiting = snapshot.tasksOf(serviceId).unscheduled();
    if (service.isEmpty() || waiting.isEmpty()) {
      return Plan.NOTHING;
    }
    Plan.Builder plan = Plan.builder();
    List<Task> anywhere = new ArrayList<>();
    List<Task> preset = new ArrayList<>();
    boolean cut = false;
    int looked = 0;
    for (TaskId id : waiting.keys()) {
      Task task = snapshot.tasks().get(id);
      if (task == null) {
        continue;
      }
      // Past the bound the order is that of the ids' hashes, which Java fixes for strings.
      if (++looked > TASKS_A_PASS) {
        cut = true;
        break;
      }
      (task.node().isNone() ? anywhere : preset).add(task);
    }
    placePreset(snapshot, service.get(), preset, now, plan);
    if (!plan.isEmpty() && !anywhere.isEmpty()) {
      return plan.more().build(); // what the nodes have left is known when these are placed
    }
    placeAnywhere(snapshot, service.get(), anywhere, now, plan);
    if (cut && plan.isEmpty()) {
      explainRest(snapshot, waiting, anywhere, now, plan);
    } else if (cut) {
      plan.more();
    }
    return plan.build();
  }

  /** Old before new: the lower slot first, and within a slot the task that waited longer. */
  private static int inOrder(Task a, Task b) {
    int bySlot = a.slot().compareTo(b.slot());
    if (bySlot != 0) {
      return bySlot;
    }
    int byAge = Long.compare(a.meta().createdAtMillis(), b.meta().createdAtMillis());
    return byAge != 0 ? byAge : a.id().compareTo(b.id());
  }

  /** None of a full pass could be placed and all of them know why: the others learn it too. */
  private static void explainRest(
      Snapshot snapshot,
      Table<TaskId, TaskId> waiting,
      List<Task> told,
      Instant now,
      Plan.Builder plan) {
    if (told.isEmpty()) {
      return;
    }
    String why = told.getFirst().status().err();
    for (TaskId id : waiting.keys()) {
      Task task = snapshot.tasks().get(id);
      if (task != null && task.template() == told.getFirst().template()) {
        explain(task, why, now, plan);
      }
    }
  }

  /**
   * What counts for a waiting task: it takes what its own spec says, of which nothing is changed
   * any more; where it may go is what the service says today.
   */
  private static TaskPolicy policyOf(Service service, Task task) {
    TaskPolicy today = service.template().policy();
    return task.template() == service.template()
        ? today
        : task.template().policy().withPlacementOf(today);
  }

  private static void placePreset(
      Snapshot snapshot, Service service, List<Task> tasks, Instant now, Plan.Builder plan) {
    tasks.sort(Scheduler::inOrder);
    Set<NodeId> given = new HashSet<>();
    AddressBook book = new AddressBook(snapshot);
    for (Task task : tasks) {
      if (given.contains(task.node())) {
        plan.more(); // what the node has left is known when the first is placed
        continue;
      }
      Node node = snapshot.nodes().get(task.node());
      if (node == null) {
        continue; // its slot calls it off
      }
      TaskPolicy policy = policyOf(service, task);
      TaskNetworks networks = TaskNetworks.of(snapshot, task.template(), book);
      Filters filters = new Filters(new Needs(service.id(), policy, networks));
      Room room = new Room(node, snapshot.tasksOn(node.id()).load(), service.id());
      if (!filters.admit(node) || !filters.admit(room)) {
        explain(task, filters.explain(List.of(node)), now, plan);
        continue;
      }
      Optional<List<Attachment>> places = networks.attach(node);
      if (places.isEmpty()) {
        explain(task, NO_ADDRESS, now, plan);
        continue;
      }
      given.add(node.id());
      plan.add(assign(task, node, places.get(), room.take(policy)));
      if (networks.placeOneByOne()) {
        plan.more();
        return;
      }
    }
  }

  private static Command assign(Task task, Node node, List<Attachment> places, List<Claim> claims) {
    return new Command.Make(
        new Change.AssignTask(task.id(), node.id(), places, claims), Cause.Plain.FITS);
  }

  /** Tasks of one spec at a time: the next are placed when it is known what these took. */
  private static void placeAnywhere(
      Snapshot snapshot, Service service, List<Task> tasks, Instant now, Plan.Builder plan) {
    tasks.sort(Scheduler::inOrder);
    List<List<Task>> groups = new ArrayList<>();
    Map<TaskTemplate, List<Task>> byTemplate = new IdentityHashMap<>();
    for (Task task : tasks) {
      byTemplate
          .computeIfAbsent(
              task.template(),
              template -> {
                groups.add(new ArrayList<>());
                return groups.getLast();
              })
          .add(task);
    }
    boolean placed = false;
    for (List<Task> alike : groups) {
      if (placed) {
        plan.more();
        return;
      }
      placed = placeAlike(snapshot, service, alike, now, plan);
    }
  }

  private static boolean placeAlike(
      Snapshot snapshot, Service service, List<Task> tasks, Instant now, Plan.Builder plan) {
    TaskNetworks networks =
        TaskNetworks.of(snapshot, tasks.getFirst().template(), new AddressBook(snapshot));
    TaskPolicy policy = policyOf(service, tasks.getFirst());
    Filters filters = new Filters(new Needs(service.id(), policy, networks));
    boolean exhausted = false;
    SpreadTree nodes =
        SpreadTree.of(candidates(snapshot, service, filters, now), policy.spreadLabels());
    int next = 0;
    while (next < tasks.size()) {
      Optional<SpreadTree.Choice> choice = nodes.choose();
      if (choice.isEmpty()) {
        break;
      }
      Candidate candidate = choice.get().candidate();
      Optional<List<Attachment>> places = networks.attach(candidate.node());
      if (places.isEmpty()) {
        exhausted = true;
        break;
      }
      plan.add(assign(tasks.get(next), candidate.node(), places.get(), candidate.take(policy)));
      choice.get().giveBack(filters.admit(candidate.room()));
      next++;
      if (networks.placeOneByOne()) {
        plan.more();
        return true;
      }
    }
    if (next == tasks.size()) {
      return next > 0;
    }
    String why = exhausted ? NO_ADDRESS : filters.explain(snapshot.nodes().values());
    // What could place them wakes them; this only keeps the reason told to people true.
    plan.wakeAt(now.plus(EXPLAIN_AGAIN_AFTER));
    for (Task task : tasks.subList(next, tasks.size())) {
      explain(task, why, now, plan);
    }
    return next > 0;
  }

  private static List<Candidate> candidates(
      Snapshot snapshot, Service service, Filters filters, Instant now) {
    Map<NodeId, Integer> leaving = leaving(snapshot, service.id());
    long specVersion = service.template().specVersion();
    List<Candidate> fit = new ArrayList<>();
    for (NodeTasks tasks : snapshot.tasksOn().values()) {
      Node node = tasks.node();
      if (node == null || !filters.admit(node)) {
        continue;
      }
      Room room = new Room(node, tasks.load(), service.id());
      if (filters.admit(room)) {
        int fewer = leaving.isEmpty() ? 0 : leaving.getOrDefault(node.id(), 0);
        boolean failing = tasks.isFailing(service.id(), specVersion, now);
        fit.add(new Candidate(room, tasks.load().active(), fewer, failing));
      }
    }
    return fit;
  }

  /**
   * How many tasks of an old spec each node has; without this, new ones would pile up elsewhere.
   */
  private static Map<NodeId, Integer> leaving(Snapshot snapshot, ServiceId service) {
    Map<NodeId, Integer> counts = new HashMap<>();
    for (Slot slot : snapshot.tasksOf(service).outdated().keys()) {
      for (Task task : snapshot.tasksIn(service, slot)) {
        if (task.isRunnable()
            && task.occupiesNode()
            && !task.template()
                .runsLike(snapshot.services().find(service).orElseThrow().template())) {
          counts.merge(task.node(), 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  private static void explain(Task task, String why, Instant now, Plan.Builder plan) {
    if (task.status().err().equals(why)) {
      return;
    }
    if (plan.isFull()) {
      plan.more();
    } else {
      plan.add(
          Command.report(
              task.id(),
              TaskStatus.of(TaskState.PENDING, now, task.status().message()).withErr(why),
              Cause.Plain.FITS_NOWHERE));
    }
  }
}
