package dev.swarm.manager.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.store.Change;
import dev.swarm.manager.raft.storage.UnlockKey;
import docker.swarmkit.v1.EncryptionKey;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The seal on this manager's disk follows the cluster's key. */
class UnlockKeySyncTest {
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final FakeCluster cluster = new FakeCluster();
  private final ManualTime time = new ManualTime();
  private final List<Optional<UnlockKey>> sealed = new ArrayList<>();
  private boolean broken;

  private static UnlockKey key(int number) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    return new UnlockKey(bytes);
  }

  private UnlockKeySync sync(Optional<UnlockKey> inForce) {
    UnlockKeySync sync = syncBehind(inForce);
    sync.current();
    time.run();
    return sync;
  }

  private UnlockKeySync syncBehind(Optional<UnlockKey> inForce) {
    UnlockKeySync sync =
        new UnlockKeySync(
            time,
            inForce,
            key -> {
              sealed.add(key);
              if (broken) {
                throw new IOException("no space left on device");
              }
            });
    cluster.listen(sync);
    return sync;
  }

  /** The cluster's key is now this one; 0 is none. */
  private void wish(int number) {
    var object = docker.swarmkit.v1.Cluster.newBuilder().setId("c");
    if (number > 0) {
      object.addUnlockKeys(
          EncryptionKey.newBuilder()
              .setSubsystem("swarm-manager")
              .setKey(ByteString.copyFrom(key(number).bytes())));
    }
    cluster.commit(new Change.PutCluster(new Cluster("c", Meta.NONE, object.build())));
  }

  /** Restarted from a snapshot older than what its disk is sealed with. */
  @Test
  void anOldStateChangesNoSeal() {
    UnlockKeySync sync = syncBehind(Optional.of(key(3)));
    wish(0);
    time.run();
    wish(1);
    time.run();
    assertEquals(List.of(), sealed);
    wish(3);
    sync.current();
    time.run();
    assertEquals(List.of(), sealed);
    wish(4);
    time.run();
    assertEquals(List.of(Optional.of(key(4))), sealed);
  }

  @Test
  void whatChangedBeforeTheStartIsMadeUpForOnceItIsKnownForCertain() {
    UnlockKeySync sync = syncBehind(Optional.of(key(3)));
    wish(4);
    time.run();
    assertEquals(List.of(), sealed);
    sync.current();
    time.run();
    assertEquals(List.of(Optional.of(key(4))), sealed);
  }

  @Test
  void theSealIsChangedOnceForEachWish() {
    sync(Optional.empty());
    wish(0);
    time.run();
    assertEquals(List.of(), sealed);
    wish(1);
    assertEquals(List.of(), sealed, "files are not written on the log's thread");
    time.run();
    wish(1);
    time.run();
    assertEquals(List.of(Optional.of(key(1))), sealed);
    wish(2);
    time.run();
    wish(0);
    time.run();
    assertEquals(List.of(Optional.of(key(1)), Optional.of(key(2)), Optional.empty()), sealed);
    assertTrue(time.isIdle());
  }

  @Test
  void whatIsSealedAlreadyIsNotSealedAgain() {
    sync(Optional.of(key(1)));
    wish(1);
    time.run();
    assertEquals(List.of(), sealed);
  }

  @Test
  void onlyTheClusterIsLookedAt() {
    sync(Optional.of(key(1)));
    cluster.put("n", NodeRole.WORKER, NodeRole.WORKER);
    assertTrue(time.isIdle());
  }

  @Test
  void anImageIsLookedAtToo() {
    wish(1);
    sync(Optional.empty()).restored(cluster.snapshot());
    time.run();
    assertEquals(List.of(Optional.of(key(1))), sealed);
  }

  @Test
  void aDiskThatFailsIsTriedAgain() {
    sync(Optional.empty());
    broken = true;
    wish(1);
    time.run();
    time.pass(RETRY.minusMillis(1));
    assertEquals(1, sealed.size());
    time.pass(Duration.ofMillis(1));
    assertEquals(2, sealed.size());
    broken = false;
    time.pass(RETRY);
    assertEquals(3, sealed.size());
    time.pass(Duration.ofMinutes(1));
    assertEquals(3, sealed.size());
    assertEquals(Optional.of(key(1)), sealed.getLast());
  }

  @Test
  void theLastWishWins() {
    sync(Optional.empty());
    broken = true;
    wish(1);
    time.run();
    wish(2);
    broken = false;
    time.pass(Duration.ofMinutes(1));
    assertEquals(List.of(Optional.of(key(1)), Optional.of(key(2))), sealed);
  }

  @Test
  void aCommitIsReasonEnoughToTryAgain() {
    sync(Optional.empty());
    broken = true;
    wish(1);
    time.run();
    broken = false;
    wish(1);
    time.run();
    assertEquals(2, sealed.size());
    time.pass(Duration.ofMinutes(1));
    assertEquals(2, sealed.size());
  }

  /** What failed may have been half done: the old seal is to be restored, not believed in. */
  @Test
  void aWishThatIsTakenBackAfterAFailureIsSealedOver() {
    sync(Optional.of(key(1)));
    broken = true;
    wish(2);
    time.run();
    broken = false;
    wish(1);
    time.pass(Duration.ofMinutes(1));
    assertEquals(List.of(Optional.of(key(2)), Optional.of(key(1))), sealed);
  }
}
