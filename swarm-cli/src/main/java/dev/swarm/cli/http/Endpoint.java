package dev.swarm.cli.http;

import dev.swarm.core.net.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Address of a daemon: a unix socket or TCP.
 *
 * <p>Methods where one might expect a pattern switch: such a switch makes its class when it first
 * runs, which no start-up cache can save, and that alone took longer than a request.
 */
public sealed interface Endpoint {
  /** Where a daemon listens unless it was told otherwise. */
  String DEFAULT = "unix:///var/run/swarm.sock";

  /** A unix domain socket. */
  record Unix(Path path) implements Endpoint {
    @Override
    public SocketChannel channel() throws IOException {
      return SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    @Override
    public SocketAddress address() {
      return UnixDomainSocketAddress.of(path);
    }

    @Override
    public String hostHeader() {
      return "swarm";
    }

    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /** A TCP address, without TLS. */
  record Tcp(HostPort at) implements Endpoint {
    @Override
    public SocketChannel channel() throws IOException {
      return SocketChannel.open();
    }

    @Override
    public SocketAddress address() {
      return new InetSocketAddress(at.host(), at.port());
    }

    @Override
    public String hostHeader() {
      return at.toString();
    }

    @Override
    public String toString() {
      return "tcp://" + at;
    }
  }

  /** A new channel of the right family, not yet connected. */
  SocketChannel channel() throws IOException;

  /** Where to connect it; looks a host name up. */
  SocketAddress address();

  /** What HTTP's Host header says. */
  String hostHeader();

  /**
   * Reads {@code unix:///path}, {@code /path} or {@code tcp://host:port}.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static Endpoint parse(String text) {
    if (text.startsWith("unix://")) {
      return unix(text.substring("unix://".length()), text);
    }
    if (text.startsWith("/")) {
      return unix(text, text);
    }
    if (text.startsWith("tcp://")) {
      return tcp(text.substring("tcp://".length()), text);
    }
    throw invalid(text);
  }

  private static Endpoint unix(String path, String text) {
    if (path.isEmpty()) {
      throw invalid(text);
    }
    try {
      return new Unix(Path.of(path));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(invalid(text).getMessage(), e);
    }
  }

  private static Endpoint tcp(String address, String text) {
    String plain = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    try {
      return new Tcp(HostPort.exact(plain));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(invalid(text).getMessage(), e);
    }
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "invalid host \"" + text + "\": use unix:///path/to/socket or tcp://host:port");
  }
}
