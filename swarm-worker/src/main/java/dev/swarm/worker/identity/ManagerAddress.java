package dev.swarm.worker.identity;

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
    if (trimmed.isEmpty()
        || trimmed.length() > TEXT_MAX
        || !trimmed.chars().allMatch(c -> c > 32)) {
      throw malformed(text);
    }
    boolean bracketed = trimmed.startsWith("[");
    int hostEnd = bracketed ? trimmed.indexOf(']') : trimmed.indexOf(':');
    boolean bareIpv6 = !bracketed && hostEnd != trimmed.lastIndexOf(':');
    if (bareIpv6) {
      return new ManagerAddress(trimmed, DEFAULT_PORT);
    }
    if (hostEnd < 0) {
      if (bracketed) {
        throw malformed(text);
      }
      return new ManagerAddress(trimmed, DEFAULT_PORT);
    }
    String host = trimmed.substring(bracketed ? 1 : 0, hostEnd);
    String rest = trimmed.substring(bracketed ? hostEnd + 1 : hostEnd);
    if (host.isEmpty() || host.contains("/") || (!rest.isEmpty() && !rest.startsWith(":"))) {
      throw malformed(text);
    }
    return new ManagerAddress(host, rest.isEmpty() ? DEFAULT_PORT : port(rest.substring(1), text));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static int port(String digits, String text) throws JoinException {
    if (!digits.matches("[0-9]{1,5}")) {
      throw malformed(text);
    }
    int port = Integer.parseInt(digits);
    if (port < 1 || port > PORT_MAX) {
      throw malformed(text);
    }
    return port;
  }

  private static JoinException malformed(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return new JoinException(
        JoinException.Kind.ADDRESS,
        "invalid manager address \"" + shown + "\": expected host:port, such as 10.0.0.1:2377");
  }
}
