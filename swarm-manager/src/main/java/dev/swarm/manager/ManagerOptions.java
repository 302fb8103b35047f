package dev.swarm.manager;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.Validity;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.raft.storage.UnlockKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Configuration of a manager. The two usual forms are {@link #onDisk} and {@link #inMemory}.
 *
 * @param identity this manager's certificate, replaced in place when it is renewed
 * @param directory where the log lives; without one the cluster lives in memory and dies with it
 * @param listen the one port; without one only workers in this JVM can join
 * @param advertise what other nodes are told
 * @param managers addresses of other managers, host:port, by which this one enters their log, or
 *     finds back into it; asked for anew whenever they are needed
 * @param founding the cluster to found if the log is empty
 * @param forceNewCluster to become the only manager, keeping the data, after a majority was lost
 * @param comesBack the log that is there has ended for this manager: the others are asked first
 *     whether they still count on it, and where they do not it begins anew
 * @param unlock opens a log of a cluster whose managers are locked
 * @param sealing told of the key that this manager's secrets on disk are to be sealed with, and of
 *     none where they need not be, whenever that changes; may block; when it fails it is told again
 * @param certificateValidity in place of the cluster's own policy
 */
public record ManagerOptions(
    IdentityHolder identity,
    Optional<Path> directory,
    Optional<InetSocketAddress> listen,
    HostPort advertise,
    Supplier<List<String>> managers,
    Optional<ClusterBootstrap> founding,
    boolean forceNewCluster,
    boolean comesBack,
    Optional<UnlockKey> unlock,
    Sealing sealing,
    Optional<Validity> certificateValidity) {

  /** A manager whose cluster survives it. */
  public static ManagerOptions onDisk(
      IdentityHolder identity, Path directory, InetSocketAddress listen, HostPort advertise) {
    return new ManagerOptions(
        identity,
        Optional.of(directory),
        Optional.of(listen),
        advertise,
        List::of,
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        key -> {},
        Optional.empty());
  }

  /** A manager without disk or network, for workers in the same JVM. */
  public static ManagerOptions inMemory(IdentityHolder identity, ClusterBootstrap founding) {
    return new ManagerOptions(
        identity,
        Optional.empty(),
        Optional.empty(),
        new HostPort("localhost", HostPort.SWARM_PORT),
        List::of,
        Optional.of(founding),
        false,
        false,
        Optional.empty(),
        key -> {},
        Optional.empty());
  }

  public ManagerOptions withFounding(ClusterBootstrap cluster) {
    return with(parts -> parts.founding = Optional.of(cluster));
  }

  public ManagerOptions withForceNewCluster() {
    return with(parts -> parts.forceNewCluster = true);
  }

  /** For one whose log has {@link Manager#ended ended} while it is to be a manager. */
  public ManagerOptions comingBack() {
    return with(parts -> parts.comesBack = true);
  }

  public ManagerOptions withCertificateValidity(Validity validity) {
    return with(parts -> parts.certificateValidity = Optional.of(validity));
  }

  public ManagerOptions withManagers(Supplier<List<String>> addresses) {
    return with(parts -> parts.managers = addresses);
  }

  /**
   * For an embedding that keeps secrets of its own beside this manager's.
   *
   * @param opening the key that opens what is sealed on disk now
   */
  public ManagerOptions withLock(Optional<UnlockKey> opening, Sealing told) {
    return with(
        parts -> {
          parts.unlock = opening;
          parts.sealing = told;
        });
  }

  private ManagerOptions with(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return new ManagerOptions(
        identity,
        directory,
        listen,
        advertise,
        parts.managers,
        parts.founding,
        parts.forceNewCluster,
        parts.comesBack,
        parts.unlock,
        parts.sealing,
        parts.certificateValidity);
  }

  /** What can be changed of options, while it is. */
  private static final class Parts {
    private Supplier<List<String>> managers;
    private Optional<ClusterBootstrap> founding;
    private boolean forceNewCluster;
    private boolean comesBack;
    private Optional<UnlockKey> unlock;
    private Sealing sealing;
    private Optional<Validity> certificateValidity;

    private Parts(ManagerOptions from) {
      managers = from.managers;
      founding = from.founding;
      forceNewCluster = from.forceNewCluster;
      comesBack = from.comesBack;
      unlock = from.unlock;
      sealing = from.sealing;
      certificateValidity = from.certificateValidity;
    }
  }

  /** Seals what else there is to seal on a manager's disk: its private key, in the program. */
  @FunctionalInterface
  public interface Sealing {
    /**
     * @param key empty where managers are not locked
     */
    void seal(Optional<UnlockKey> key) throws IOException;
  }
}
