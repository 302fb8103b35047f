package dev.swarm.core.control.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.EncryptionKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which key a cluster has after its spec changed. */
class UnlockKeysTest {
  private static final ByteString OLD = ByteString.copyFromUtf8("old");
  private static final ByteString NEW = ByteString.copyFromUtf8("new");

  private int made;

  private ByteString make() {
    made++;
    return NEW;
  }

  private static Cluster cluster(boolean locked) {
    Cluster.Builder cluster = Cluster.newBuilder().setId("c");
    cluster.getSpecBuilder().getEncryptionConfigBuilder().setAutoLockManagers(locked);
    return cluster.build();
  }

  private static Cluster withKey(Cluster cluster) {
    return cluster.toBuilder()
        .addUnlockKeys(EncryptionKey.newBuilder().setSubsystem("swarm-manager").setKey(OLD))
        .build();
  }

  @Test
  void aClusterThatIsNotLockedHasNoKey() {
    for (boolean rotate : new boolean[] {false, true}) {
      assertEquals(cluster(false), UnlockKeys.settle(cluster(false), rotate, this::make));
      assertEquals(cluster(false), UnlockKeys.settle(withKey(cluster(false)), rotate, this::make));
    }
    assertEquals(0, made);
    assertEquals(Optional.empty(), UnlockKeys.of(cluster(false)));
  }

  @Test
  void lockingMakesAKey() {
    for (boolean rotate : new boolean[] {false, true}) {
      Cluster settled = UnlockKeys.settle(cluster(true), rotate, this::make);
      assertEquals(Optional.of(NEW), UnlockKeys.of(settled));
      assertEquals(cluster(true), settled.toBuilder().clearUnlockKeys().build());
    }
    assertEquals(2, made);
  }

  @Test
  void aLockedClusterKeepsItsKey() {
    Cluster locked = withKey(cluster(true));
    assertSame(locked, UnlockKeys.settle(locked, false, this::make));
    assertEquals(0, made);
    assertEquals(Optional.of(OLD), UnlockKeys.of(locked));
  }

  @Test
  void rotationReplacesTheKey() {
    Cluster rotated = UnlockKeys.settle(withKey(cluster(true)), true, this::make);
    assertEquals(Optional.of(NEW), UnlockKeys.of(rotated));
    assertEquals(1, rotated.getUnlockKeysCount());
  }

  @Test
  void aKeyOfAnotherSubsystemIsNotTheManagers() {
    Cluster other =
        cluster(true).toBuilder()
            .addUnlockKeys(EncryptionKey.newBuilder().setSubsystem("other").setKey(OLD))
            .build();
    assertEquals(Optional.empty(), UnlockKeys.of(other));
    assertEquals(Optional.of(NEW), UnlockKeys.of(UnlockKeys.settle(other, false, this::make)));
  }
}
