package dev.swarm.cli.node.identity;

import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.Reason;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's certificate current: renews at a random point between 50 and 80 % of its life, at
 * once when told, and after a failure with a growing delay, never in a tight loop. All state lives
 * on the event loop; methods may be called from any thread.
 */
public final class RenewalSchedule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RenewalSchedule.class);
  private static final Duration DELAY_MIN = Duration.ofSeconds(1);
  private static final Duration DELAY_MAX = Duration.ofMinutes(5);
  private static final int DOUBLINGS_MAX = 10;
  private static final int TRIES_LEFT_MIN = 10;
  // A timer far ahead would sleep through a machine's suspension; look at the clock in between.
  private static final Duration CHECK_EVERY = Duration.ofHours(1);

  /** One attempt; blocks. */
  @FunctionalInterface
  public interface Attempt {
    NodeIdentity renew() throws JoinException, InterruptedException;
  }

  /** Makes an identity durable before it is used. */
  @FunctionalInterface
  public interface Store {
    void store(NodeIdentity identity) throws IOException;
  }

  private final IdentityHolder identity;
  private final Attempt attempt;
  private final Store store;
  private final Consumer<NodeIdentity> renewed;
  private final EventLoop loop;
  private final Executor blocking;
  private final Clock clock;
  private final DoubleSupplier random;

  private Cancellable timer = () -> {};
  private Instant due = Instant.MAX;
  private Instant earliest = Instant.MIN;
  private boolean running;
  private boolean again;
  private Optional<NodeRole> wanted =
      Optional.empty(); // what was told last, and no attempt has answered since
  private boolean closed;
  private int failures;

  /**
   * @param renewed told on the event loop after the holder has the new identity
   * @param blocking where attempts run, one at a time
   * @param random numbers from 0 (inclusive) to 1
   */
  public RenewalSchedule(
      IdentityHolder identity,
      Attempt attempt,
      Store store,
      Consumer<NodeIdentity> renewed,
      EventLoop loop,
      Executor blocking,
      Clock clock,
      DoubleSupplier random) {
    this.identity = identity;
    this.attempt = attempt;
    this.store = store;
    this.renewed = renewed;
    this.loop = loop;
    this.blocking = blocking;
    this.clock = clock;
    this.random = random;
  }

  /** Begins with the holder's certificate; one that is past its time is renewed at once. */
  public void start() {
    loop.execute(() -> dueAt(identity.current().renewAt(random.getAsDouble())));
  }

  /** Renews now, because a manager asked for it or the role changed. */
  public void renewNow() {
    loop.execute(
        () -> {
          // While an attempt runs, its answer may be older than this wish.
          again = running;
          dueAt(clock.now());
        });
  }

  /**
   * Renews because this node's role is to be {@code role}, until the certificate says so. An
   * attempt that runs may bring it already.
   */
  public void renewFor(NodeRole role) {
    loop.execute(
        () -> {
          // What an attempt under way brings may be another role than the certificate has today.
          wanted = Optional.of(role);
          if (role != identity.current().role()) {
            dueAt(clock.now());
          }
        });
  }

  /** No attempt begins any more; one that runs has no effect. */
  @Override
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          timer.cancel();
        });
  }

  private void dueAt(Instant at) {
    due = at.isAfter(earliest) ? at : earliest;
    renewIfDue();
  }

  private void renewIfDue() {
    timer.cancel();
    if (closed || running) {
      return;
    }
    Duration left = Duration.between(clock.now(), due);
    if (left.isPositive()) {
      timer = loop.schedule(left.compareTo(CHECK_EVERY) < 0 ? left : CHECK_EVERY, this::renewIfDue);
    } else {
      running = true;
      blocking.execute(this::run);
    }
  }

  private void run() {
    try {
      NodeIdentity next = attempt.renew();
      store.store(next);
      loop.execute(() -> succeeded(next));
    } catch (JoinException | IOException e) {
      loop.execute(() -> failed(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("a fault while the certificate was renewed", e);
      loop.execute(() -> failed(Reason.of(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      loop.execute(() -> failed("interrupted"));
    }
  }

  private void attemptEnded() {
    running = false;
    earliest = clock.now().plus(DELAY_MIN);
  }

  private void succeeded(NodeIdentity next) {
    attemptEnded();
    if (closed) {
      return;
    }
    failures = 0;
    identity.replace(next);
    LOG.info("certificate of node {} renewed, valid until {}", next.nodeId(), next.notAfter());
    renewed.accept(next);
    boolean asked = again || wanted.filter(role -> role != next.role()).isPresent();
    again = false;
    wanted = Optional.empty();
    dueAt(asked ? clock.now() : nextTime(next));
  }

  /** A backdate as long as the lifetime puts the usual point into the past: not again at once. */
  private Instant nextTime(NodeIdentity next) {
    Instant now = clock.now();
    Instant usual = next.renewAt(random.getAsDouble());
    return usual.isAfter(now) ? usual : now.plus(left(next, now).dividedBy(2));
  }

  private void failed(String reason) {
    attemptEnded();
    again = false;
    Duration delay = backOff();
    failures++;
    LOG.warn("certificate renewal failed, trying again in {}: {}", delay, reason);
    dueAt(clock.now().plus(delay));
  }

  /** Doubles with each failure, up to a bound that leaves a short-lived certificate some tries. */
  private Duration backOff() {
    long most =
        Math.clamp(
            left(identity.current(), clock.now()).toMillis() / TRIES_LEFT_MIN,
            DELAY_MIN.toMillis(),
            DELAY_MAX.toMillis());
    long doubled = DELAY_MIN.toMillis() << Math.min(failures, DOUBLINGS_MAX);
    long millis = Math.min(doubled, most);
    return Duration.ofMillis(millis + (long) (millis * random.getAsDouble() / 2));
  }

  /** Of the certificate's life; never negative. */
  private static Duration left(NodeIdentity identity, Instant now) {
    Duration left = Duration.between(now, identity.notAfter());
    return left.isNegative() ? Duration.ZERO : left;
  }
}
