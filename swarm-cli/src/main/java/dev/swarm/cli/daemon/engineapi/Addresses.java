package dev.swarm.cli.daemon.engineapi;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the form of what users type as addresses, before anybody tries to resolve or dial them.
 */
final class Addresses {
  private static final int LENGTH_MAX = 300;
  private static final int PORT_MAX = 65535;
  private static final int SUBNET_SIZE_DEFAULT = 24;
  private static final int SUBNET_SIZE_MAX = 29;
  private static final int DATA_PATH_PORT_MIN = 1024;
  private static final int DATA_PATH_PORT_MAX = 49151;

  /** A host or an interface, optionally a port; an IPv6 address with a port is in brackets. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:tcp://)?(?:\\[[0-9a-fA-F:.]+(?:%[\\w.-]+)?]|[\\w.@-]*|[0-9a-fA-F:]+:[0-9a-fA-F:.]*)"
              + "(?::(?<port>[0-9]+))?");

  private static final Pattern UNSPECIFIED =
      Pattern.compile("(?:tcp://)?(?:0\\.0\\.0\\.0(?::[0-9]+)?|::|\\[::](?::[0-9]+)?)");

  private static final Pattern CIDR =
      Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3})/([0-9]{1,2})");

  private Addresses() {}

  static String require(String field, String address) {
    if (address.isBlank()) {
      throw ApiRejection.badRequest("invalid " + field + " \"\": invalid empty address");
    }
    return optional(field, address);
  }

  static String optional(String field, String address) {
    Matcher form = ADDRESS.matcher(address);
    if (address.length() > LENGTH_MAX || !form.matches()) {
      throw invalid(
          field, address, "must be an address or an interface's name, optionally with a port");
    }
    String port = form.group("port");
    if (port != null && (port.length() > 5 || Integer.parseInt(port) > PORT_MAX)) {
      throw invalid(field, address, "the port must be at most " + PORT_MAX);
    }
    return address;
  }

  /** What others shall dial: empty to choose, but no address that stands for all of them. */
  static String specific(String field, String what, String address) {
    String checked = optional(field, address);
    if (UNSPECIFIED.matcher(checked).matches()) {
      throw ApiRejection.badRequest(
          what + " must be a non-zero IP address or network interface (with optional port number)");
    }
    return checked;
  }

  private static ApiRejection invalid(String field, String address, String why) {
    String shown = address.length() > 80 ? address.substring(0, 80) + "…" : address;
    return ApiRejection.badRequest("invalid " + field + " \"" + shown + "\": " + why);
  }

  static void requireDataPathPort(int port) {
    if (port != 0 && (port < DATA_PATH_PORT_MIN || port > DATA_PATH_PORT_MAX)) {
      throw ApiRejection.badRequest(
          "Datapath port number is not in valid range (1024-49151) : " + port);
    }
  }

  static void requirePool(List<String> pool, int subnetSize) {
    int size = subnetSize == 0 ? SUBNET_SIZE_DEFAULT : subnetSize;
    if (!pool.isEmpty() && size > SUBNET_SIZE_MAX) {
      throw ApiRejection.badRequest("subnet size is out of range: " + size);
    }
    for (String network : pool) {
      Matcher cidr = CIDR.matcher(network);
      if (!cidr.matches() || !octetsFit(cidr.group(1)) || Integer.parseInt(cidr.group(2)) > 32) {
        throw ApiRejection.badRequest(
            "invalid CIDR: \"" + network + "\" in DefaultAddrPool, expected as in 10.0.0.0/8");
      }
      if (size < Integer.parseInt(cidr.group(2))) {
        throw ApiRejection.badRequest(
            "invalid CIDR: \"" + network + "\". Subnet size is too small for pool: " + size);
      }
    }
  }

  private static boolean octetsFit(String address) {
    return Arrays.stream(address.split("\\.", -1)).allMatch(o -> Integer.parseInt(o) <= 255);
  }
}
