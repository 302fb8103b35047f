package dev.swarm.core.allocator;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.EncryptionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The keys with which stock engines encrypt what they tell one another of networks. Each subsystem
 * has three, of which the middle one is in use: when they rotate, every engine knows the next one
 * already and the last one still.
 *
 * <p>A key's lamport time is the second it was made in, or one more than the newest where that is
 * not later. So the keys themselves say when they are to rotate, whichever manager leads by then.
 */
public final class BootstrapKeys {
  static final List<String> SUBSYSTEMS = List.of("networking:gossip", "networking:ipsec");
  static final int KEYS_A_SUBSYSTEM = 3;
  static final Duration ROTATED_EVERY = Duration.ofHours(12);
  private static final int KEY_BYTES = 16;

  private BootstrapKeys() {}

  public static Plan reconcile(Snapshot snapshot, Instant now) {
    if (snapshot.cluster().isEmpty()) {
      return Plan.NOTHING;
    }
    docker.swarmkit.v1.Cluster cluster = snapshot.cluster().get().object();
    Plan.Builder plan = Plan.builder();
    Instant due = Instant.ofEpochSecond(newest(cluster)).plus(ROTATED_EVERY);
    if (isComplete(cluster) && due.isAfter(now)) {
      plan.wakeAt(due);
    } else {
      plan.add(new Command.Draw(BootstrapKeys::rotate, Cause.Plain.KEYS_AGED));
    }
    return plan.build();
  }

  private static boolean isComplete(docker.swarmkit.v1.Cluster cluster) {
    return SUBSYSTEMS.stream().allMatch(name -> of(cluster, name).size() == KEYS_A_SUBSYSTEM);
  }

  private static List<EncryptionKey> of(docker.swarmkit.v1.Cluster cluster, String subsystem) {
    return cluster.getNetworkBootstrapKeysList().stream()
        .filter(key -> key.getSubsystem().equals(subsystem))
        .sorted(Comparator.comparingLong(EncryptionKey::getLamportTime))
        .toList();
  }

  private static long newest(docker.swarmkit.v1.Cluster cluster) {
    return cluster.getNetworkBootstrapKeysList().stream()
        .mapToLong(EncryptionKey::getLamportTime)
        .max()
        .orElse(0);
  }

  private static List<Change> rotate(Snapshot snapshot, Instant now, IdSource ids) {
    return snapshot.cluster().stream()
        .<Change>map(cluster -> new Change.PutCluster(rotate(cluster, now, ids)))
        .toList();
  }

  /** The cluster with a new key for each subsystem in place of its oldest, or with a first set. */
  public static Cluster rotate(Cluster cluster, Instant now, IdSource source) {
    docker.swarmkit.v1.Cluster object = cluster.object();
    long lamport = Math.max(object.getEncryptionKeyLamportClock(), newest(object));
    List<EncryptionKey> keys = new ArrayList<>();
    for (String subsystem : SUBSYSTEMS) {
      List<EncryptionKey> kept = new ArrayList<>(of(object, subsystem));
      while (kept.size() >= KEYS_A_SUBSYSTEM) {
        kept.removeFirst();
      }
      while (kept.size() < KEYS_A_SUBSYSTEM) {
        lamport = Math.max(lamport + 1, now.getEpochSecond());
        kept.add(
            EncryptionKey.newBuilder()
                .setSubsystem(subsystem)
                .setAlgorithm(EncryptionKey.Algorithm.AES_128_GCM)
                .setKey(ByteString.copyFrom(source.secret(KEY_BYTES)))
                .setLamportTime(lamport)
                .build());
      }
      keys.addAll(kept);
    }
    return cluster.withObject(
        object.toBuilder()
            .clearNetworkBootstrapKeys()
            .addAllNetworkBootstrapKeys(keys)
            .setEncryptionKeyLamportClock(lamport)
            .build());
  }
}
