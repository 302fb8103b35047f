package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/**
 * Whatever ends, fails or is wished, and whenever: in the end it runs exactly where it is wanted.
 */
class SupervisedProperties {
  enum Event {
    WANTED,
    UNWANTED,
    /** The one that runs is told to go, and the one who knows says so a while later. */
    TOLD_TO_GO,
    FAILS,
    NEXT_START_FAILS,
    NEXT_START_THROWS,
    /** The events that follow fall into the next start, stop or clearing. */
    DURING_NEXT_STEP,
    STEP,
    TIME
  }

  @Property
  void itRunsWhereItIsWanted(@ForAll @Size(max = 40) List<Event> events) {
    World world = new World(events);
    while (!world.events.isEmpty()) {
      world.happen(world.events.remove());
    }
    world.settle();
    assertEquals(world.wanted, world.supervised.get().isPresent());
    assertEquals(world.wanted ? 1 : 0, world.alive.size());
    assertEquals("", world.supervised.problem());
    assertTrue(world.wanted || !world.remains, "what it left is cleared");
    world.supervised.close();
    assertEquals(List.of(), world.alive);
    world.settle();
    assertEquals(List.of(), world.alive);
  }

  /** One that runs, as long as nobody ends it. */
  private static final class One {
    final CompletableFuture<Void> ended = new CompletableFuture<>();
  }

  private static final class World implements Supervised.Life<One>, EventLoop {
    private static final int STEPS_MAX = 1000;

    final Deque<Event> events;
    final Deque<Runnable> tasks = new ArrayDeque<>();
    final Deque<Runnable> timers = new ArrayDeque<>();
    final List<One> alive = new ArrayList<>();
    final Supervised<One> supervised = new Supervised<>(this, this, tasks::add);
    boolean wanted;
    boolean remains;
    private boolean nextFails;
    private boolean nextThrows;
    private boolean within;

    World(List<Event> events) {
      this.events = new ArrayDeque<>(events);
    }

    void happen(Event event) {
      switch (event) {
        case WANTED -> wish(true);
        case UNWANTED -> wish(false);
        case TOLD_TO_GO -> supervised.get().ifPresent(one -> one.ended.complete(null));
        case FAILS ->
            supervised
                .get()
                .ifPresent(one -> one.ended.completeExceptionally(new IOException("fault")));
        case NEXT_START_FAILS -> nextFails = true;
        case NEXT_START_THROWS -> nextThrows = true;
        case DURING_NEXT_STEP -> within = true;
        case STEP -> step(tasks);
        case TIME -> step(timers);
      }
    }

    private void wish(boolean wish) {
      wanted = wish;
      supervised.follow();
    }

    private void duringAStep() {
      if (within) {
        within = false;
        for (int i = 0; i < 3 && !events.isEmpty(); i++) {
          Event next = events.remove();
          if (next != Event.STEP) {
            happen(next);
          }
        }
      }
    }

    private static void step(Deque<Runnable> from) {
      if (!from.isEmpty()) {
        from.remove().run();
      }
    }

    void settle() {
      within = false;
      for (int steps = 0; !tasks.isEmpty() || !timers.isEmpty(); steps++) {
        assertTrue(steps < STEPS_MAX, "it comes to rest");
        step(tasks);
        step(timers);
      }
    }

    @Override
    public boolean isWanted() {
      return wanted;
    }

    @Override
    public One start(boolean again) throws IOException {
      assertEquals(List.of(), alive, "the one before is over");
      remains = true;
      duringAStep();
      if (Thread.currentThread().isInterrupted() || nextFails) {
        nextFails = false;
        throw new IOException("it does not start");
      }
      if (nextThrows) {
        nextThrows = false;
        throw new IllegalStateException("a mistake of the one that starts");
      }
      One one = new One();
      alive.add(one);
      return one;
    }

    @Override
    public CompletionStage<Void> ended(One running) {
      return running.ended;
    }

    @Override
    public void stop(One running) {
      duringAStep();
      assertTrue(alive.remove(running), "it is stopped once");
      running.ended.complete(null);
    }

    @Override
    public void clear() {
      assertEquals(List.of(), alive, "nothing runs on what is cleared");
      assertFalse(supervised.get().isPresent());
      duringAStep();
      remains = false;
    }

    @Override
    public void told() {
      timers.add(supervised::follow);
    }

    @Override
    public void changed() {}

    @Override
    public void failed(String why, Duration pause) {}

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      timers.add(task);
      return () -> timers.remove(task);
    }
  }
}
