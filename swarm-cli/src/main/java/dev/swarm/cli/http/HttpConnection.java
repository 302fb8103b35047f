package dev.swarm.cli.http;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection, one exchange at a time. Every wait is bounded by the timeout it is
 * given, zero meaning for ever. For one thread.
 */
final class HttpConnection implements Closeable {
  /** What a reply's head may take; more is a broken or hostile peer. */
  static final int HEAD_BYTES_MAX = 64 * 1024;

  private static final int BUFFER_BYTES = 16 * 1024;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final String hostHeader;
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();

  private HttpConnection(SocketChannel channel, Selector selector, String hostHeader)
      throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.hostHeader = hostHeader;
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
  }

  /**
   * @throws DaemonUnreachable when nobody listens there
   */
  static HttpConnection open(Endpoint endpoint, Duration timeout) throws IOException {
    try {
      return connect(endpoint.channel(), endpoint.address(), endpoint.hostHeader(), timeout);
    } catch (UnresolvedAddressException e) {
      throw new DaemonUnreachable(endpoint, "unknown host", new IOException(e));
    } catch (SocketTimeoutException e) {
      throw new DaemonUnreachable(endpoint, "no answer", e);
    } catch (IOException e) {
      throw String.valueOf(e.getMessage()).contains("Permission denied")
          ? new DaemonUnreachable(endpoint, "permission denied", e)
          : new DaemonUnreachable(endpoint, e);
    }
  }

  private static HttpConnection connect(
      SocketChannel channel, SocketAddress address, String hostHeader, Duration timeout)
      throws IOException {
    HttpConnection connection;
    try {
      connection = new HttpConnection(channel, Selector.open(), hostHeader);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    try {
      if (!channel.connect(address)) {
        connection.await(SelectionKey.OP_CONNECT, timeout);
        channel.finishConnect();
      }
      return connection;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Sends one request and reads the reply's head; its body is read from the reply.
   *
   * @param patience how long the head, and after it each piece of the body, may take
   */
  HttpReply exchange(
      String method,
      String target,
      Map<String, String> headers,
      byte @Nullable [] body,
      Duration patience)
      throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ");
    head.append(hostHeader).append("\r\nUser-Agent: swarm\r\nAccept: */*\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body != null) {
      head.append("Content-Type: application/json\r\n");
    }
    if (body != null || !method.equals("GET")) {
      head.append("Content-Length: ").append(body == null ? 0 : body.length).append("\r\n");
    }
    head.append("\r\n");
    send(ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1)), patience);
    if (body != null) {
      send(ByteBuffer.wrap(body), patience);
    }
    return HttpReply.read(this, patience);
  }

  private void send(ByteBuffer bytes, Duration patience) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, patience);
      }
    }
  }

  /** The next byte, or -1 at the end. */
  int read(Duration patience) throws IOException {
    return fill(patience) ? in.get() & 0xff : -1;
  }

  /** Up to {@code length} bytes, at least one, or -1 at the end. */
  int read(byte[] into, int offset, int length, Duration patience) throws IOException {
    if (!fill(patience)) {
      return -1;
    }
    int count = Math.min(length, in.remaining());
    in.get(into, offset, count);
    return count;
  }

  /** A line without its end; at most {@code limit} bytes. */
  String line(int limit, Duration patience) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = read(patience); b != '\n'; b = read(patience)) {
      if (b < 0) {
        throw new EOFException("the daemon closed the connection in the middle of a reply");
      }
      if (line.length() >= limit) {
        throw new IOException("the daemon's reply has a head of more than " + limit + " bytes");
      }
      line.append((char) b);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  private boolean fill(Duration patience) throws IOException {
    while (!in.hasRemaining()) {
      in.clear();
      int count = channel.read(in);
      in.flip();
      if (count < 0) {
        return false;
      }
      if (count == 0) {
        await(SelectionKey.OP_READ, patience);
      }
    }
    return true;
  }

  private void await(int operation, Duration timeout) throws IOException {
    key.interestOps(operation);
    if (selector.select(timeout.toMillis()) == 0) {
      throw new SocketTimeoutException(
          "the daemon did not answer within " + timeout.toSeconds() + " seconds");
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    try (selector;
        channel) {
      key.cancel();
    }
  }
}
