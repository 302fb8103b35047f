package dev.swarm.manager.raft;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The one thread that calls the state machine, in the order it was asked. Entries wait in it up to
 * a number of bytes; a thread that brings more is made to wait.
 */
final class ApplyLoop implements AutoCloseable {
  private static final int WAITING_KIB_MAX = 16 << 10;

  /** What runs on the loop; only {@link #call} hands its failure to somebody. */
  interface Task {
    void run() throws IOException;
  }

  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(WAITING_KIB_MAX);
  private final Thread thread;
  private final Consumer<Throwable> faults;
  private volatile boolean stopping;

  /**
   * @param faults told what a task threw; the loop itself goes on
   */
  ApplyLoop(String peerId, Consumer<Throwable> faults) {
    this.faults = faults;
    thread = Thread.ofPlatform().name("raft-apply-" + peerId).daemon().unstarted(this::loop);
    thread.start();
  }

  /** Runs {@code task} after all before it. Never waits; for what is rare. */
  void execute(Runnable task) {
    queue.add(task);
  }

  /** Runs {@code task} after all before it; waits while too many bytes wait already. */
  void submit(int bytes, Runnable task) {
    int kib = Math.min(WAITING_KIB_MAX, 1 + bytes / 1024);
    // An interrupt must not make an entry disappear; and the loop always comes round to it.
    room.acquireUninterruptibly(kib);
    queue.add(
        () -> {
          try {
            task.run();
          } finally {
            room.release(kib);
          }
        });
  }

  /** Runs {@code task} after all before it, and waits for it. */
  void call(Task task) throws IOException {
    var done = new CompletableFuture<Void>();
    execute(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (IOException | RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the state machine was at work");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }

  /** Runs what was asked before, then ends. Waits for it unless called from the loop itself. */
  @Override
  public void close() {
    queue.add(() -> stopping = true);
    if (Thread.currentThread() == thread) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    while (!stopping) {
      try {
        queue.take().run();
      } catch (InterruptedException e) {
        // Nobody interrupts this thread but a state machine gone wrong; the queue decides.
      } catch (RuntimeException | Error e) {
        faults.accept(e);
      }
    }
  }
}
