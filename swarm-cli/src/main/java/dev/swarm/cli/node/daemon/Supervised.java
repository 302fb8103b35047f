package dev.swarm.cli.node.daemon;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.Reason;
import dev.swarm.core.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one thing running for as long as it is wanted. Whether it is wanted is checked after every
 * notice of a change, after it ended by itself, and after a failure. Takes one step at a time, on a
 * thread that may be blocked; methods may be called from any thread.
 */
final class Supervised<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervised.class);
  private static final Backoff RETRIES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  /** What is kept, and how. Called one at a time, but for {@link #isWanted}. */
  interface Life<T> {
    boolean isWanted();

    /**
     * Blocks until it runs; is interrupted when it is wanted no longer.
     *
     * @param again one has ended by itself before
     */
    T start(boolean again) throws IOException;

    /**
     * Completes when it has ended, exceptionally where that was a failure. Otherwise it was told to
     * go, and another is started only once {@link Supervised#follow} is called.
     */
    CompletionStage<Void> ended(T running);

    /** Blocks until nothing of it runs any more, however it ended. */
    void stop(T running);

    /** Removes what it leaves behind, for it is not wanted any more. */
    void clear() throws IOException;

    /** It was told to go: whoever knows whether it is still wanted is to be asked. */
    void told();

    /** It came, or went. */
    void changed();

    /** It ended or did not start, and it is tried again after a pause. */
    void failed(String why, Duration pause);
  }

  private final Life<T> life;
  private final EventLoop loop;
  private final Executor blocking;
  private final Deque<T> over = new ArrayDeque<>(); // under this; ended, and not yet stopped
  private volatile Optional<T> running = Optional.empty();
  private volatile String problem = "";
  private volatile boolean toldToGo;
  private Optional<Thread> atWork = Optional.empty(); // under this
  private boolean busy; // under this
  private boolean checkAgain; // under this
  private boolean overtaken; // under this; the step under way is not wanted any more
  private boolean remains; // under this; there may be something to clear
  private boolean endedBefore; // under this
  private boolean closed; // under this
  private Duration retry = RETRIES.first(); // under this
  private Cancellable timer = () -> {}; // under this

  /**
   * @param loop for pauses
   * @param blocking where steps are taken
   */
  Supervised(Life<T> life, EventLoop loop, Executor blocking) {
    this.life = life;
    this.loop = loop;
    this.blocking = blocking;
  }

  Optional<T> get() {
    return running;
  }

  /** Why it is not as it should be, for people; empty if it is. */
  String problem() {
    return problem;
  }

  /** Whether it was told to go, and nobody has said yet whether it is still wanted. */
  boolean awaitsWord() {
    return toldToGo;
  }

  /** Keeps what its owner has started itself. */
  void adopt(T started) {
    runs(started);
  }

  /** Somebody who knows has said whether it is wanted. Returns at once. */
  void follow() {
    toldToGo = false;
    check();
  }

  private synchronized void check() {
    if (closed) {
      return;
    }
    timer.cancel();
    if (!busy) {
      busy = true;
      blocking.execute(this::work);
      return;
    }
    checkAgain = true;
    if (!life.isWanted()) {
      overtaken = true;
      atWork.ifPresent(Thread::interrupt);
    }
  }

  private void work() {
    synchronized (this) {
      atWork = Optional.of(Thread.currentThread());
    }
    Optional<Exception> failure = Optional.empty();
    try {
      step();
    } catch (IOException e) {
      failure = Optional.of(e);
    } catch (RuntimeException e) {
      LOG.error("a fault while this node's role was changed; trying again", e);
      failure = Optional.of(e);
    } finally {
      rest(failure);
    }
  }

  private void step() throws IOException {
    stopWhatIsOver();
    boolean wanted = life.isWanted();
    if (toldToGo || isClosed()) {
      return;
    }
    if (wanted && running.isEmpty()) {
      leavesRemains();
      T started = life.start(hasEndedBefore());
      runs(started);
      life.changed();
    } else if (!wanted && remains()) {
      Optional<T> unwanted = running;
      running = Optional.empty();
      unwanted.ifPresent(life::stop);
      life.clear();
      cleared();
      life.changed();
    }
  }

  private void stopWhatIsOver() {
    while (true) {
      T next;
      synchronized (this) {
        if (over.isEmpty()) {
          return;
        }
        next = over.remove();
      }
      life.stop(next);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized boolean hasEndedBefore() {
    return endedBefore;
  }

  private synchronized boolean remains() {
    return remains;
  }

  private synchronized void leavesRemains() {
    remains = true;
  }

  private synchronized void cleared() {
    remains = false;
    endedBefore = false;
    problem = "";
  }

  private void runs(T started) {
    synchronized (this) {
      running = Optional.of(started);
      remains = true;
      problem = "";
    }
    loop.schedule(RETRIES.max(), () -> proven(started));
    life.ended(started).whenComplete((done, failure) -> ended(started, failure));
  }

  /** Only what has run for a while was worth the attempt. */
  private synchronized void proven(T started) {
    if (running.equals(Optional.of(started))) {
      retry = RETRIES.first();
    }
  }

  private void ended(T what, @Nullable Throwable failure) {
    synchronized (this) {
      if (closed || !running.equals(Optional.of(what))) {
        return; // it was stopped here
      }
      running = Optional.empty();
      over.add(what);
      endedBefore = true;
      toldToGo = failure == null;
    }
    life.changed();
    if (failure == null) {
      life.told();
      check();
    } else {
      later(Reason.of(failure));
    }
  }

  private synchronized void later(String why) {
    problem = why;
    life.failed(why, retry);
    timer.cancel();
    timer = loop.schedule(retry, this::check);
    retry = RETRIES.after(retry);
  }

  /** The end of a step: the next one follows at once where something has changed meanwhile. */
  private synchronized void rest(Optional<Exception> failure) {
    boolean interrupted = Thread.interrupted() || overtaken;
    atWork = Optional.empty();
    busy = false;
    overtaken = false;
    boolean again = checkAgain;
    checkAgain = false;
    notifyAll();
    if (again) {
      check();
    } else if (failure.isPresent() && !interrupted && !closed) {
      later(Reason.of(failure.get()));
    }
  }

  /** Stops it, and waits until it has. */
  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      timer.cancel();
      overtaken = true;
      atWork.ifPresent(Thread::interrupt);
      while (busy) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    stopWhatIsOver();
    Optional<T> last = running;
    running = Optional.empty();
    last.ifPresent(life::stop);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
