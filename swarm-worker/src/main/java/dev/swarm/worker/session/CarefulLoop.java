package dev.swarm.worker.session;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Wraps the worker's event loop: the agent recovers from what a task of it throws. A heartbeat or a
 * retry that threw would otherwise be the last one, and the node silent for good.
 */
final class CarefulLoop implements EventLoop {
  private final EventLoop loop;
  private final Consumer<RuntimeException> faults;

  /**
   * @param faults is told, on the loop, what a task threw
   */
  CarefulLoop(EventLoop loop, Consumer<RuntimeException> faults) {
    this.loop = loop;
    this.faults = faults;
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(() -> run(task));
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    return loop.schedule(delay, () -> run(task));
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException fault) {
      faults.accept(fault);
    }
  }
}
