package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.identity.JoinException;
import dev.swarm.cli.node.identity.Pause;
import dev.swarm.core.retry.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries to join a swarm, with growing pauses, until a manager lets this node in, refuses it, or the
 * attempt is called off. An error that waiting cannot mend ends it at once.
 */
final class JoinAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(JoinAttempt.class);
  private static final String GIVEN_UP = "This node has left before it had joined.";
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

  /** One exchange with the managers; blocks. */
  @FunctionalInterface
  interface Ask {
    Joining.Granted ask() throws JoinException, InterruptedException;
  }

  /** Makes this node a member with what was granted; blocks. */
  @FunctionalInterface
  interface Enter {
    void enter(Joining.Granted granted) throws InterruptedException;
  }

  private final Ask ask;
  private final Enter enter;
  private final Pause pause;
  private final CompletableFuture<Void> entered = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private volatile String lastError = "";
  private Optional<Thread> atWork = Optional.empty(); // under this
  private boolean givenUp; // under this

  JoinAttempt(Ask ask, Enter enter, Pause pause) {
    this.ask = ask;
    this.enter = enter;
    this.pause = pause;
  }

  /** Begins, on a thread of {@code blocking}. */
  void start(Executor blocking) {
    blocking.execute(this::run);
  }

  private void run() {
    synchronized (this) {
      if (givenUp) {
        failed(ApiRejection.unavailable(GIVEN_UP));
        return;
      }
      atWork = Optional.of(Thread.currentThread());
    }
    try {
      enter.enter(granted());
      entered.complete(null);
    } catch (JoinException e) {
      failed(Joining.rejection(e));
    } catch (ApiRejection e) {
      failed(e);
    } catch (InterruptedException e) {
      failed(ApiRejection.unavailable(GIVEN_UP));
    } catch (RuntimeException e) {
      LOG.error("the join failed", e);
      failed(new ApiRejection(500, "the join failed: " + e.getMessage()));
    } finally {
      synchronized (this) {
        atWork = Optional.empty();
      }
      over.complete(null);
    }
  }

  private void failed(ApiRejection why) {
    lastError = why.sentence();
    entered.completeExceptionally(why);
  }

  private Joining.Granted granted() throws JoinException, InterruptedException {
    Duration wait = PAUSES.first();
    while (true) {
      try {
        return ask.ask();
      } catch (JoinException e) {
        if (!e.kind().mayPass()) {
          throw e;
        }
        if (!e.getMessage().equals(lastError)) {
          LOG.warn("not yet in the swarm, trying again: {}", e.getMessage());
        }
        lastError = e.getMessage();
      }
      pause.pause(wait);
      wait = PAUSES.after(wait);
    }
  }

  /** What the last try came to, for people; empty before the first has failed. */
  String lastError() {
    return lastError;
  }

  /** Whether it ended without this node in the swarm. */
  boolean isRefused() {
    return entered.isCompletedExceptionally();
  }

  /**
   * Waits until the node is in.
   *
   * @return whether it is; it goes on trying either way
   * @throws ApiRejection if it was refused for good
   */
  boolean await(Duration within) {
    try {
      entered.get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ApiRejection rejection
          ? rejection
          : new ApiRejection(500, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends it, whatever it is at, and waits until it has. */
  void giveUp() {
    synchronized (this) {
      givenUp = true;
      atWork.ifPresent(Thread::interrupt);
      if (atWork.isEmpty()) {
        return;
      }
    }
    over.join();
  }
}
