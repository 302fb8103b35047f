package dev.swarm.manager.loop;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.codec.ImageReader;
import dev.swarm.core.codec.ImageWriter;
import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.StateMachine;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The committed state on this manager. Written by the log's thread alone, read by everyone.
 *
 * <p>Entries carry the number they were made for. One that comes out of turn was made by a manager
 * that no longer led, or is a second copy, and is passed over on every manager alike.
 */
final class CommittedState implements StateMachine {
  /** A number that a disk can be asked for. */
  private static final int SNAPSHOTS_MAX = 1000;

  private final Faults faults;
  private final CommitListener unexpected;
  private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
  private volatile Snapshot snapshot = Snapshot.EMPTY;
  private volatile @Nullable Proposal proposal;
  private boolean current; // on the log's thread
  private boolean led; // on the log's thread

  /** What this manager proposed and has already worked out, so that it need not do so again. */
  static final class Proposal {
    private final byte[] entry;
    private final Snapshot result;
    private final List<Delta> deltas;
    private volatile boolean applied;

    Proposal(byte[] entry, Snapshot result, List<Delta> deltas) {
      this.entry = entry;
      this.result = result;
      this.deltas = deltas;
    }

    /** Whether it became part of the history. */
    boolean isApplied() {
      return applied;
    }
  }

  /**
   * @param unexpected is told of entries other than the one expected
   */
  CommittedState(Faults faults, CommitListener unexpected) {
    this.faults = faults;
    this.unexpected = unexpected;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  void listen(CommitListener listener) {
    listeners.add(listener);
  }

  void expect(@Nullable Proposal expected) {
    proposal = expected;
  }

  @Override
  public void committed(byte[] entry) {
    Proposal own = proposal;
    if (own != null
        && own.result.index() == snapshot.index() + 1
        && Arrays.equals(own.entry, entry)) {
      proposal = null;
      publish(own.result, own.deltas);
      own.applied = true;
      return;
    }
    EntryCodec.Decoded decoded = EntryCodec.decode(entry);
    if (decoded.sequence() == snapshot.index() + 1) {
      Snapshot.Step step = snapshot.apply(decoded.sequence(), decoded.at(), decoded.changes());
      publish(step.snapshot(), List.of(step.delta()));
      unexpected.committed(step.snapshot(), List.of(step.delta()));
    }
  }

  private void publish(Snapshot next, List<Delta> deltas) {
    snapshot = next;
    for (CommitListener listener : listeners) {
      try {
        listener.committed(next, deltas);
      } catch (RuntimeException | Error fault) {
        faults.contain("a commit was not handled by " + listener.getClass(), fault);
        restored(listener, next);
      }
    }
  }

  /** What is committed is applied; whoever fails to hear of it stops nobody else. */
  private void restored(CommitListener listener, Snapshot next) {
    try {
      listener.restored(next);
    } catch (RuntimeException | Error fault) {
      faults.contain("a new state was not handled by " + listener.getClass(), fault);
    }
  }

  @Override
  public void restore(InputStream image) throws IOException {
    Snapshot restored = ImageReader.read(new BufferedInputStream(image, 1 << 16));
    snapshot = restored;
    listeners.forEach(listener -> restored(listener, restored));
  }

  @Override
  public Image image() {
    Snapshot now = snapshot;
    return out -> {
      BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
      ImageWriter.write(now, buffered);
      buffered.flush();
    };
  }

  @Override
  public Optional<SnapshotRule> snapshotRule() {
    return snapshot
        .cluster()
        .map(cluster -> cluster.object().getSpec().getRaft())
        .filter(raft -> raft.getSnapshotInterval() > 0)
        .map(
            raft ->
                new SnapshotRule(
                    raft.getSnapshotInterval(),
                    Math.clamp(raft.getKeepOldSnapshots(), 0, SNAPSHOTS_MAX)));
  }

  @Override
  public void current() {
    if (current) {
      return;
    }
    current = true;
    for (CommitListener listener : listeners) {
      try {
        listener.current();
      } catch (RuntimeException | Error fault) {
        faults.contain(
            "news that the state is up to date was not handled by " + listener.getClass(), fault);
      }
    }
  }

  @Override
  public void leadership(Leadership leadership) {
    if (leadership.self()) {
      current();
    }
    boolean changed = leadership.self() || led;
    led = leadership.self();
    for (CommitListener listener : listeners) {
      try {
        listener.leadership(leadership);
        if (changed) {
          listener.leading(leadership.self());
        }
      } catch (RuntimeException | Error fault) {
        faults.contain("a change of leader was not handled by " + listener.getClass(), fault);
      }
    }
  }
}
