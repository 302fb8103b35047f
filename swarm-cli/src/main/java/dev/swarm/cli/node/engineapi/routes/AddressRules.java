package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.net.Subnet;
import java.util.List;
import java.util.Set;

/**
 * Checks the form of what users type as addresses, before anybody tries to resolve or dial them.
 */
final class AddressRules {
  private static final int SUBNET_SIZE_DEFAULT = 24;
  private static final int SUBNET_SIZE_MAX = 29;
  private static final int DATA_PATH_PORT_MIN = 1024;
  private static final int DATA_PATH_PORT_MAX = 49151;

  private static final Set<String> UNSPECIFIED = Set.of("0.0.0.0", "::");

  private AddressRules() {}

  static String require(String field, String address) {
    if (address.isBlank()) {
      throw ApiRejection.badRequest("invalid " + field + " \"\": invalid empty address");
    }
    return optional(field, address);
  }

  static String optional(String field, String address) {
    var _ = parse(field, address);
    return address;
  }

  /** What others shall dial: empty to choose, but no address that stands for all of them. */
  static String specific(String field, String what, String address) {
    if (UNSPECIFIED.contains(parse(field, address).host())) {
      throw ApiRejection.badRequest(
          what + " must be a non-zero IP address or network interface (with optional port number)");
    }
    return address;
  }

  private static HostPort parse(String field, String address) {
    try {
      return HostPort.parse(address, HostPort.SWARM_PORT);
    } catch (IllegalArgumentException e) {
      throw ApiRejection.badRequest(
          "invalid " + field + " \"" + HostPort.excerpt(address) + "\": it " + e.getMessage());
    }
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
      Subnet block =
          Subnet.parse(network)
              .filter(Subnet::isIpv4)
              .orElseThrow(
                  () ->
                      ApiRejection.badRequest(
                          "invalid CIDR: \""
                              + network
                              + "\" in DefaultAddrPool, expected as in 10.0.0.0/8"));
      if (size < block.bits()) {
        throw ApiRejection.badRequest(
            "invalid CIDR: \"" + network + "\". Subnet size is too small for pool: " + size);
      }
    }
  }
}
