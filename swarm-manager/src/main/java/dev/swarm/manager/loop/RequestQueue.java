package dev.swarm.manager.loop;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Requests that wait to be decided. Touched by the event loop only, except where said. */
final class RequestQueue {
  /** More waiting requests than this are turned away. */
  static final int COUNT_MAX = 20_000;

  /**
   * What the changes of one request may take: the largest config with the most labels, or a large
   * service with the spec it had before. With what may be in an entry already it fits into one.
   */
  private static final int BYTES_MAX = ReplicatedLog.ENTRY_BYTES_MAX / 8 * 5;

  private final Faults faults;
  private final Supplier<Snapshot> committed;
  private final BiConsumer<Snapshot, Delta> effects;
  private final AtomicInteger count = new AtomicInteger(); // shared with callers
  private final ArrayDeque<Pending<?>> waiting = new ArrayDeque<>();

  private record Pending<R>(Decision<R> decision, CompletableFuture<R> reply) {}

  /**
   * @param committed the state that replies are made from
   * @param effects is told what a request changes
   */
  RequestQueue(Faults faults, Supplier<Snapshot> committed, BiConsumer<Snapshot, Delta> effects) {
    this.faults = faults;
    this.committed = committed;
    this.effects = effects;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes a place in the queue, to be used by {@link #add}. Any thread. */
  boolean reserve() {
    if (count.incrementAndGet() > COUNT_MAX) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  <R> void add(Decision<R> decision, CompletableFuture<R> reply) {
    waiting.add(new Pending<>(decision, reply));
  }

  /** Answers all that wait. */
  void refuse(Throwable why) {
    waiting.forEach(pending -> pending.reply.completeExceptionally(why));
    count.addAndGet(-waiting.size());
    waiting.clear();
  }

  /** Decides in order, until the entry has come to so many bytes. */
  void decide(Turn turn, int bytesMax) {
    while (!waiting.isEmpty() && turn.draft().bytes() < bytesMax) {
      Pending<?> pending = waiting.poll();
      count.decrementAndGet();
      decide(pending, turn);
    }
  }

  private <R> void decide(Pending<R> pending, Turn turn) {
    try {
      Verdict<R> verdict = turn.draft().decide(pending.decision);
      switch (verdict) {
        case Verdict.Rejected<R> rejected ->
            pending.reply.completeExceptionally(new RejectedException(rejected.rejection()));
        case Verdict.Accepted<R> accepted -> accept(pending, accepted, turn);
      }
    } catch (RuntimeException | Error fault) {
      // The draft is untouched, so only the one who asked is told of our mistake.
      pending.reply.completeExceptionally(new Decision.FaultException(fault));
      faults.contain("a request could not be decided", fault);
    }
  }

  private <R> void accept(Pending<R> pending, Verdict.Accepted<R> accepted, Turn turn) {
    EntryCodec.Encoded encoded = EntryCodec.encode(accepted.changes());
    if (encoded.bytes() > BYTES_MAX) {
      pending.reply.completeExceptionally(new RejectedException(tooLarge(encoded.bytes())));
      return;
    }
    if (!accepted.changes().isEmpty()) {
      EntryCodec.verify(encoded);
      turn.draft().add(accepted.changes(), encoded, effects);
    }
    turn.answer(pending.reply, () -> accepted.reply().apply(committed.get()));
  }

  private static Rejection tooLarge(int bytes) {
    return Rejection.invalid(
        "the request is too large: " + bytes + " bytes, at most " + BYTES_MAX + " are taken");
  }
}
