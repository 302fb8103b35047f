package dev.swarm.worker.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.sim.VirtualTime;
import dev.swarm.worker.assignment.AssignmentSet;
import dev.swarm.worker.assignment.TaskChanges;
import dev.swarm.worker.scripted.FaultyDisk;
import dev.swarm.worker.scripted.ScriptedEngine;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.TaskStatus;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple3;

/** Whatever happens to tasks: statuses never go back, and at the end the wishes are met. */
final class TaskSetProperties {
  enum Act {
    READY,
    RUN,
    SHUTDOWN,
    REMOVE,
    EXIT_0,
    EXIT_1,
    ENGINE_AWAY,
    ENGINE_BACK,
    PREPARE_FAILS,
    DISK_FULL,
    CRASH
  }

  @Provide
  Arbitrary<List<Tuple3<Act, Integer, Integer>>> stories() {
    return Combinators.combine(
            Arbitraries.of(Act.values()),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 200))
        .as((act, task, millis) -> Tuple.of(act, task, millis))
        .list()
        .ofMaxSize(25);
  }

  @Property(tries = 400)
  void statusesNeverGoBackAndWishesAreMet(
      @ForAll("stories") List<Tuple3<Act, Integer, Integer>> story) throws IOException {
    World world = new World();
    for (Tuple3<Act, Integer, Integer> step : story) {
      world.act(step.get1(), "t" + step.get2());
      world.loop.passMillis(step.get3());
    }
    world.heal();
    world.loop.passMillis(120_000);
    world.check();
    int calls = world.engine.calls;
    world.loop.passMillis(60_000);
    assertEquals(calls, world.engine.calls, "a node at rest leaves its engine alone");
  }

  private static final class World implements TaskSet.Listener {
    private final VirtualTime loop = new VirtualTime();
    private final ScriptedEngine engine = new ScriptedEngine(loop);
    private final FaultyDisk disk = new FaultyDisk();
    private final TreeMap<String, TaskState> wishes = new TreeMap<>();
    private final TreeMap<String, TaskState> seen = new TreeMap<>();
    private boolean everFull;
    private TaskSet tasks = open();

    private TaskSet open() {
      return new TaskSet(engine, disk, loop, loop, () -> AssignmentSet.EMPTY, this);
    }

    @Override
    public void status(Task task, TaskStatus status) {
      TaskState before = seen.getOrDefault(task.getId(), TaskState.NEW);
      assertTrue(
          status.getState().getNumber() >= before.getNumber(),
          () -> task.getId() + " went from " + before + " to " + status.getState());
      seen.put(task.getId(), status.getState());
    }

    @Override
    public void gone(String taskId) {}

    void act(Act act, String id) throws IOException {
      switch (act) {
        case READY -> wish(id, TaskState.READY);
        case RUN -> wish(id, TaskState.RUNNING);
        case SHUTDOWN -> wish(id, TaskState.SHUTDOWN);
        case REMOVE -> {
          wishes.put(id, TaskState.REMOVE);
          tasks.apply(new TaskChanges(List.of(), List.of(), List.of(id)));
        }
        case EXIT_0 -> engine.exit(id, 0);
        case EXIT_1 -> engine.exit(id, 1);
        case ENGINE_AWAY -> engine.stopFails = true;
        case ENGINE_BACK -> engine.stopFails = false;
        case PREPARE_FAILS -> engine.prepareFails = engine.prepareFails.isEmpty() ? "no image" : "";
        case DISK_FULL -> {
          disk.broken = !disk.broken;
          everFull = true;
        }
        case CRASH -> crash();
      }
    }

    /** A task id is used once; a wish only ever grows. */
    private void wish(String id, TaskState state) {
      TaskState old = wishes.getOrDefault(id, TaskState.NEW);
      if (old.getNumber() >= state.getNumber()) {
        return;
      }
      wishes.put(id, state);
      tasks.apply(new TaskChanges(List.of(task(id, state)), List.of(), List.of()));
    }

    private void crash() throws IOException {
      if (disk.broken) {
        return;
      }
      disk.broken = true;
      tasks.close();
      disk.broken = false;
      if (everFull) {
        // What is reported while the disk is full is not on it.
        seen.clear();
      }
      tasks = open();
      tasks.restore();
      assign();
    }

    /** What a session begins with. */
    private void assign() {
      AssignmentSet known = AssignmentSet.remembered(tasks.tasks());
      TreeMap<String, Task> wanted = new TreeMap<>();
      wishes.forEach(
          (id, state) -> {
            if (state != TaskState.REMOVE) {
              wanted.put(id, task(id, state));
            }
          });
      List<String> removed =
          known.tasks().keySet().stream().filter(id -> !wanted.containsKey(id)).toList();
      tasks.apply(new TaskChanges(List.copyOf(wanted.values()), List.of(), removed));
    }

    void heal() {
      engine.stopFails = false;
      engine.prepareFails = "";
      disk.broken = false;
    }

    void check() {
      wishes.forEach(this::check);
      assertEquals(
          wishes.values().stream().filter(state -> state != TaskState.REMOVE).count(), disk.size());
    }

    private void check(String id, TaskState wish) {
      boolean running = engine.isRunning(id);
      TaskState state = seen.getOrDefault(id, TaskState.NEW);
      switch (wish) {
        case READY -> assertTrue(state == TaskState.READY || Step.ended(state), state::name);
        case RUNNING -> {
          assertTrue(state == TaskState.RUNNING || Step.ended(state), state::name);
          assertEquals(state == TaskState.RUNNING, running);
        }
        case SHUTDOWN -> {
          assertTrue(Step.ended(state), state::name);
          assertTrue(!running);
        }
        default -> assertTrue(!engine.boxes.containsKey(id));
      }
    }

    private static Task task(String id, TaskState desired) {
      return Task.newBuilder()
          .setId(id)
          .setDesiredState(desired)
          .setStatus(TaskStatus.newBuilder().setState(TaskState.ASSIGNED))
          .build();
    }
  }
}
