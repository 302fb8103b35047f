package dev.swarm.manager.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.StateMachine.SnapshotRule;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The committed state on one manager. */
class CommittedStateTest {
  private final CommittedState replica = new CommittedState(new Faults(), (snapshot, deltas) -> {});

  @Test
  void theClusterSaysWhenSnapshotsAreDue() {
    assertEquals(Optional.empty(), replica.snapshotRule());
    commit(0, 3);
    assertEquals(Optional.empty(), replica.snapshotRule(), "no interval, no rule");
    commit(250, 3);
    assertEquals(Optional.of(new SnapshotRule(250, 3)), replica.snapshotRule());
    commit(1, Long.MAX_VALUE);
    assertEquals(Optional.of(new SnapshotRule(1, 1000)), replica.snapshotRule());
  }

  @Test
  void whoLeadsIsToldAlwaysAndWhetherThisOneDoesWhenThatChanges() {
    List<String> heard = new ArrayList<>();
    replica.listen(
        new CommitListener() {
          @Override
          public void committed(Snapshot snapshot, List<Delta> deltas) {}

          @Override
          public void leadership(Leadership now) {
            heard.add(now.leaderId() + " in " + now.term());
          }

          @Override
          public void leading(boolean leads) {
            heard.add(leads ? "begins" : "ceases");
          }
        });
    replica.leadership(new Leadership("other", 1, false));
    replica.leadership(new Leadership("", 1, false));
    replica.leadership(new Leadership("self", 2, true));
    replica.leadership(new Leadership("other", 3, false));
    replica.leadership(new Leadership("third", 4, false));
    assertEquals(
        List.of("other in 1", " in 1", "self in 2", "begins", "other in 3", "ceases", "third in 4"),
        heard);
  }

  private void commit(long interval, long older) {
    docker.swarmkit.v1.Cluster.Builder object = docker.swarmkit.v1.Cluster.newBuilder();
    object
        .getSpecBuilder()
        .getRaftBuilder()
        .setSnapshotInterval(interval)
        .setKeepOldSnapshots(older);
    replica.committed(
        EntryCodec.encode(
            replica.snapshot().index() + 1,
            Instant.EPOCH,
            List.of(new Change.PutCluster(new Cluster("c", Meta.NONE, object.build())))));
  }
}
