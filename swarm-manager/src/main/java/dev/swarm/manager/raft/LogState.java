package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.Leadership;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** State of one log as its users see it: who leads, whether it failed, whether it has ended. */
final class LogState implements ReplicaMachine.Listener {
  static final Leadership NOBODY = new Leadership("", 0, false);

  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile Leadership announced = NOBODY;
  private volatile boolean expected;

  /** The first thing that made the log stop. */
  CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Ends as the log does. */
  CompletableFuture<Void> end() {
    return ended;
  }

  /** What the state machine was last told. */
  Leadership announced() {
    return announced;
  }

  /** The log is being closed, or another manager says that this one was removed. */
  void expectEnd() {
    expected = true;
  }

  @Override
  public void failed(Throwable cause) {
    announced = NOBODY;
    failure.complete(cause);
  }

  @Override
  public boolean stopped() {
    return failure.isDone();
  }

  @Override
  public void ended(boolean votes) {
    announced = NOBODY;
    if (votes && !expected) {
      failed(new IOException("the Raft library gave up; it has logged why"));
    }
    if (failure.isDone()) {
      ended.completeExceptionally(failure.join());
    } else {
      ended.complete(null);
    }
  }

  @Override
  public void leads(Leadership leadership) {
    announced = failure.isDone() ? NOBODY : leadership;
  }
}
