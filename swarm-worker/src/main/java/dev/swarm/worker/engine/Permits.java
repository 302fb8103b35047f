package dev.swarm.worker.engine;

import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;

/**
 * The subscription of a subscriber whose messages one blocking reader delivers: the reader takes a
 * permit for each message and waits while none was requested.
 */
public final class Permits implements Flow.Subscription {
  private static final int PERMITS_MAX = 1 << 20;
  private final Semaphore requested = new Semaphore(0);
  private final Runnable onCancel;
  private volatile boolean cancelled;

  /**
   * @param onCancel makes a reader that waits for its source give up
   */
  public Permits(Runnable onCancel) {
    this.onCancel = onCancel;
  }

  @Override
  public void request(long n) {
    if (requested.availablePermits() < PERMITS_MAX) {
      requested.release((int) Math.min(n, PERMITS_MAX));
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    requested.release();
    onCancel.run();
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /** Waits until one more message is wanted. Returns false once nothing is wanted any more. */
  public boolean take() throws InterruptedException {
    requested.acquire();
    return !cancelled;
  }
}
