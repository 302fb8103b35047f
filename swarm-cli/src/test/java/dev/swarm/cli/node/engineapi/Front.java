package dev.swarm.cli.node.engineapi;

import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import dev.swarm.cli.node.engineapi.proxy.SocketEngine;
import dev.swarm.core.port.Clock;
import dev.swarm.host.SystemClock;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The front with a fake engine behind it, and a fake leader beside it. */
final class Front implements AutoCloseable {
  final FakeNode node = new FakeNode();
  final FakeLeader leader;
  final FakeEngine engine;
  final EngineApiServer server;
  final RawClient client;

  Front(Path directory) throws IOException {
    this(directory, List.of());
  }

  Front(Path directory, List<EngineApiServer.Tcp> tcp) throws IOException {
    Clock clock = new SystemClock();
    leader = new FakeLeader(directory.toString());
    engine = new FakeEngine(directory.resolve("engine.sock"));
    client = new RawClient(directory.resolve("front.sock"));
    server =
        EngineApiServer.start(
            new EngineApiServer.Listen(List.of(client.socket()), tcp),
            new ServerIdentity("0.1.0", 24, 47, "host", "amd64", 2, 1 << 30),
            node,
            leader::channel,
            () -> "abcdefghijklmnopqrstuvwxy",
            clock,
            Optional.of(new SocketEngine(engine.socket(), clock)));
  }

  /** A connection on which {@code head} was sent, line ends added. */
  SocketChannel send(String head) throws IOException {
    SocketChannel channel = client.open();
    write(channel, head.replace("\n", "\r\n") + "\r\n\r\n");
    return channel;
  }

  static void write(SocketChannel channel, String text) {
    RawClient.writeAll(channel, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The engine's socket goes away, as when it is stopped. */
  void stopEngine() throws IOException {
    engine.close();
    Files.deleteIfExists(engine.socket());
  }

  @Override
  public void close() throws IOException {
    server.close();
    leader.close();
    engine.close();
  }
}
