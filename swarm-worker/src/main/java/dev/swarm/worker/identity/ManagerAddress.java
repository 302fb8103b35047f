package dev.swarm.worker.identity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a manager listens.
 *
 * @param host a name or an IP address, an IPv6 one without brackets
 * @param port 1 to 65535
 */
public record ManagerAddress(String host, int port) {
  /** The port where none is said. */
  public static final int DEFAULT_PORT = 2377;

  private static final int PORT_MAX = 65535;
  private static final int TEXT_MAX = 300;
  private static final Pattern BARE_IPV6 =
      Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile(
          "(?:\\[(?<ipv6>[0-9A-Fa-f:.]+(?:%[0-9A-Za-z]+)?)]|(?<name>[0-9A-Za-z._-]+))"
              + "(?::(?<port>[0-9]{1,5}))?");

  public ManagerAddress {
    if (host.isEmpty() || port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("not an address: " + host + " port " + port);
    }
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code [ipv6]} or {@code [ipv6]:port}.
   *
   * @throws JoinException of kind ADDRESS
   */
  public static ManagerAddress parse(String text) throws JoinException {
    String trimmed = text.strip();
    if (trimmed.length() > TEXT_MAX) {
      throw malformed(text);
    }
    if (BARE_IPV6.matcher(trimmed).matches()) {
      return new ManagerAddress(trimmed, DEFAULT_PORT);
    }
    Matcher matcher = HOST_AND_PORT.matcher(trimmed);
    if (!matcher.matches()) {
      throw malformed(text);
    }
    String host = matcher.group("ipv6") == null ? matcher.group("name") : matcher.group("ipv6");
    String digits = matcher.group("port");
    int port = digits == null ? DEFAULT_PORT : Integer.parseInt(digits);
    if (port < 1 || port > PORT_MAX) {
      throw malformed(text);
    }
    return new ManagerAddress(host, port);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static JoinException malformed(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return new JoinException(
        JoinException.Kind.ADDRESS,
        "invalid manager address \"" + shown + "\": expected host:port, such as 10.0.0.1:2377");
  }
}
