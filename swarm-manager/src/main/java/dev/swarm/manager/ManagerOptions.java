package dev.swarm.manager;

import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.Validity;
import dev.swarm.manager.ca.Founding;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a manager is made of. The two usual forms are {@link #onDisk} and {@link #inMemory}.
 *
 * @param identity this manager's certificate, replaced in place when it is renewed
 * @param directory where the log lives; without one the cluster lives in memory and dies with it
 * @param listen the one port; without one only workers in this JVM can join
 * @param advertise host:port that other nodes are told
 * @param founding the cluster to found if the log is empty
 * @param forceNewCluster to become the only manager, keeping the data, after a majority was lost
 * @param certificateValidity in place of the cluster's own policy
 */
public record ManagerOptions(
    IdentityHolder identity,
    Optional<Path> directory,
    Optional<InetSocketAddress> listen,
    String advertise,
    Optional<Founding> founding,
    boolean forceNewCluster,
    Optional<Validity> certificateValidity) {

  /** A manager whose cluster survives it. */
  public static ManagerOptions onDisk(
      IdentityHolder identity, Path directory, InetSocketAddress listen, String advertise) {
    return new ManagerOptions(
        identity,
        Optional.of(directory),
        Optional.of(listen),
        advertise,
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** A manager without disk or network, for workers in the same JVM. */
  public static ManagerOptions inMemory(IdentityHolder identity, Founding founding) {
    return new ManagerOptions(
        identity,
        Optional.empty(),
        Optional.empty(),
        "localhost:2377",
        Optional.of(founding),
        false,
        Optional.empty());
  }

  public ManagerOptions withFounding(Founding cluster) {
    return new ManagerOptions(
        identity,
        directory,
        listen,
        advertise,
        Optional.of(cluster),
        forceNewCluster,
        certificateValidity);
  }

  public ManagerOptions withForceNewCluster() {
    return new ManagerOptions(
        identity, directory, listen, advertise, founding, true, certificateValidity);
  }

  public ManagerOptions withCertificateValidity(Validity validity) {
    return new ManagerOptions(
        identity, directory, listen, advertise, founding, forceNewCluster, Optional.of(validity));
  }
}
