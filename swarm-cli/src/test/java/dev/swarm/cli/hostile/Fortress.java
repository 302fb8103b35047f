package dev.swarm.cli.hostile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.Manager;
import dev.swarm.manager.ManagerOptions;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.ca.ClusterBootstrap;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.NodeSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/** A manager that leads a cluster of one, on a port of the loopback. */
final class Fortress implements AutoCloseable {
  private final SecureRandom random = new SecureRandom();
  private final RandomIds ids = new RandomIds(random);
  final ClusterBootstrap founding;
  final Manager manager;

  Fortress(Path directory) throws IOException {
    SystemClock clock = new SystemClock();
    founding =
        ClusterBootstrap.create(
            ClusterBootstrap.defaultSpec(), NodeSpec.Availability.ACTIVE, ids, random, clock.now());
    manager =
        Manager.start(
            ManagerOptions.onDisk(
                    new IdentityHolder(founding.identity(), clock),
                    directory,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new HostPort("127.0.0.1", 1))
                .withFounding(founding));
    manager.ready().toCompletableFuture().join();
  }

  int port() {
    return manager.port().orElseThrow();
  }

  /** It leads, and what is written is committed. */
  void stands() {
    assertTrue(manager.leads());
    var created =
        ControlGrpc.newBlockingStub(manager.localChannel())
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .createConfig(
                CreateConfigRequest.newBuilder()
                    .setSpec(
                        ConfigSpec.newBuilder()
                            .setAnnotations(Annotations.newBuilder().setName(ids.next()))
                            .setData(ByteString.copyFromUtf8("still here")))
                    .build());
    assertTrue(created.hasConfig());
    assertTrue(manager.leads());
  }

  @Override
  public void close() {
    manager.close();
  }
}
