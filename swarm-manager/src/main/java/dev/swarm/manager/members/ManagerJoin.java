package dev.swarm.manager.members;

import dev.swarm.core.port.Clock;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.retry.Backoff;
import dev.swarm.manager.raft.storage.DataKeys;
import dev.swarm.v1.EnterManagerRequest;
import dev.swarm.v1.ManagersGrpc;
import dev.swarm.v1.PrepareManagerRequest;
import dev.swarm.v1.PrepareManagerResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins this manager to a log that others keep: asks the managers it knows, and goes on asking
 * until it is a voter at its present address. Methods block; interrupting them is safe.
 */
public final class ManagerJoin {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerJoin.class);
  private static final int PREPARE_SECONDS_MAX = 5;
  private static final int ENTER_SECONDS_MAX = 60;
  private static final Duration PREPARED_WITHIN = Duration.ofSeconds(20);
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(4));

  private final Peer self;
  private final Supplier<List<String>> managers;
  private final Function<Peer, ManagedChannel> dial;
  private final Clock clock;

  /**
   * @param managers addresses of managers, asked for anew before each round
   */
  public ManagerJoin(
      Peer self,
      Supplier<List<String>> managers,
      Function<Peer, ManagedChannel> dial,
      Clock clock) {
    this.self = self;
    this.managers = managers;
    this.dial = dial;
    this.clock = clock;
  }

  private interface Question<T> {
    T ask(ManagersGrpc.ManagersBlockingStub manager);
  }

  /**
   * What the others say to one that is about to start its log.
   *
   * @param keys what the log is sealed with
   * @param outside the log does not count this manager as a voter: what it may still have of it was
   *     left for good
   */
  public record Prepared(DataKeys keys, boolean outside) {}

  /** Fetches what this manager's log needs before it can start. */
  public Prepared prepare() throws IOException {
    PrepareManagerResponse told =
        ask(
            PREPARED_WITHIN,
            stub ->
                stub.withDeadlineAfter(PREPARE_SECONDS_MAX, TimeUnit.SECONDS)
                    .prepare(PrepareManagerRequest.getDefaultInstance()));
    return new Prepared(DataKeys.decode(told.getDataKeys().toByteArray()), told.getOutside());
  }

  /**
   * Fetches the keys for a log that is to begin here. One that the others count as a voter has had
   * a log: without it, it would vote as if it had acknowledged nothing, and what a majority with it
   * has committed could be lost.
   */
  public DataKeys begin() throws IOException {
    Prepared prepared = prepare();
    if (!prepared.outside) {
      throw new IOException(
          "the other managers count on a log that is not on this disk any more: bring it back, or"
              + " demote this node, wait until it is a worker, and promote it again");
    }
    return prepared.keys;
  }

  /** Returns once {@code log} counts this manager as a voter at its address. */
  public void enter(ReplicatedLog log) throws IOException {
    Duration pause = PAUSES.first();
    while (!log.peers().contains(self)) {
      try {
        ask(
            Duration.ZERO,
            stub ->
                stub.withDeadlineAfter(ENTER_SECONDS_MAX, TimeUnit.SECONDS)
                    .enter(EnterManagerRequest.newBuilder().setAddr(self.address()).build()));
      } catch (IOException e) {
        LOG.warn(
            "this manager has not joined the others' log yet, trying again: {}", e.getMessage());
      }
      sleep(pause);
      pause = PAUSES.after(pause);
    }
  }

  /** Asks one manager after the other, and all of them again until {@code patience} is over. */
  private <T> T ask(Duration patience, Question<T> question) throws IOException {
    long startNanos = clock.nanoTime();
    while (true) {
      List<String> failures = new ArrayList<>();
      for (String address : managers.get()) {
        if (address.equals(self.address())) {
          continue;
        }
        ManagedChannel channel = dial.apply(new Peer("", address));
        try {
          return question.ask(ManagersGrpc.newBlockingStub(channel));
        } catch (StatusRuntimeException e) {
          failures.add(address + ": " + e.getStatus().getDescription());
        } finally {
          channel.shutdownNow();
        }
      }
      if (clock.nanoTime() - startNanos >= patience.toNanos()) {
        throw new IOException(
            failures.isEmpty() ? "no other manager is known" : String.join("; ", failures));
      }
      sleep(PAUSES.first().multipliedBy(5));
    }
  }

  private static void sleep(Duration pause) throws IOException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the other managers", e);
    }
  }
}
