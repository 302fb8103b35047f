package dev.swarm.cli.node.daemon;

import dev.swarm.core.port.Reason;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Ends a daemon, and hands its exit code from the thread that runs it to the one that asked for the
 * end (the JVM's shutdown). The code is 0 only where everything was closed as it should.
 */
final class DaemonEnd {
  private static final int FAILED = 1;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile int code = FAILED;

  /** Asks for the end, waits for it and returns the exit code. */
  int ask() {
    asked.countDown();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return code;
  }

  /**
   * Waits until somebody asks, then closes {@code daemon}.
   *
   * @param say is told what went wrong, before who asked learns the code
   */
  int awaitAndClose(AutoCloseable daemon, Consumer<String> say) throws InterruptedException {
    try {
      asked.await();
      daemon.close();
      code = 0;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      say.accept("not everything could be closed: " + Reason.of(e));
    } finally {
      over.countDown();
    }
    return code;
  }
}
