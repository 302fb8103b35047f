package dev.swarm.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.store.Change;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.RealSwarm.Machine;
import dev.swarm.manager.raft.storage.UnlockKey;
import dev.swarm.v1.RaftGrpc;
import dev.swarm.v1.RaftMessage;
import docker.swarmkit.v1.EncryptionKey;
import docker.swarmkit.v1.NodeRole;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager whose state is behind comes back, whoever the others have become in the meantime. */
class BehindTest {
  @TempDir Path directory;
  private RealSwarm swarm;
  private Machine first;
  private Machine second;
  private Machine third;

  @BeforeEach
  void threeMachines() throws Exception {
    swarm = new RealSwarm(directory);
    first = swarm.found("m1");
    second = swarm.join("m2");
    third = swarm.join("m3");
  }

  @AfterEach
  void close() {
    swarm.close();
  }

  /**
   * Has the first manager write what it knows now to its disk, as a snapshot, and nothing later.
   */
  private void takeSnapshot() throws IOException {
    swarm.updateSpec(spec -> spec.getRaftBuilder().setSnapshotInterval(5));
    List<Path> before = snapshots();
    for (int i = 0; i < 12; i++) {
      int number = i;
      swarm.updateSpec(
          spec -> spec.getAnnotationsBuilder().putLabels("number", String.valueOf(number)));
    }
    RealSwarm.until(() -> !snapshots().equals(before) && !snapshots().isEmpty());
    swarm.updateSpec(spec -> spec.getRaftBuilder().setSnapshotInterval(100_000));
  }

  private List<Path> snapshots() {
    Path home = first.home.resolve("raft").resolve("snapshots");
    if (!Files.isDirectory(home)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(home)) {
      return files.filter(file -> !file.toString().endsWith(".tmp")).sorted().toList();
    } catch (IOException e) {
      return List.of(); // It is just being replaced.
    }
  }

  /** The first one ends, the others go on; it starts again, and has to hear from them. */
  private void firstComesBack() throws IOException {
    swarm.stop(first);
    swarm.updateSpec(spec -> spec.getAnnotationsBuilder().putLabels("without", "m1"));
    swarm.start(first);
    RealSwarm.done(
        first
            .running()
            .when(
                state ->
                    state
                        .cluster()
                        .orElseThrow()
                        .object()
                        .getSpec()
                        .getAnnotations()
                        .containsLabels("without")));
    for (Machine machine : List.of(second, third)) {
      assertEquals(
          NodeRole.MANAGER,
          first.running().requests().snapshot().nodes().find(machine.id()).orElseThrow().role());
    }
  }

  private Status.Code logMessage(IdentityHolder identity, Machine to) {
    var raft =
        RaftGrpc.newBlockingStub(swarm.channel(identity, to))
            .withDeadlineAfter(20, TimeUnit.SECONDS);
    return assertThrows(
            StatusRuntimeException.class, () -> raft.heartbeat(RaftMessage.getDefaultInstance()))
        .getStatus()
        .getCode();
  }

  /** The others were workers when its snapshot was taken, and are the majority by now. */
  @Test
  void aSnapshotFromBeforeThePromotions() throws Exception {
    takeSnapshot();
    swarm.promote(second);
    swarm.promote(third);
    firstComesBack();
  }

  /** What its disk is sealed with is newer than what it remembers of that. */
  @Test
  void aSnapshotFromBeforeTheManagersWereLocked() throws Exception {
    takeSnapshot();
    swarm.promote(second);
    swarm.promote(third);
    UnlockKey key = new UnlockKey(new byte[32]);
    var cluster = swarm.state().cluster().orElseThrow();
    var locked =
        EncryptionKey.newBuilder()
            .setSubsystem("swarm-manager")
            .setKey(ByteString.copyFrom(key.bytes()));
    swarm.commit(
        new Change.PutCluster(
            cluster.withObject(cluster.object().toBuilder().addUnlockKeys(locked).build())));
    List<Optional<UnlockKey>> once = List.of(Optional.empty(), Optional.of(key));
    for (Machine machine : List.of(first, second, third)) {
      RealSwarm.until(() -> machine.seals.equals(once));
    }
    firstComesBack();
    assertEquals(once, first.seals);
    // It has caught up, and follows the next one.
    UnlockKey next = new UnlockKey(filled(7));
    var now = swarm.state().cluster().orElseThrow();
    swarm.commit(
        new Change.PutCluster(
            now.withObject(
                now.object().toBuilder()
                    .clearUnlockKeys()
                    .addUnlockKeys(locked.setKey(ByteString.copyFrom(next.bytes())))
                    .build())));
    RealSwarm.until(() -> first.seals.getLast().equals(Optional.of(next)));
    assertEquals(3, first.seals.size());
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** The others were managers, workers at the time of the snapshot, and are managers again. */
  @Test
  void aSnapshotBetweenDemotionsAndPromotions() throws Exception {
    swarm.promote(second);
    swarm.promote(third);
    IdentityHolder old = new IdentityHolder(second.identity.current(), new SystemClock());
    swarm.demote(third);
    swarm.demote(second);
    takeSnapshot();
    swarm.promote(second);
    swarm.promote(third);
    firstComesBack();

    // By its serial the certificate is known to be older than the demotion, on every manager.
    for (Machine to : List.of(first, second, third)) {
      assertEquals(Status.Code.PERMISSION_DENIED, logMessage(old, to));
      assertNotEquals(Status.Code.PERMISSION_DENIED, logMessage(second.identity, to));
    }
  }

  /** The others were managers when the snapshot was taken, then workers, and are managers again. */
  @Test
  void aSnapshotFromBeforeDemotionsAndPromotions() throws Exception {
    swarm.promote(second);
    swarm.promote(third);
    takeSnapshot();
    swarm.demote(third);
    swarm.demote(second);
    swarm.promote(second);
    swarm.promote(third);
    firstComesBack();
  }

  /** Known removals are certain; the node's certificate stays good for TLS. */
  @Test
  void aRemovedManagerIsRefusedByEveryoneWhoKnows() throws Exception {
    swarm.promote(second);
    swarm.promote(third);
    IdentityHolder manager = new IdentityHolder(third.identity.current(), new SystemClock());
    swarm.demote(third);
    IdentityHolder worker = new IdentityHolder(third.identity.current(), new SystemClock());
    assertEquals(Status.Code.PERMISSION_DENIED, logMessage(manager, first));
    assertEquals(Status.Code.PERMISSION_DENIED, logMessage(worker, first));
    var cluster = swarm.state().cluster().orElseThrow();
    swarm.commit(
        new Change.PutCluster(
            cluster.withObject(
                cluster.object().toBuilder()
                    .putBlacklistedCertificates(
                        third.id().value(),
                        docker.swarmkit.v1.BlacklistedCertificate.getDefaultInstance())
                    .build())),
        new Change.RemoveNode(third.id()));
    assertTrue(swarm.state().nodes().find(second.id()).isPresent());
    assertFalse(swarm.state().nodes().find(third.id()).isPresent());
    for (Machine to : List.of(first, second)) {
      RealSwarm.done(to.running().when(state -> state.nodes().find(third.id()).isEmpty()));
      assertEquals(Status.Code.PERMISSION_DENIED, logMessage(manager, to));
    }
  }
}
