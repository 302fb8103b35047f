package dev.swarm.cli.node.engineapi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An engine that does what the test says with each connection's bytes. Requests for JSON are
 * answered from a map; the next other one is handed to the test.
 */
final class FakeEngine implements AutoCloseable {
  /** Replies to GETs, by the beginning of the path without its version. */
  final Map<String, String> json = new ConcurrentHashMap<>();

  final List<String> heads = new CopyOnWriteArrayList<>();

  /** Connections that the front has let go of while nothing was under way on them. */
  final BlockingQueue<SocketChannel> letGo = new LinkedBlockingQueue<>();

  private final List<SocketChannel> accepted = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final Path socket;
  private final ServerSocketChannel server;

  /** A connection whose request's head was read. */
  record Call(String head, SocketChannel channel) implements AutoCloseable {
    String read(int bytes) throws IOException {
      return FakeEngine.read(channel, bytes);
    }

    /** Whatever comes until the client's side ends. */
    String readAll() throws IOException {
      return FakeEngine.readAll(channel);
    }

    void write(String text) {
      RawClient.writeAll(channel, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  FakeEngine(Path socket) throws IOException {
    this.socket = socket;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    json.put("/_ping", "OK");
    json.put(
        "/version",
        "{\"Version\":\"20.10\",\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\","
            + "\"Components\":[{\"Name\":\"Engine\",\"Details\":{\"ApiVersion\":\"1.41\"}}]}");
    Thread.ofVirtual().start(this::accept);
  }

  Path socket() {
    return socket;
  }

  /** The next request that is not for JSON. */
  Call next() throws InterruptedException {
    return calls.take();
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        accepted.add(channel);
        Thread.ofVirtual().start(() -> serve(channel));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(SocketChannel channel) {
    try {
      for (String head = head(channel); !head.isEmpty(); head = head(channel)) {
        heads.add(head);
        String path = head.split(" ", 3)[1].replaceFirst("^/v1\\.[0-9]+", "");
        var reply = json.entrySet().stream().filter(e -> path.startsWith(e.getKey())).findFirst();
        if (reply.isEmpty() || !head.startsWith("GET ")) {
          calls.add(new Call(head, channel));
          return;
        }
        String body = reply.get().getValue();
        RawClient.writeAll(
            channel,
            ("HTTP/1.1 200 OK\r\nBuilder-Version: 1\r\nDocker-Experimental: true\r\n"
                    + "Content-Type: application/json\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.UTF_8));
      }
      letGo.add(channel);
    } catch (IOException gone) {
      // The front hung up.
    }
  }

  /** A head with its empty line; empty at the end of the connection. */
  static String head(SocketChannel channel) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      String one = read(channel, 1);
      if (one.isEmpty()) {
        return "";
      }
      head.append(one);
    }
    return head.toString();
  }

  /** {@code bytes} bytes, fewer at the end of the connection. */
  static String read(SocketChannel channel, int bytes) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(bytes);
    while (in.hasRemaining() && channel.read(in) >= 0) {
      // More may come.
    }
    return new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
  }

  static String readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(8192);
    while (channel.read(part) >= 0) {
      all.write(part.array(), 0, part.position());
      part.clear();
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel channel : accepted) {
      channel.close();
    }
  }
}
