package dev.swarm.cli.embed;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.host.DurableFiles;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.Manager;
import dev.swarm.manager.ManagerOptions;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.ca.ClusterBootstrap;
import docker.swarmkit.v1.NodeSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** A manager whose cluster is in a directory, and outlives it. */
final class DurableManager {
  private final Path directory;
  private final HostPort address;

  /**
   * @param address where other nodes reach this manager; they may join it
   */
  DurableManager(Path directory, HostPort address) {
    this.directory = directory;
    this.address = address;
  }

  /** Founds the cluster, or goes on with the one that is there. */
  Manager start() throws IOException, CredentialException {
    if (Files.exists(file("node.crt"))) {
      return Manager.start(options(loaded()));
    }
    SecureRandom random = new SecureRandom();
    ClusterBootstrap founding =
        ClusterBootstrap.create(
            ClusterBootstrap.defaultSpec(),
            NodeSpec.Availability.DRAIN,
            new RandomIds(random),
            random,
            new SystemClock().now());
    store(founding.identity());
    return Manager.start(options(founding.identity()).withFounding(founding));
  }

  private ManagerOptions options(NodeIdentity identity) {
    return ManagerOptions.onDisk(
        new IdentityHolder(identity, new SystemClock()),
        file("manager"),
        new InetSocketAddress(address.host(), address.port()),
        address);
  }

  private NodeIdentity loaded() throws IOException, CredentialException {
    return NodeIdentity.of(
        RootCertificate.parse(Files.readAllBytes(file("root.crt"))),
        Files.readAllBytes(file("node.crt")),
        PrivateKeys.decode(Files.readAllBytes(file("node.key"))));
  }

  /** The certificate last: where it is, the rest is. */
  private void store(NodeIdentity identity) throws IOException {
    DurableFiles.createDirectory(directory);
    DurableFiles.replace(file("root.crt"), identity.root().pem());
    DurableFiles.replace(file("node.key"), PrivateKeys.encode(identity.key()));
    DurableFiles.replace(file("node.crt"), identity.chainPem());
  }

  private Path file(String name) {
    return directory.resolve(name);
  }
}
