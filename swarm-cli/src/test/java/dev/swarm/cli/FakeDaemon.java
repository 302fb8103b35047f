package dev.swarm.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Plays a daemon on a unix socket: raw bytes for each request, so that bad manners can be played.
 */
public final class FakeDaemon implements AutoCloseable {
  /** What was asked: {@code path} with its query decoded, {@code body} as text. */
  public record Request(String method, String path, String head, String body) {
    @Override
    public String toString() {
      return method + " " + path + (body.isEmpty() ? "" : " " + body);
    }
  }

  private final ServerSocketChannel server;
  private final Path socket;
  private final Function<Request, String> answers;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /**
   * @param answers from a request to the whole reply; see {@link #ok} and {@link #error}
   */
  public FakeDaemon(Path folder, Function<Request, String> answers) throws IOException {
    this.socket = folder.resolve("swarm.sock");
    this.answers = answers;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  public String host() {
    return "unix://" + socket;
  }

  public List<Request> requests() {
    return requests;
  }

  public static String ok(String json) {
    return reply("200 OK", json.replace('\'', '"'));
  }

  public static String error(int status, String message) {
    return reply(status + " Refused", "{\"message\":\"" + message + "\"}");
  }

  public static String reply(String status, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> converse(channel));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      return;
    }
  }

  private void converse(SocketChannel channel) {
    try (channel) {
      String head = head(channel);
      while (!head.isEmpty()) {
        String[] words = head.split(" ", 3);
        Request request =
            new Request(
                words[0],
                URLDecoder.decode(words[1], StandardCharsets.UTF_8),
                head,
                body(channel, head));
        requests.add(request);
        String reply = answers.apply(request);
        channel.write(ByteBuffer.wrap(reply.getBytes(StandardCharsets.UTF_8)));
        if (!reply.contains("Content-Length") && !reply.contains("chunked")) {
          return;
        }
        head = head(channel);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String head(SocketChannel channel) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (channel.read(one.clear()) > 0) {
      head.write(one.get(0));
      if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private static String body(SocketChannel channel, String head) throws IOException {
    int at = head.indexOf("Content-Length: ");
    if (at < 0) {
      return "";
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    ByteBuffer body = ByteBuffer.allocate(length);
    while (body.hasRemaining() && channel.read(body) > 0) {}
    return new String(body.array(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
