package dev.swarm.cli.sim;

import dev.swarm.core.loop.Rules;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mistakes planted on purpose, to see that the laws catch them. */
enum Bug {
  /** Whoever replaces a task leaves the old one wanted. */
  DOUBLE_RUN,
  /** A running task is stored anew, so that its state goes back. */
  STATE_GOES_BACK,
  /** Now and then an agent is not sent one message of its assignments. */
  SKIPPED_ASSIGNMENT,
  /** The scheduler sends all to the first node there is, whatever that has left. */
  CROWDED_NODE,
  /** Nobody is woken when a delay is over. */
  LOST_ALARM,
  /** A manager that crashes forgets the entry it acknowledged last. */
  LOST_WRITE,
  /** A manager whose log has ended is taken for one that runs. */
  DEAD_MANAGER;

  /** The rules of a manager that has this bug. */
  Rules in(Rules sound) {
    return switch (this) {
      case DOUBLE_RUN ->
          changed(
              sound,
              (snapshot, key, plan) ->
                  key instanceof SlotKey
                      ? without(plan, command -> stopsOneThatRuns(snapshot, command))
                      : plan);
      case STATE_GOES_BACK -> changed(sound, Bug::renewing);
      case CROWDED_NODE -> changed(sound, (snapshot, key, plan) -> crowding(snapshot, plan));
      case LOST_ALARM ->
          changed(
              sound, (snapshot, key, plan) -> new Plan(plan.commands(), Instant.MAX, plan.more()));
      case SKIPPED_ASSIGNMENT, LOST_WRITE, DEAD_MANAGER -> sound;
    };
  }

  @FunctionalInterface
  private interface Mistake {
    Plan in(Snapshot snapshot, Key key, Plan sound);
  }

  private static Rules changed(Rules sound, Mistake mistake) {
    return new RulesBetween(sound) {
      @Override
      public Plan reconcile(Snapshot snapshot, Key key, Instant now) {
        return mistake.in(snapshot, key, sound.reconcile(snapshot, key, now));
      }
    };
  }

  private static boolean stopsOneThatRuns(Snapshot snapshot, Command command) {
    return command instanceof Command.Make(Change.AdvanceTask advance, Cause _)
        && advance.desired() == TaskState.SHUTDOWN
        && snapshot.tasks().find(advance.id()).filter(t -> !t.state().isTerminal()).isPresent();
  }

  private static Plan without(Plan plan, java.util.function.Predicate<Command> dropped) {
    return new Plan(
        plan.commands().stream().filter(dropped.negate()).toList(), plan.wakeAt(), plan.more());
  }

  private static Plan renewing(Snapshot snapshot, Key key, Plan sound) {
    if (key instanceof SlotKey(var service, var slot)
        && snapshot.services().contains(service)
        && snapshot.index() % 7 == 0) {
      Optional<Task> running =
          snapshot.tasksIn(service, slot).stream()
              .filter(task -> task.isRunnable() && task.state() == TaskState.RUNNING)
              .findFirst();
      if (running.isPresent()) {
        Task task = running.get();
        return Plan.builder()
            .add(Command.remove(task.id(), Cause.Plain.NONE))
            .add(
                new Command.Make(
                    new Change.CreateTask(
                        task.id(), service, slot, NodeId.NONE, TaskState.RUNNING, false),
                    Cause.Plain.NONE))
            .build();
      }
    }
    return sound;
  }

  private static Plan crowding(Snapshot snapshot, Plan plan) {
    Optional<NodeId> first = snapshot.nodes().keys().stream().sorted().findFirst();
    List<Command> commands = new ArrayList<>();
    for (Command command : plan.commands()) {
      commands.add(
          command instanceof Command.Make(Change.AssignTask assign, Cause cause)
                  && first.isPresent()
              ? new Command.Make(new Change.AssignTask(assign.id(), first.get()), cause)
              : command);
    }
    return new Plan(commands, plan.wakeAt(), plan.more());
  }
}
