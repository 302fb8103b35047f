package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * An engine that answers what a test says. It keeps connections open as long as its clients want
 * and, when it is started anew, none.
 */
final class FakeDocker implements AutoCloseable {
  /** A request; its body is missing if it has none. */
  record Request(String method, String target, JsonNode body) {
    boolean is(String wantedMethod, String prefix) {
      return method.equals(wantedMethod) && target.startsWith(prefix);
    }
  }

  record Reply(int status, String body) {
    static Reply ok(String body) {
      return new Reply(200, body);
    }
  }

  /** What to answer; nothing to hang up without an answer. */
  volatile Function<Request, Optional<Reply>> answer = request -> Optional.of(Reply.ok("{}"));

  /** Whether it has events to tell, of which none ever comes; if not it answers as to the rest. */
  volatile boolean hasEvents = true;

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();
  private final Path socket;
  private volatile ServerSocketChannel server;

  FakeDocker(Path directory) throws IOException {
    socket = directory.resolve("docker.sock");
    server = listen();
  }

  URI address() {
    return URI.create("unix://" + socket);
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(() -> accept(listening));
    return listening;
  }

  /** Every connection ends, and until {@link #begin} nobody listens. */
  void stop() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }

  void begin() throws IOException {
    server = listen();
  }

  private void accept(ServerSocketChannel listening) {
    while (listening.isOpen()) {
      try {
        SocketChannel connection = listening.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      boolean goesOn = true;
      while (goesOn) {
        String head = head(connection);
        if (head.isEmpty()) {
          return;
        }
        String[] line = head.split(" ", 3);
        Request request = new Request(line[0], line[1], body(connection, head));
        requests.add(request);
        if (hasEvents && request.target().startsWith("/events")) {
          write(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          head(connection); // until the client leaves
          return;
        }
        Optional<Reply> reply = answer.apply(request);
        if (reply.isEmpty()) {
          return;
        }
        goesOn = !head.toLowerCase(Locale.ROOT).contains("connection: close");
        byte[] body = reply.get().body().getBytes(StandardCharsets.UTF_8);
        write(
            connection,
            "HTTP/1.1 "
                + reply.get().status()
                + " X\r\nContent-Length: "
                + body.length
                + (goesOn ? "" : "\r\nConnection: close")
                + "\r\n\r\n"
                + reply.get().body());
      }
    } catch (IOException gone) {
      // The client hung up.
    }
  }

  private static JsonNode body(SocketChannel connection, String head) throws IOException {
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        int length = Integer.parseInt(line.substring(15).strip());
        return length == 0
            ? MissingNode.getInstance()
            : EngineApi.JSON.readTree(read(connection, length));
      }
    }
    return MissingNode.getInstance();
  }

  private static String head(SocketChannel connection) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      String one = read(connection, 1);
      if (one.isEmpty()) {
        return "";
      }
      head.append(one);
    }
    return head.toString();
  }

  private static String read(SocketChannel connection, int bytes) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(bytes);
    while (in.hasRemaining() && connection.read(in) >= 0) {
      // More may come.
    }
    return new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
  }

  private static void write(SocketChannel connection, String text) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (out.hasRemaining()) {
      var _ = connection.write(out);
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
