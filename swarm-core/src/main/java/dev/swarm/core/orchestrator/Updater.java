package dev.swarm.core.orchestrator;

import dev.swarm.core.allocator.VirtualIps;
import dev.swarm.core.model.Attempt;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.RestartDelay;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.spec.RestartPolicy;
import dev.swarm.core.spec.UpdatePolicy;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.ServiceTasks;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.UpdateConfig.FailureAction;
import docker.swarmkit.v1.UpdateStatus;
import docker.swarmkit.v1.UpdateStatus.UpdateState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rolls a service from old tasks to new ones, a few slots at a time. The progress follows from the
 * tasks themselves, so that another manager can go on where this one stopped.
 */
final class Updater {
  private final Snapshot snapshot;
  private final Service service;
  private final UpdatePolicy policy;
  private final Instant now;
  private final Plan.Builder plan;
  private final Cause cause;

  private Updater(Snapshot snapshot, Service service, Instant now, Plan.Builder plan) {
    this.snapshot = snapshot;
    this.service = service;
    this.now = now;
    this.plan = plan;
    cause =
        isRollback(service)
            ? new Cause.RolledBack(service.specVersion())
            : new Cause.SpecChanged(service.specVersion());
    policy =
        isRollback(service)
            ? UpdatePolicy.parse(service.spec().hasRollback(), service.spec().getRollback())
            : UpdatePolicy.parse(service.spec().hasUpdate(), service.spec().getUpdate());
  }

  private static UpdateState stateOf(Service service) {
    return service.updateStatus().map(UpdateStatus::getState).orElse(UpdateState.UNKNOWN);
  }

  private static boolean isRollback(Service service) {
    return switch (stateOf(service)) {
      case ROLLBACK_STARTED, ROLLBACK_PAUSED, ROLLBACK_COMPLETED -> true;
      default -> false;
    };
  }

  /** Adds what the update of {@code service} needs next. */
  static void advance(Snapshot snapshot, Service service, Instant now, Plan.Builder plan) {
    ServiceTasks tasks = snapshot.tasksOf(service.id());
    switch (stateOf(service)) {
      case PAUSED, ROLLBACK_PAUSED -> {}
      case UPDATING, ROLLBACK_STARTED -> new Updater(snapshot, service, now, plan).proceed(tasks);
      case UNKNOWN, COMPLETED, ROLLBACK_COMPLETED, UNRECOGNIZED -> {
        if (!tasks.outdated().isEmpty()) {
          new Updater(snapshot, service, now, plan).begin();
        }
      }
    }
  }

  private void begin() {
    put(UpdateState.UPDATING, "update in progress", Optional.of(now));
  }

  private void put(UpdateState state, String message, Optional<Instant> startedAt) {
    UpdateStatus.Builder status =
        service.updateStatus().orElse(UpdateStatus.getDefaultInstance()).toBuilder();
    status.setState(state).setMessage(message);
    startedAt.ifPresent(at -> status.setStartedAt(Durations.toWire(at)).clearCompletedAt());
    if (state == UpdateState.COMPLETED || state == UpdateState.ROLLBACK_COMPLETED) {
      status.setCompletedAt(Durations.toWire(now));
    }
    plan.add(
        new Command.Make(
            new Change.PutService(service.withUpdateStatus(status.build())),
            Cause.Plain.UPDATE_GOES_ON));
  }

  private void proceed(ServiceTasks tasks) {
    List<Slot> waiting = new ArrayList<>();
    List<Slot> again = new ArrayList<>();
    int busy = 0;
    int failed = 0;
    boolean settled = true;
    Optional<String> lastFailure = Optional.empty();
    for (Slot slot : tasks.slots().keys().stream().sorted().toList()) {
      Progress progress = progressOf(slot);
      plan.wakeAt(progress.wakeAt());
      stopOld(progress);
      if (progress.failure().isPresent()) {
        failed++;
        lastFailure = progress.failure();
      }
      settled &= progress.settled();
      if (progress.busy()) {
        busy++;
      } else if (progress.outdated()) {
        (progress.failure().isPresent() ? again : waiting).add(slot);
      }
    }
    // Every slot has its turn before one that failed is tried again: that is how a failure of most
    // tells itself from a failure of one.
    waiting.addAll(again);
    int total = Math.max(1, tasks.slots().size());
    if (failed > policy.maxFailureRatio() * total
        && policy.failureAction() != FailureAction.CONTINUE) {
      fail(lastFailure.orElse(""));
      return;
    }
    if (waiting.isEmpty() && busy == 0 && settled) {
      boolean rollback = isRollback(service);
      put(
          rollback ? UpdateState.ROLLBACK_COMPLETED : UpdateState.COMPLETED,
          rollback ? "rollback completed" : "update completed",
          Optional.empty());
      return;
    }
    int room = policy.parallelism() == 0 ? waiting.size() : policy.parallelism() - busy;
    for (Slot slot : waiting.subList(0, Math.clamp(room, 0, waiting.size()))) {
      if (plan.isFull()) {
        plan.more();
        return;
      }
      replace(slot);
    }
  }

  private void fail(String cause) {
    if (policy.failureAction() == FailureAction.ROLLBACK
        && !isRollback(service)
        && service.previous().isPresent()) {
      rollBack(cause);
      return;
    }
    boolean rollback = isRollback(service);
    put(
        rollback ? UpdateState.ROLLBACK_PAUSED : UpdateState.PAUSED,
        (rollback ? "rollback" : "update")
            + " paused due to failure or early termination of task "
            + cause,
        Optional.empty());
  }

  private void rollBack(String cause) {
    Service back =
        service.withSpec(
            service.previous().orElseThrow(),
            VirtualIps.assign(
                snapshot,
                service.previous().orElseThrow(),
                Endpoints.under(
                    service.endpoint(), service.previous().orElseThrow().getEndpoint())),
            snapshot.index() + 1,
            Optional.empty());
    UpdateStatus status =
        UpdateStatus.newBuilder()
            .setState(UpdateState.ROLLBACK_STARTED)
            .setMessage("update rolled back due to failure or early termination of task " + cause)
            .setStartedAt(Durations.toWire(now))
            .build();
    plan.add(
        new Command.Make(
            new Change.PutService(back.withUpdateStatus(status)), Cause.Plain.UPDATE_GOES_ON));
  }

  /**
   * How far one slot is.
   *
   * @param old its old tasks that are wanted still
   * @param made its new task that is wanted, if there is one
   * @param busy it is being replaced, or was so recently that the delay is not over
   * @param settled its new task has run for the time it is monitored
   * @param failure the new task that failed while it was monitored
   * @param wakeAt when that changes though nothing is reported
   */
  private record Progress(
      List<Task> old,
      Optional<Task> made,
      boolean busy,
      boolean settled,
      Optional<String> failure,
      Instant wakeAt) {
    /** It has an old task and no new one yet. */
    boolean outdated() {
      return !old.isEmpty() && made.isEmpty();
    }
  }

  private Progress progressOf(Slot slot) {
    List<Task> outdated = new ArrayList<>();
    Optional<Task> made = Optional.empty();
    Optional<String> failure = Optional.empty();
    Instant failedAt = Instant.MIN;
    boolean isFresh = false;
    for (Task task : snapshot.tasksIn(service.id(), slot)) {
      boolean current = service.template().runsLike(task.template());
      if (current && failedUnderWatch(task)) {
        failure = Optional.of(task.id().value());
        failedAt = task.endedAt();
      }
      if (!task.isRunnable() || (current && task.state().isTerminal())) {
        continue; // a new task that ended takes nobody's place
      }
      if (current) {
        made = Optional.of(task);
        isFresh = !task.meta().createdAt().isBefore(startedAt());
      } else {
        outdated.add(task);
      }
    }
    Optional<Task> fresh = made;
    Instant next = failure.isPresent() ? failedAt.plus(policy.delay()) : Instant.MIN;
    if (made.isEmpty()) {
      return until(next, new Progress(outdated, fresh, false, true, failure, Instant.MAX));
    }
    Task task = made.get();
    if (!outdated.isEmpty()) {
      return new Progress(outdated, fresh, true, false, failure, Instant.MAX);
    }
    if (!isFresh) { // it ran the wanted spec before this update
      return new Progress(outdated, fresh, false, true, failure, Instant.MAX);
    }
    if (task.attempt().restart()) {
      // It runs after one of this update's that has had its verdict.
      return until(next, new Progress(outdated, fresh, false, true, failure, Instant.MAX));
    }
    if (task.state() != TaskState.RUNNING) {
      return new Progress(outdated, fresh, true, false, failure, Instant.MAX);
    }
    Instant running = task.runningSince();
    Instant watched = running.plus(policy.monitor());
    boolean settled = !watched.isAfter(now);
    return until(
        running.plus(policy.delay()),
        new Progress(outdated, fresh, false, settled, failure, settled ? Instant.MAX : watched));
  }

  /** The slot is busy for as long as its delay lasts. */
  private Progress until(Instant delayed, Progress then) {
    if (!delayed.isAfter(now)) {
      return then;
    }
    Instant wakeAt = delayed.isBefore(then.wakeAt()) ? delayed : then.wakeAt();
    return new Progress(then.old(), then.made(), true, then.settled(), then.failure(), wakeAt);
  }

  private Instant startedAt() {
    return service
        .updateStatus()
        .map(status -> Durations.toJava(status.getStartedAt()).minusMillis(1))
        .orElse(Instant.MAX);
  }

  // It is watched from when it runs; before that any end is a failure.
  private boolean failedUnderWatch(Task task) {
    return failed(service, task)
        && !task.meta().createdAt().isBefore(startedAt())
        && (!task.attempt().hasRun() || task.attempt().ranFor().compareTo(policy.monitor()) < 0);
  }

  /**
   * Whether a task that an update made ended otherwise than it should. What is to go on running
   * should not end at all; where the policy asks for no other after a success, that was the end.
   */
  static boolean failed(Service service, Task task) {
    if (task.attempt().restart() || !service.template().runsLike(task.template())) {
      return false;
    }
    return switch (task.state()) {
      case FAILED, REJECTED -> true;
      case COMPLETE ->
          service.template().policy().restart().condition() == RestartPolicy.Condition.ANY;
      case NEW, PENDING, ASSIGNED, ACCEPTED, PREPARING, READY, STARTING, RUNNING -> false;
      case SHUTDOWN, REMOVE, ORPHANED -> false;
    };
  }

  private void replace(Slot slot) {
    List<Task> tasks = snapshot.tasksIn(service.id(), slot);
    Task last = tasks.getLast();
    boolean failedBefore =
        last.state().isTerminal() && service.template().runsLike(last.template());
    Instant again = failedBefore ? RestartDelay.againAt(last, now) : now;
    if (again.isAfter(now)) {
      plan.wakeAt(again);
      return; // a new task that fails at once is not tried again at once
    }
    List<Task> old = tasks.stream().filter(Task::isRunnable).toList();
    var node =
        slot instanceof Slot.OnNode onNode ? onNode.node() : dev.swarm.core.model.NodeId.NONE;
    boolean nothingToStop =
        old.stream().allMatch(task -> task.state().isBefore(TaskState.ASSIGNED));
    if (nothingToStop) {
      plan.add(Command.callOff(serving(old).id(), TaskState.SHUTDOWN, cause));
    }
    plan.add(
        new Command.Create(
            service.id(),
            slot,
            node,
            policy.startFirst() || nothingToStop ? TaskState.RUNNING : TaskState.READY,
            Attempt.after(false, failedBefore ? RestartDelay.failuresAfter(last, now) : 0, cause),
            false));
  }

  /**
   * Old tasks that are in the way: what an interrupted update left beside the one that does the
   * slot's work, and that one too when the new one can take its place.
   */
  private void stopOld(Progress progress) {
    List<Task> old = progress.old();
    if (old.isEmpty()) {
      return;
    }
    Task serving = serving(old);
    old.stream()
        .filter(task -> task != serving)
        .forEach(
            task ->
                plan.add(Command.callOff(task.id(), TaskState.SHUTDOWN, Cause.Plain.SUPERSEDED)));
    progress.made().ifPresent(made -> handOver(serving, made));
  }

  /** Of the tasks an interrupted update left in a slot, the one that does the slot's work. */
  private static Task serving(List<Task> old) {
    return old.stream()
        .filter(task -> task.state() == TaskState.RUNNING)
        .reduce((older, newer) -> newer)
        .orElseGet(old::getFirst);
  }

  /**
   * Stops the old task when the new one is ready to take its place. With start-first that is when
   * it runs. Otherwise it is when it is prepared (its image is there), or when it cannot be placed
   * while the old one holds its room.
   */
  private void handOver(Task old, Task made) {
    // One that is held was made while the policy was to stop first, and starts only after that.
    boolean startsFirst = policy.startFirst() && made.desired() == TaskState.RUNNING;
    boolean ready =
        startsFirst ? made.state() == TaskState.RUNNING : !made.state().isBefore(TaskState.READY);
    boolean stuck = made.state() == TaskState.PENDING && !made.status().err().isEmpty();
    if ((ready || (stuck && !startsFirst)) && old.isRunnable()) {
      plan.add(Command.callOff(old.id(), TaskState.SHUTDOWN, cause));
    }
  }
}
