package dev.swarm.manager.loop;

import dev.swarm.core.allocator.BootstrapKeys;
import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.plan.Command;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The next entry in the making: the committed state plus what has been decided in this turn. */
final class Draft {
  /** What the changes of one entry may take. */
  static final int ROOM = EntryCodec.room(ReplicatedLog.ENTRY_BYTES_MAX);

  private final Snapshot base;
  private final Instant now;
  private final IdSource ids;
  private final List<dev.swarm.log.v1.Change> changes = new ArrayList<>();
  private final List<Delta> deltas = new ArrayList<>();
  private Snapshot snapshot;
  private int bytes;

  Draft(Snapshot base, Instant now, IdSource ids) {
    this.base = base;
    this.now = now;
    this.ids = ids;
    snapshot = base;
  }

  /** The sequence number this entry takes. */
  long index() {
    return base.index() + 1;
  }

  Instant now() {
    return now;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  /** What is in it so far takes so many bytes of the entry. */
  int bytes() {
    return bytes;
  }

  /** All that the draft has changed, step by step. */
  List<Delta> deltas() {
    return deltas;
  }

  /** Whether these changes still fit into the entry. */
  boolean fits(EntryCodec.Encoded more) {
    return bytes + more.bytes() <= ROOM;
  }

  /**
   * Adds changes and tells {@code effects} what they did. If that, or applying them, fails, the
   * draft is as it was.
   */
  void add(List<Change> more, EntryCodec.Encoded encoded, BiConsumer<Snapshot, Delta> effects) {
    if (!fits(encoded)) {
      throw new IllegalArgumentException("an entry has no room for " + encoded.bytes() + " bytes");
    }
    Snapshot.Step step = snapshot.apply(index(), now, more);
    effects.accept(step.snapshot(), step.delta());
    snapshot = step.snapshot();
    deltas.add(step.delta());
    changes.addAll(encoded.changes());
    bytes += encoded.bytes();
  }

  /** The entry's bytes. */
  byte[] encode() {
    return EntryCodec.encode(index(), now, new EntryCodec.Encoded(changes));
  }

  /** Commands as changes, with ids for what they create. */
  List<Change> materialize(List<Command> commands) {
    List<Change> made = new ArrayList<>(commands.size());
    for (Command command : commands) {
      switch (command) {
        case Command.Create create -> made.add(create.as(new TaskId(ids.next())));
        case Command.Make make -> made.add(make.change());
        case Command.RotateKeys ignored ->
            snapshot
                .cluster()
                .map(cluster -> BootstrapKeys.rotate(cluster, now, ids))
                .ifPresent(cluster -> made.add(new Change.PutCluster(cluster)));
      }
    }
    return made;
  }
}
