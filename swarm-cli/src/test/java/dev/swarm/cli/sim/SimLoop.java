package dev.swarm.cli.sim;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;

/**
 * A thread of a simulated process: runs its tasks in order, a little later than asked, and not at
 * all once the process is dead. It may stand still for a while, as a thread of a busy machine does.
 */
final class SimLoop implements EventLoop {
  private static final long JITTER_NANOS_MAX = 200_000;

  private final World world;
  private final Chance chance;
  private long lastNanos;
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
    if (dead) {
      return;
    }
    if (stalledUntilNanos > world.time().nanoTime()) {
      world.time().at(stalledUntilNanos, () -> run(task));
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
