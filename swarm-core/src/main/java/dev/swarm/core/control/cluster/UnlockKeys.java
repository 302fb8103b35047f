package dev.swarm.core.control.cluster;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.EncryptionKey;
import java.util.Optional;
import java.util.function.Supplier;

/** The cluster's unlock key, which seals managers' disks while autolock is on: one or none. */
public final class UnlockKeys {
  /** Whose key it is; the word is swarmkit's. */
  private static final String SUBSYSTEM = "swarm-manager";

  private UnlockKeys() {}

  /** The key of a cluster whose managers are locked. Secret. */
  public static Optional<ByteString> of(Cluster cluster) {
    return cluster.getUnlockKeysList().stream()
        .filter(key -> key.getSubsystem().equals(SUBSYSTEM))
        .map(EncryptionKey::getKey)
        .findFirst();
  }

  /**
   * {@code cluster} with the key that its spec asks for: none without auto-lock, a new one where
   * there is none yet or a new one is wanted, otherwise the one it has.
   */
  public static Cluster settle(Cluster cluster, boolean rotate, Supplier<ByteString> newKey) {
    boolean locked = cluster.getSpec().getEncryptionConfig().getAutoLockManagers();
    if (!locked) {
      return cluster.toBuilder().clearUnlockKeys().build();
    }
    return of(cluster).isPresent() && !rotate
        ? cluster
        : cluster.toBuilder()
            .clearUnlockKeys()
            .addUnlockKeys(EncryptionKey.newBuilder().setSubsystem(SUBSYSTEM).setKey(newKey.get()))
            .build();
  }
}
