package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Attempt;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.RestartDelay;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.placement.Filters;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.spec.Defaults;
import dev.swarm.core.spec.RestartPolicy;
import dev.swarm.core.store.SlotTasks;
import dev.swarm.core.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reconciles one slot of a service: replaces a task that ended, was lost or has to leave, lets a
 * held task start when its time has come, and removes old history.
 */
public final class SlotReconciler {
  /** How long a replacement waits for its predecessor to be reported stopped. */
  static final Duration OLD_TASK_TIMEOUT = Duration.ofMinutes(1);

  private final Snapshot snapshot;
  private final ServiceId serviceId;
  private final Slot slot;
  private final Instant now;
  private final Plan.Builder plan = Plan.builder();

  private SlotReconciler(Snapshot snapshot, ServiceId serviceId, Slot slot, Instant now) {
    this.snapshot = snapshot;
    this.serviceId = serviceId;
    this.slot = slot;
    this.now = now;
  }

  public static Plan reconcile(Snapshot snapshot, ServiceId service, Slot slot, Instant now) {
    return new SlotReconciler(snapshot, service, slot, now).reconcile();
  }

  private Plan reconcile() {
    List<Task> tasks = snapshot.tasksIn(serviceId, slot);
    if (serviceId.isNone()) {
      tasks.stream()
          .filter(this::isLeftBehind)
          .forEach(t -> plan.add(Command.remove(t.id(), Cause.Plain.LEFT_BEHIND)));
      return plan.build();
    }
    Optional<Service> service = snapshot.services().find(serviceId);
    if (service.isEmpty()) {
      tasks.forEach(task -> Retirement.add(snapshot, task, Cause.Plain.SERVICE_REMOVED, plan));
      return plan.build();
    }
    if (tasks.size() == 1 && isSettled(service.get(), tasks.getFirst())) {
      return Plan.NOTHING; // nearly all slots nearly always, and there may be a million
    }
    superviseRunnable(service.get(), tasks);
    if (plan.isEmpty()) {
      startHeld(tasks);
    }
    forgetHistory(service.get(), tasks);
    return plan.build();
  }

  private boolean isSettled(Service service, Task task) {
    return task.isRunnable()
        && task.desired() != TaskState.READY
        && !JobReconciler.isOfEarlierRun(service, task)
        && Fitness.of(snapshot, task, service.template().policy(), now) instanceof Fitness.Fit;
  }

  /**
   * Whether nobody will come to ask for a task of no service to be removed: its node is gone, or
   * one of ours, which only reports that it is over.
   */
  private boolean isLeftBehind(Task task) {
    Node node = snapshot.nodes().get(task.node());
    return node == null
        || task.state() == TaskState.ORPHANED
        || (task.state().isTerminal() && node.carriesOverlaysAlone());
  }

  private void superviseRunnable(Service service, List<Task> tasks) {
    List<Task> runnable = new ArrayList<>();
    for (Task task : tasks) {
      if (JobReconciler.isOfEarlierRun(service, task)) {
        endEarlierRun(task);
      } else if (task.isRunnable()) {
        runnable.add(task);
      }
    }
    List<Task> staying = new ArrayList<>();
    Optional<Task> ended = Optional.empty();
    Optional<Task> left = Optional.empty();
    Cause because = Cause.Plain.NONE;
    for (Task task : runnable) {
      switch (Fitness.of(snapshot, task, service.template().policy(), now)) {
        case Fitness.Fit _ -> staying.add(task);
        case Fitness.Held _ -> {
          staying.add(task);
          plan.wakeAt(MassFailure.heldUntil(snapshot));
        }
        case Fitness.Ended(Cause how) -> {
          plan.add(Command.callOff(task.id(), TaskState.SHUTDOWN, how));
          ended = Optional.of(task);
        }
        case Fitness.Leaves(Cause why) -> {
          plan.add(Command.callOff(task.id(), TaskState.SHUTDOWN, why));
          left = Optional.of(task);
          because = why;
        }
      }
    }
    if (!staying.isEmpty()) {
      return;
    }
    switch (slot) {
      case Slot.Replica ignored -> {
        if (left.isPresent()) {
          replace(service, left.get(), NodeId.NONE, because);
        } else if (ended.isPresent()) {
          restart(service, ended.get(), NodeId.NONE);
        }
      }
      case Slot.OnNode onNode -> superviseNode(service, onNode.node(), tasks, ended);
    }
  }

  /**
   * What a job's earlier run left: its ended tasks are history, the others are stopped and
   * forgotten.
   */
  private void endEarlierRun(Task task) {
    TaskState wanted = task.state().isTerminal() ? TaskState.SHUTDOWN : TaskState.REMOVE;
    if (task.desired().isBefore(wanted)) {
      plan.add(Command.callOff(task.id(), wanted, Cause.Plain.NEW_RUN));
    }
  }

  private void superviseNode(
      Service service, NodeId nodeId, List<Task> tasks, Optional<Task> ended) {
    if (!service.mode().isGlobal() || !isWantedOn(service, nodeId)) {
      return;
    }
    if (ended.isPresent()) {
      restart(service, ended.get(), nodeId);
    } else if (!isFinished(snapshot, service, slot)) {
      if (tasks.isEmpty()) {
        plan.add(
            new Command.Create(
                serviceId, slot, nodeId, service.template().goal(), Cause.Plain.ASKED_FOR));
      } else {
        replace(service, tasks.getLast(), nodeId, Cause.Plain.ASKED_FOR);
      }
    }
  }

  private boolean isWantedOn(Service service, NodeId nodeId) {
    Node node = snapshot.nodes().get(nodeId);
    return node != null
        && !node.isDown()
        && node.isActive()
        && Filters.select(node, service.template().policy());
  }

  private void restart(Service service, Task ended, NodeId node) {
    if (!ended.template().runsLike(service.template())) {
      replace(
          service,
          ended,
          node,
          new Cause.SpecChanged(
              service.specVersion())); // how the old spec ended says nothing of the new one
      return;
    }
    RestartPolicy policy = service.template().policy().restart();
    boolean completed = ended.state() == TaskState.COMPLETE;
    if (!policy.shouldRestart(completed, restarts(service), ended.endedAt())) {
      return;
    }
    int failures = RestartDelay.failuresAfter(ended, now);
    boolean waits = !RestartDelay.isNone(policy, failures);
    boolean failedEarly = ended.state() == TaskState.REJECTED || ended.desired() == TaskState.READY;
    plan.add(
        new Command.Create(
            serviceId,
            slot,
            node,
            waits ? TaskState.READY : service.template().goal(),
            Attempt.after(true, failures, Fitness.end(ended)),
            waits && failedEarly));
  }

  /** Another one at once, in place of one that did not end by itself or runs an old spec. */
  private void replace(Service service, Task old, NodeId node, Cause cause) {
    boolean alike = old.template().runsLike(service.template());
    int failures = alike ? RestartDelay.failuresAfter(old, now) : 0;
    plan.add(
        new Command.Create(
            serviceId,
            slot,
            node,
            service.template().goal(),
            Attempt.after(false, failures, cause),
            false));
  }

  private List<Instant> restarts(Service service) {
    return snapshot.slot(serviceId, slot).restartsOf(service.template().specVersion());
  }

  /** A task held at READY starts once its predecessors have stopped and its delay is over. */
  private void startHeld(List<Task> tasks) {
    for (int i = 0; i < tasks.size(); i++) {
      Task held = tasks.get(i);
      if (!held.isHeld()) {
        continue;
      }
      Instant startAt = now;
      for (Task earlier : tasks.subList(0, i)) {
        if (earlier.isRunnable()) {
          return; // an update in progress stops it first, see Updater
        }
        startAt = later(startAt, freeAt(earlier));
      }
      startAt = later(startAt, RestartDelay.dueAt(held));
      if (startAt.isAfter(now)) {
        plan.wakeAt(startAt);
      } else {
        plan.add(start(held));
      }
    }
  }

  private Command start(Task held) {
    TaskState goal = held.template().goal();
    return held.state() == TaskState.NEW
        ? Command.release(held.id(), goal, now)
        : Command.start(held.id(), goal);
  }

  private Instant freeAt(Task stopping) {
    Node node = snapshot.nodes().get(stopping.node());
    if (!stopping.occupiesNode() || node == null || node.isDown()) {
      return now;
    }
    return stopping.meta().updatedAt().plus(OLD_TASK_TIMEOUT);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private void forgetHistory(Service service, List<Task> tasks) {
    tasks.stream()
        .filter(SlotReconciler::isNothing)
        .forEach(
            task -> {
              Cause why =
                  task.desired() == TaskState.REMOVE ? Cause.Plain.LET_GO : Cause.Plain.CALLED_OFF;
              Retirement.add(snapshot, task, why, plan);
            });
    long limit = historyLimit(snapshot.cluster());
    long surplus = limit < 0 ? 0 : tasks.size() - Math.max(limit, 0);
    Optional<Task> evidence = evidence(service, tasks);
    Optional<Task> word = lastWord(service, tasks);
    // The newest task stays whatever the limit: if it ended for good, it is what says so.
    for (Task task : tasks.subList(0, Math.max(0, tasks.size() - 1))) {
      if (surplus <= 0) {
        return;
      }
      if (evidence.filter(kept -> kept == task).isPresent()
          || word.filter(kept -> kept == task).isPresent()) {
        continue;
      }
      if (task.isDead() && !isNothing(task)) {
        plan.add(Command.remove(task.id(), new Cause.HistoryFull(limit)));
        surplus--;
      }
    }
  }

  /** Whether it is to be forgotten, or was called off before its node was told of it. */
  private static boolean isNothing(Task task) {
    return task.desired() == TaskState.REMOVE
        || (!task.isRunnable() && task.state().isBefore(TaskState.ASSIGNED));
  }

  /** The newest failure of an update: while that goes on, what it counts its failures by. */
  private static Optional<Task> evidence(Service service, List<Task> tasks) {
    boolean updating = service.isUpdating();
    return tasks.stream()
        .filter(task -> updating)
        .filter(task -> Updater.failed(service, task))
        .reduce((older, newer) -> newer);
  }

  /** How many tasks a slot keeps; every task, if less than 0. */
  static long historyLimit(Optional<Cluster> cluster) {
    return cluster
        .filter(found -> found.object().getSpec().hasOrchestration())
        .map(c -> c.object().getSpec().getOrchestration().getTaskHistoryRetentionLimit())
        .orElse((long) Defaults.TASK_HISTORY_LIMIT);
  }

  /**
   * The task whose end counts for the slot: its newest, if that runs the service's spec. Where an
   * update was taken back it is the old task that outlived it.
   */
  private static Optional<Task> lastWord(Service service, List<Task> tasks) {
    for (Task task : tasks.reversed()) {
      boolean newest = task == tasks.getLast();
      if (task.template().runsLike(service.template())
          && (newest || task.meta().version() >= service.specVersion())) {
        return Optional.of(task);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the slot's last task ended for good: its policy asked for no other when it ended. What
   * leaves the window later does not change that, or it would depend on who looks when.
   */
  static boolean isFinished(Snapshot snapshot, Service service, Slot slot) {
    Optional<Task> word = lastWord(service, snapshot.tasksIn(service.id(), slot));
    if (word.isEmpty()) {
      return false;
    }
    Task last = word.get();
    boolean byItself =
        switch (last.state()) {
          case COMPLETE, FAILED, REJECTED -> last.desired() != TaskState.REMOVE;
          default -> false;
        };
    SlotTasks slotTasks = snapshot.slot(service.id(), slot);
    return byItself
        && !service
            .template()
            .policy()
            .restart()
            .shouldRestart(
                last.state() == TaskState.COMPLETE,
                slotTasks.restartsOf(service.template().specVersion()),
                last.endedAt());
  }
}
