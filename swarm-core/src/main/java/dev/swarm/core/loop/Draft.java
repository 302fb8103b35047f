package dev.swarm.core.loop;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The next log entry in the making: the committed state plus what has been decided in this turn. A
 * change is applied here as it is added, so a fault in applying it belongs to whoever adds it,
 * leaves the draft as it was, and never enters the log.
 */
public final class Draft {
  /** What the changes of one entry may take. */
  static final int ROOM = EntryCodec.room(ReplicatedLog.ENTRY_BYTES_MAX);

  private final Rules rules;
  private final Snapshot base;
  private final Instant now;
  private final IdSource ids;
  private final List<dev.swarm.log.v1.Change> changes = new ArrayList<>();
  private final List<Delta> deltas = new ArrayList<>();
  private Snapshot snapshot;
  private int bytes;

  public Draft(Rules rules, Snapshot base, Instant now, IdSource ids) {
    this.rules = rules;
    this.base = base;
    this.now = now;
    this.ids = ids;
    snapshot = base;
  }

  /** The sequence number this entry takes. */
  public long index() {
    return base.index() + 1;
  }

  public Instant now() {
    return now;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** What is in it so far takes so many bytes of the entry. */
  public int bytes() {
    return bytes;
  }

  /** All that the draft has changed, step by step. */
  public List<Delta> deltas() {
    return deltas;
  }

  /** What a request comes to, after everything decided before it. */
  public <R> Verdict<R> decide(Decision<R> decision) {
    return rules.decide(decision, snapshot, new Decision.Context(now, index(), ids));
  }

  /**
   * Adds changes and tells {@code effects} what they did. If that, or applying them, fails, the
   * draft is as it was.
   */
  public void add(
      List<Change> more, EntryCodec.Encoded encoded, BiConsumer<Snapshot, Delta> effects) {
    if (bytes + encoded.bytes() > ROOM) {
      throw new IllegalArgumentException("an entry has no room for " + encoded.bytes() + " bytes");
    }
    Snapshot.Step step = rules.apply(snapshot, index(), now, more);
    effects.accept(step.snapshot(), step.delta());
    snapshot = step.snapshot();
    deltas.add(step.delta());
    changes.addAll(encoded.changes());
    bytes += encoded.bytes();
  }

  /**
   * Adds as many of the commands as the entry has room for, from the first on; says how many.
   *
   * @throws IllegalStateException if not even an empty entry has room for the first
   */
  public int carryOut(List<Command> commands, BiConsumer<Snapshot, Delta> effects) {
    if (commands.isEmpty()) {
      return 0;
    }
    List<Change> made = new ArrayList<>(commands.size());
    int[] ends = new int[commands.size()];
    for (int i = 0; i < ends.length; i++) {
      commands.get(i).materialize(snapshot, now, ids, made::add);
      ends[i] = made.size();
    }
    EntryCodec.Encoded encoded = EntryCodec.encode(made);
    int fit = encoded.countWithin(ROOM - bytes);
    int count = ends.length;
    while (count > 0 && ends[count - 1] > fit) {
      count--;
    }
    if (count == 0 && isEmpty()) {
      throw new IllegalStateException("no entry has room for " + encoded.bytes() + " bytes");
    }
    EntryCodec.verify(encoded.objects());
    int end = count == 0 ? 0 : ends[count - 1];
    if (end > 0) {
      add(made.subList(0, end), encoded.first(end), effects);
    }
    return count;
  }

  /** The entry's bytes. */
  public byte[] encode() {
    return EntryCodec.encode(index(), now, new EntryCodec.Encoded(changes));
  }
}
