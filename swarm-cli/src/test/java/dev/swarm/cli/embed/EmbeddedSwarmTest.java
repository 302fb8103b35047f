package dev.swarm.cli.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.manager.Manager;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.ListConfigsRequest;
import docker.swarmkit.v1.ListNodesRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSwarmTest {
  private static final Duration GONE_WITHIN = Duration.ofSeconds(20);

  @Test
  @Timeout(60)
  void aSwarmLivesAndDiesInsideOneJvm() throws InterruptedException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    AtomicInteger started = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();

    EmbeddedSwarm.run(
        () -> {
          started.incrementAndGet();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException stopped) {
            ended.incrementAndGet();
          }
        });

    assertTrue(started.get() >= 5, "five tasks ran");
    assertEquals(started.get(), ended.get(), "every program was told to end");
    for (Thread thread : remaining(before)) {
      assertTrue(thread.join(GONE_WITHIN), "left over: " + thread);
    }
  }

  @Test
  @Timeout(60)
  void aClusterOnDiskOutlivesItsManager(@TempDir Path directory)
      throws IOException, CredentialException {
    DurableManager program = new DurableManager(directory, new HostPort("127.0.0.1", freePort()));
    String node;
    try (Manager first = program.start()) {
      first.ready().toCompletableFuture().join();
      node = onlyNode(first);
      ControlGrpc.newBlockingStub(first.localChannel())
          .createConfig(
              CreateConfigRequest.newBuilder()
                  .setSpec(
                      ConfigSpec.newBuilder()
                          .setAnnotations(Annotations.newBuilder().setName("kept"))
                          .setData(ByteString.copyFromUtf8("for later")))
                  .build());
    }
    try (Manager second = program.start()) {
      second.ready().toCompletableFuture().join();
      assertEquals(node, onlyNode(second));
      assertEquals(
          List.of("kept"),
          ControlGrpc.newBlockingStub(second.localChannel())
              .listConfigs(ListConfigsRequest.getDefaultInstance())
              .getConfigsList()
              .stream()
              .map(config -> config.getSpec().getAnnotations().getName())
              .toList());
    }
  }

  private static String onlyNode(Manager manager) {
    return ControlGrpc.newBlockingStub(manager.localChannel())
        .listNodes(ListNodesRequest.getDefaultInstance())
        .getNodes(0)
        .getId();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** What gRPC shares between all its users ends by itself a while after the last of them. */
  private static Set<Thread> remaining(Set<Thread> before) {
    Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
    now.removeAll(before);
    now.removeIf(
        thread ->
            thread.isDaemon()
                && !thread.getName().startsWith("swarm-")
                && !thread.getName().startsWith("task-"));
    return now;
  }

  @Test
  void theDocumentShowsThisVeryCode() throws IOException {
    Path base = Path.of("").toAbsolutePath();
    Path root = Files.isDirectory(base.resolve("docs")) ? base : base.resolve("..").normalize();
    Path sources = root.resolve("swarm-cli/src/test/java/dev/swarm/cli/embed");
    String document = Files.readString(root.resolve("docs/embedding.md"));
    for (String file : List.of("EmbeddedSwarm.java", "ThreadEngine.java", "DurableManager.java")) {
      String code = Files.readString(sources.resolve(file));
      String shown = code.substring(code.indexOf("import ")).strip();
      assertFalse(shown.isEmpty());
      assertTrue(document.contains(shown), "docs/embedding.md does not show " + file + " as it is");
    }
  }
}
