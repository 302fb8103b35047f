package dev.swarm.manager.loop;

import com.google.protobuf.MessageLite;
import dev.swarm.core.allocator.BootstrapKeys;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.plan.Command;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The next entry in the making: the committed state plus what has been decided in this turn. */
final class Draft {
  /** An entry is closed when it comes to this; one plan or request may still take it beyond. */
  static final int BYTES_TARGET = 512 << 10;

  private final Snapshot base;
  private final Instant now;
  private final IdSource ids;
  private final List<Change> changes = new ArrayList<>();
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

  List<Change> changes() {
    return changes;
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  boolean isFull() {
    return bytes >= BYTES_TARGET;
  }

  /** All that the draft has changed, step by step. */
  List<Delta> deltas() {
    return deltas;
  }

  /** Adds changes, and returns what they did. */
  Delta add(List<Change> more) {
    Snapshot.Step step = snapshot.apply(index(), now, more);
    snapshot = step.snapshot();
    changes.addAll(more);
    deltas.add(step.delta());
    more.forEach(change -> bytes += sizeOf(change));
    return step.delta();
  }

  /** Commands as changes, with ids for what they create. */
  List<Change> materialize(List<Command> commands) {
    List<Change> made = new ArrayList<>(commands.size());
    for (Command command : commands) {
      if (command instanceof Command.RotateKeys) {
        snapshot
            .cluster()
            .map(cluster -> BootstrapKeys.rotate(cluster, now, ids))
            .ifPresent(cluster -> made.add(new Change.PutCluster(cluster)));
        continue;
      }
      made.add(
          switch (command) {
            case Command.Create c ->
                new Change.CreateTask(
                    new TaskId(ids.next()),
                    c.service(),
                    c.slot(),
                    c.node(),
                    c.desired(),
                    c.restart());
            case Command.Make make -> make.change();
            case Command.RotateKeys ignored -> throw new IllegalStateException("made above");
          });
    }
    return made;
  }

  static int sizeOf(Change change) {
    return switch (change) {
      case Change.PutCluster put -> sizeOf(put.cluster().object());
      case Change.PutNode put ->
          sizeOf(put.node().spec())
              + sizeOf(put.node().description())
              + sizeOf(put.node().certificate())
              + 64 * put.node().networks().size();
      case Change.PutService put ->
          sizeOf(put.service().spec())
              + sizeOf(put.service().endpoint())
              + put.service().previous().map(Draft::sizeOf).orElse(0);
      case Change.PutNetwork put -> sizeOf(put.network().object());
      case Change.PutSecret put -> sizeOf(put.secret().object());
      case Change.PutConfig put -> sizeOf(put.config().object());
      case Change.AdvanceTask advance ->
          100 + advance.status().map(s -> s.message().length() + s.err().length() + 200).orElse(0);
      case Change.CreateTask ignored -> 110;
      case Change.AssignTask assign ->
          64 + 64 * (assign.networks().size() + assign.claims().size());
      case Change.AttachTask attach -> sizeOf(attach.spec()) + 64 * attach.networks().size();
      case Change.RemoveTask ignored -> 32;
      case Change.RemoveNode ignored -> 32;
      case Change.RemoveService ignored -> 32;
      case Change.RemoveNetwork ignored -> 32;
      case Change.RemoveSecret ignored -> 32;
      case Change.RemoveConfig ignored -> 32;
    };
  }

  private static int sizeOf(MessageLite message) {
    return 64 + message.getSerializedSize();
  }
}
