package dev.swarm.cli.node.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.swarm.manager.edge.RemoteLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.MDC;

/** The program's own configuration of its log. */
@ResourceLock(Resources.SYSTEM_ERR)
class LogTest {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void configure() throws Exception {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    context.setMDCAdapter(new LogbackMDCAdapter());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    URL configuration = LibraryLines.class.getResource("/logback.xml");
    configurator.doConfigure(configuration);
  }

  @AfterEach
  void restore() {
    System.setErr(before);
    MDC.clear();
    context.stop();
  }

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static Throwable deep() {
    return new IllegalStateException(
        "Invalid protobuf byte sequence", new java.io.IOException("ends in a varint\nforged"));
  }

  @Test
  void whatALibrarySaysOfARemoteIsOneLineAndFewOfThem() {
    var grpc = context.getLogger("io.grpc.internal.SerializingExecutor");
    MDC.put(RemoteLog.REMOTE, "10.9.8.7");
    for (int i = 0; i < 1000; i++) {
      grpc.error("Exception while executing runnable {}", "task", deep());
    }
    List<String> lines = lines();
    assertEquals(5, lines.size(), () -> String.join("\n", lines));
    assertTrue(
        lines
            .getFirst()
            .endsWith(
                "ERROR SerializingExecutor: Exception while executing runnable task:"
                    + " Invalid protobuf byte sequence: ends in a varint\\nforged (from 10.9.8.7)"),
        lines.getFirst());
    MDC.put(RemoteLog.REMOTE, "10.9.8.6");
    grpc.warn("Stream closed before write could take place");
    assertEquals(6, lines().size(), "another remote's line is there");
  }

  @Test
  void whatEndsInOrderIsNoError() {
    String raft = "org.apache.ratis.server.";
    context
        .getLogger(raft + "impl.StateMachineUpdater")
        .error("x caught a Throwable.", new IllegalStateException("available = -1 < 0"));
    context
        .getLogger(raft + "storage.RaftStorage")
        .error(
            "Failed writing configuration to file: x", new java.nio.file.NoSuchFileException("x"));
    assertEquals(List.of(), lines());
    context
        .getLogger(raft + "storage.RaftStorage")
        .error("Failed writing configuration to file: x", new java.io.IOException("disk full"));
    context
        .getLogger(raft + "impl.StateMachineUpdater")
        .error("x caught a Throwable.", new IllegalStateException("of another kind"));
    assertEquals(2, lines().size(), "but those are");
  }

  @Test
  void ourOwnFaultsKeepTheirStackAndNothingInItLooksLikeALine() {
    context.getLogger("dev.swarm.manager.Manager").error("a fault", deep());
    assertTrue(lines().size() > 5);
    assertTrue(
        lines().stream().skip(1).allMatch(line -> line.startsWith("  ")), lines().toString());
    assertTrue(lines().stream().anyMatch(line -> line.contains("LogTest")));
  }

  @Test
  void aHostnameCannotForgeALineOrColourATerminal() {
    context.getLogger("dev.swarm.manager.X").info("node {} is down", "a\n2026 INFO b\u001b[31m");
    assertEquals(1, lines().size());
    assertTrue(lines().getFirst().endsWith("X: node a\\n2026 INFO b\\x1b[31m is down"));
    context.getLogger("dev.swarm.manager.X").info("x".repeat(1 << 20));
    assertTrue(lines().getLast().length() < 2 * PrintableMessage.LENGTH_MAX);
  }
}
