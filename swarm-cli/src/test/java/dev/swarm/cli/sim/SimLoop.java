package dev.swarm.cli.sim;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A thread of a simulated process: runs its tasks in order, a little later than asked, and not at
 * all once the process is dead. It may stand still for a while, as a thread of a busy machine does.
 */
final class SimLoop implements EventLoop {
  private static final long JITTER_NANOS_MAX = 200_000;

  private final World world;
  private final Chance chance;
  private long lastNanos;
  private final Deque<Runnable> held = new ArrayDeque<>(); // until it stands still no longer
  private long stalledUntilNanos;
  private boolean dead;

  SimLoop(World world, Chance chance) {
    this.world = world;
    this.chance = chance;
  }

  @Override
  public void execute(Runnable task) {
    long now = world.time().nanoTime();
    lastNanos = Math.max(lastNanos, now + chance.below(JITTER_NANOS_MAX));
    world.time().at(lastNanos, () -> run(task));
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    if (delay.isZero() || delay.isNegative()) {
      boolean[] cancelled = new boolean[1];
      execute(
          () -> {
            if (!cancelled[0]) {
              task.run();
            }
          });
      return () -> cancelled[0] = true;
    }
    boolean[] cancelled = new boolean[1];
    world
        .time()
        .after(
            delay,
            () ->
                run(
                    () -> {
                      if (!cancelled[0]) {
                        task.run();
                      }
                    }));
    return () -> cancelled[0] = true;
  }

  private void run(Runnable task) {
    if (stalledUntilNanos > world.time().nanoTime()) {
      if (held.isEmpty()) {
        world.time().at(stalledUntilNanos, this::goOn);
      }
      held.add(task);
      return;
    }
    // What waits has come before, even if the stall ends at this very moment.
    runHeld();
    runNow(task);
  }

  private void goOn() {
    if (stalledUntilNanos > world.time().nanoTime()) {
      world.time().at(stalledUntilNanos, this::goOn); // held up again meanwhile
      return;
    }
    runHeld();
  }

  private void runHeld() {
    while (!held.isEmpty()) {
      runNow(held.remove());
    }
  }

  private void runNow(Runnable task) {
    if (dead) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException | Error fault) {
      world.fault(fault);
    }
  }

  void stall(Duration length) {
    stalledUntilNanos = world.time().nanoTime() + length.toNanos();
  }

  void kill() {
    dead = true;
  }
}
