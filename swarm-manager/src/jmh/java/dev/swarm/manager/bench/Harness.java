package dev.swarm.manager.bench;

import dev.swarm.core.loop.Controllers;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.host.SystemClock;
import dev.swarm.host.ThreadEventLoop;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.loop.ControlLoop;
import dev.swarm.manager.raft.MemoryLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** The production control loop on a log in memory. */
final class Harness implements AutoCloseable {
  private final AtomicReference<Throwable> fault = new AtomicReference<>();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final ThreadEventLoop events =
      new ThreadEventLoop(
          "bench",
          thrown -> {
            fault.set(thrown);
            reached.countDown();
          });
  private final MemoryLog log = new MemoryLog(new Peer("bench", "localhost:2377"), Runnable::run);
  private final Predicate<Snapshot> goal;
  final ControlLoop control;

  /**
   * @param image the state to begin with
   */
  Harness(byte[] image, Predicate<Snapshot> goal) {
    this.goal = goal;
    control =
        new ControlLoop(
            log, events, new SystemClock(), new RandomIds(new SecureRandom()), Controllers.ALL);
    control.listen(
        new CommitListener() {
          @Override
          public void committed(Snapshot snapshot, List<Delta> deltas) {
            if (goal.test(snapshot)) {
              reached.countDown();
            }
          }
        });
    try {
      control.stateMachine().restore(new ByteArrayInputStream(image));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Leads, and returns once the goal is reached. */
  Snapshot run() throws InterruptedException {
    log.start(control.stateMachine());
    return await();
  }

  Snapshot await() throws InterruptedException {
    reached.await();
    if (fault.get() != null) {
      throw new IllegalStateException(fault.get());
    }
    return control.snapshot();
  }

  @Override
  public void close() {
    events.close();
    log.close();
  }
}
