package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.EngineApiServer.Listen;
import dev.swarm.cli.node.engineapi.EngineApiServer.Tcp;
import dev.swarm.cli.node.engineapi.http.TlsFiles;
import dev.swarm.core.net.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The values of {@code --host} and of the flags about TLS, as dockerd spells them. */
final class ListenHosts {
  private static final int PLAIN_PORT = 2375;

  /** An address and a port alone, as dockerd takes them too. */
  private static final Pattern BARE_TCP = Pattern.compile("[^/]*:[0-9]+");

  private static final int TLS_PORT = 2376;

  private ListenHosts() {}

  /**
   * What the user wrote about TCP.
   *
   * @param ca and the other two: empty where not given
   * @param insecureTcp whether anyone on the network may be root here
   */
  record TcpFlags(boolean tlsVerify, String ca, String cert, String key, boolean insecureTcp) {
    static final TcpFlags NONE = new TcpFlags(false, "", "", "", false);

    /**
     * @throws IllegalArgumentException in a sentence for the user
     */
    Optional<TlsFiles> tls() {
      if (!tlsVerify) {
        if (!ca.isEmpty() || !cert.isEmpty() || !key.isEmpty()) {
          throw new IllegalArgumentException(
              "--tlscacert, --tlscert and --tlskey need --tlsverify: clients must show a"
                  + " certificate too");
        }
        return Optional.empty();
      }
      if (ca.isEmpty() || cert.isEmpty() || key.isEmpty()) {
        throw new IllegalArgumentException(
            "--tlsverify needs the PEM files --tlscacert, --tlscert and --tlskey");
      }
      return Optional.of(new TlsFiles(Path.of(ca), Path.of(cert), Path.of(key)));
    }
  }

  /**
   * @param hosts as dockerd takes them; what is named twice is served once
   * @throws IllegalArgumentException in a sentence for the user
   */
  static Listen parse(List<String> hosts, TcpFlags flags) {
    Optional<TlsFiles> tls = flags.tls();
    List<Path> sockets = new ArrayList<>();
    List<Tcp> tcp = new ArrayList<>();
    for (String written : new LinkedHashSet<>(hosts)) {
      String host = BARE_TCP.matcher(written).matches() ? "tcp://" + written : written;
      if (host.startsWith("tcp://")) {
        tcp.add(tcp(host, tls, flags.insecureTcp()));
      } else if (host.startsWith("fd://")) {
        throw new IllegalArgumentException(
            "--host fd:// takes a socket from systemd, which this daemon cannot: use"
                + " unix:///an/absolute/path");
      } else {
        sockets.add(unixPath("--host", host));
      }
    }
    if (tls.isPresent() && tcp.isEmpty()) {
      throw new IllegalArgumentException(
          "--tlsverify protects tcp:// hosts, and --host names none");
    }
    return new Listen(sockets, tcp);
  }

  /**
   * @param option for the sentence
   */
  static Path unixPath(String option, String url) {
    String path = url.startsWith("unix://") ? url.substring("unix://".length()) : url;
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          option + " is unix:///an/absolute/path" + orTcp(option) + ", not " + url);
    }
    return Path.of(path);
  }

  private static String orTcp(String option) {
    return option.equals("--host") ? " or tcp://ADDRESS:PORT" : "";
  }

  // Whoever reaches the port is root here; without authentication it must not leave the machine.
  private static Tcp tcp(String host, Optional<TlsFiles> tls, boolean insecure) {
    String text = host.substring("tcp://".length());
    HostPort written =
        parse(
            host,
            text.endsWith("/") ? text.substring(0, text.length() - 1) : text,
            tls.isPresent() ? TLS_PORT : PLAIN_PORT);
    InetSocketAddress at = new InetSocketAddress(resolve(host, written.host()), written.port());
    if (tls.isEmpty() && !insecure && !at.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "--host "
              + host
              + " would let anyone on the network be root here: use --tlsverify, or 127.0.0.1, or"
              + " --insecure-tcp if that is what you want");
    }
    return new Tcp(at, tls);
  }

  private static InetAddress resolve(String host, String name) {
    try {
      return name.isEmpty() ? new InetSocketAddress(0).getAddress() : InetAddress.getByName(name);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "--host " + host + ": " + name + " is no address of this machine", e);
    }
  }

  private static HostPort parse(String host, String text, int otherwise) {
    try {
      return HostPort.parse(text, otherwise);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--host " + host + " " + e.getMessage() + "; write tcp://ADDRESS:PORT", e);
    }
  }
}
