package dev.swarm.cli.daemon;

import dev.swarm.cli.daemon.engineapi.ApiRejection;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Addresses as users type them: a host, the name of an interface, either with or without a port.
 */
final class Addresses {
  static final int DEFAULT_PORT = 2377;

  private Addresses() {}

  /** Where to listen. */
  static InetSocketAddress listen(String text) {
    HostPort parts = HostPort.parse(text);
    InetAddress address = parts.host().isEmpty() ? any() : resolve(parts.host());
    return new InetSocketAddress(address, parts.port());
  }

  private static InetAddress any() {
    return new InetSocketAddress(0).getAddress();
  }

  /**
   * What to tell other nodes, as host:port.
   *
   * @param text empty to choose
   */
  static String advertise(String text, InetSocketAddress listen) {
    if (!text.isEmpty()) {
      HostPort parts = HostPort.parse(text, listen.getPort());
      return format(resolve(parts.host()), parts.port());
    }
    if (!listen.getAddress().isAnyLocalAddress()) {
      return format(listen.getAddress(), listen.getPort());
    }
    return format(onlyAddress(), listen.getPort());
  }

  static String host(String hostPort) {
    return HostPort.parse(hostPort).host();
  }

  private static String format(InetAddress address, int port) {
    String host = address.getHostAddress();
    return address instanceof Inet4Address ? host + ":" + port : "[" + host + "]:" + port;
  }

  private static InetAddress resolve(String host) {
    try {
      NetworkInterface byName = NetworkInterface.getByName(host);
      if (byName != null) {
        return onlyAddress(byName);
      }
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw ApiRejection.badRequest(
          "'" + host + "' is neither an address of this machine nor the name of an interface");
    } catch (SocketException e) {
      throw ApiRejection.unavailable(
          "the interfaces of this machine cannot be read: " + e.getMessage());
    }
  }

  private static InetAddress onlyAddress(NetworkInterface of) {
    List<InetAddress> found =
        Collections.list(of.getInetAddresses()).stream()
            .filter(Inet4Address.class::isInstance)
            .toList();
    if (found.size() != 1) {
      throw ApiRejection.badRequest(
          "interface "
              + of.getName()
              + " has "
              + found.size()
              + " IPv4 addresses: name the address itself");
    }
    return found.getFirst();
  }

  private static InetAddress onlyAddress() {
    List<String> named = new ArrayList<>();
    List<InetAddress> found = new ArrayList<>();
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (!each.isUp() || each.isLoopback() || each.getName().startsWith("docker")) {
          continue;
        }
        for (InetAddress address : Collections.list(each.getInetAddresses())) {
          if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
            found.add(address);
            named.add(address.getHostAddress() + " on interface " + each.getName());
          }
        }
      }
    } catch (SocketException e) {
      throw ApiRejection.unavailable(
          "the interfaces of this machine cannot be read: " + e.getMessage());
    }
    return switch (found.size()) {
      case 1 -> found.getFirst();
      case 0 ->
          throw ApiRejection.badRequest(
              "could not find the system's IP address - specify one with --advertise-addr");
      default ->
          throw ApiRejection.badRequest(
              "could not choose an IP address to advertise since this system has multiple addresses"
                  + " ("
                  + String.join(", ", named)
                  + ") - specify one with --advertise-addr");
    };
  }

  private record HostPort(String host, int port) {
    static HostPort parse(String text) {
      return parse(text, DEFAULT_PORT);
    }

    static HostPort parse(String text, int defaultPort) {
      int colon = text.lastIndexOf(':');
      boolean v6 = text.indexOf(':') != colon;
      if (colon < 0 || (v6 && !text.contains("]:"))) {
        return new HostPort(unbracket(text), defaultPort);
      }
      try {
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port < 1 || port > 65535) {
          throw new NumberFormatException();
        }
        return new HostPort(unbracket(text.substring(0, colon)), port);
      } catch (NumberFormatException e) {
        throw ApiRejection.badRequest(
            "'" + text + "' has no valid port: write HOST:PORT with a port from 1 to 65535");
      }
    }

    private static String unbracket(String host) {
      return host.startsWith("[") && host.endsWith("]")
          ? host.substring(1, host.length() - 1)
          : host;
    }
  }
}
