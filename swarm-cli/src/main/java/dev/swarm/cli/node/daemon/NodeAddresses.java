package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.core.net.HostPort;
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
 * Parses addresses as users type them: a host, the name of an interface, either with or without a
 * port.
 */
final class NodeAddresses {
  private NodeAddresses() {}

  /** Where to listen. */
  static InetSocketAddress listen(String text) {
    HostPort parts = parse(text, HostPort.SWARM_PORT);
    InetAddress address = parts.host().isEmpty() ? any() : resolve(parts.host());
    return new InetSocketAddress(address, parts.port());
  }

  /**
   * Refuses what is no address at all. An interface may still be without one: it is asked for when
   * it is needed.
   *
   * @param text empty to choose later
   */
  static void check(String text) {
    if (text.isEmpty()) {
      return;
    }
    String host = parse(text, HostPort.SWARM_PORT).host();
    if (!host.isEmpty() && !isInterface(host)) {
      var _ = resolve(host);
    }
  }

  private static boolean isInterface(String name) {
    try {
      return NetworkInterface.getByName(name) != null;
    } catch (SocketException e) {
      return false;
    }
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
      HostPort parts = parse(text, listen.getPort());
      return format(resolve(parts.host()), parts.port());
    }
    if (!listen.getAddress().isAnyLocalAddress()) {
      return format(listen.getAddress(), listen.getPort());
    }
    return format(onlyAddress(), listen.getPort());
  }

  private static HostPort parse(String text, int otherwise) {
    try {
      return HostPort.parse(text, otherwise);
    } catch (IllegalArgumentException e) {
      throw ApiRejection.badRequest("'" + HostPort.excerpt(text) + "' " + e.getMessage());
    }
  }

  private static String format(InetAddress address, int port) {
    return new HostPort(address.getHostAddress(), port).toString();
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
}
