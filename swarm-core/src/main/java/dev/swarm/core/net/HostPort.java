package dev.swarm.core.net;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * Address to listen at or to dial: a host and a port.
 *
 * @param host a name, an IP address (an IPv6 one without brackets), or the name of a network
 *     interface; empty for every address of this machine
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {
  /** Where managers listen unless they were told otherwise. */
  public static final int SWARM_PORT = 2377;

  private static final int PORT_MAX = 65535;
  private static final int PORT_DIGITS_MAX = 5;
  private static final int TEXT_MAX = 300;
  private static final int NO_PORT = 0;
  private static final String SCHEME = "tcp://";

  // An interface may be called eth0@if7.
  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_.@-]*");
  private static final Pattern IPV6 =
      Pattern.compile("(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]+(?:%[0-9A-Za-z_.-]+)?");

  /** The listen address of a manager that nobody gave one. */
  public static final HostPort SWARM_DEFAULT = new HostPort("0.0.0.0", SWARM_PORT);

  public HostPort {
    if (!NAME.matcher(host).matches() && !isIpv6(host)) {
      throw new IllegalArgumentException(
          "must be an address or an interface's name, optionally with a port");
    }
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("has no valid port: one is from 1 to " + PORT_MAX);
    }
  }

  public static HostPort of(InetSocketAddress address) {
    return new HostPort(address.getHostString(), address.getPort());
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code [ipv6]}, {@code [ipv6]:port} or a bare IPv6
   * address, each perhaps after {@code tcp://}.
   *
   * @param otherwise the port where the text names none
   * @throws IllegalArgumentException whose message says what is wrong and goes on from the text
   */
  public static HostPort parse(String text, int otherwise) {
    String bare = text.strip();
    if (bare.length() > TEXT_MAX) {
      throw new IllegalArgumentException("is longer than " + TEXT_MAX + " characters");
    }
    bare = bare.startsWith(SCHEME) ? bare.substring(SCHEME.length()) : bare;
    int bracket = bare.startsWith("[") ? bare.indexOf(']') : -1;
    boolean bracketed = bracket > 0;
    int end = bracketed ? bracket + 1 : nameEnd(bare);
    String host = bracketed ? bare.substring(1, bracket) : bare.substring(0, end);
    if (bracketed && !isIpv6(host)) {
      throw new IllegalArgumentException("has no IPv6 address between its brackets");
    }
    if (end == bare.length()) {
      return new HostPort(host, otherwise);
    }
    return new HostPort(host, bare.charAt(end) == ':' ? port(bare.substring(end + 1)) : NO_PORT);
  }

  /**
   * Reads what {@link #toString} writes, of an address that somebody else is to dial and that is
   * compared as text: host and port are needed, and nothing may stand before or after them.
   */
  public static HostPort exact(String text) {
    HostPort read = remote(text, NO_PORT);
    if (!read.toString().equals(text)) {
      throw new IllegalArgumentException("has more in it than a host and a port");
    }
    return read;
  }

  /** As {@link #parse}, of a manager that is to be dialled. */
  public static HostPort manager(String text) {
    try {
      return remote(text, SWARM_PORT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "invalid manager address \""
              + excerpt(text)
              + "\": expected host:port, such as 10.0.0.1:"
              + SWARM_PORT,
          e);
    }
  }

  private static HostPort remote(String text, int otherwise) {
    HostPort read = parse(text, otherwise);
    if (read.host.isEmpty() || read.host.indexOf('@') >= 0) {
      throw new IllegalArgumentException("names no host");
    }
    return read;
  }

  /** So much of what a user typed as a message shows of it. */
  public static String excerpt(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private static boolean isIpv6(String host) {
    if (!IPV6.matcher(host).matches()) {
      return false;
    }
    int zone = host.indexOf('%');
    try {
      var _ = Inet6Address.ofLiteral(zone < 0 ? host : host.substring(0, zone));
      return true;
    } catch (IllegalArgumentException e) {
      return false; // such as 127.0.0.1:2377:1, or an address of too many parts
    }
  }

  private static int nameEnd(String text) {
    int colon = text.indexOf(':');
    boolean ipv6 = colon != text.lastIndexOf(':');
    return colon < 0 || ipv6 ? text.length() : colon;
  }

  private static int port(String digits) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= PORT_DIGITS_MAX
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(digits) : NO_PORT;
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
