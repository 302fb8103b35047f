package dev.swarm.core.kernel;

import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.Ipv4Prefix;

/** The cable between the node and its namespace of the ingress network. */
final class Uplink {
  static final Ipv4 HOST_ADDRESS = Ipv4.of("169.254.66.1");
  static final Ipv4 INNER_ADDRESS = Ipv4.of("169.254.66.2");
  static final int MTU = 1500;

  private static final int LENGTH = 30;

  private Uplink() {}

  static Ipv4Prefix prefix(Ipv4 address) {
    return new Ipv4Prefix(address, LENGTH);
  }
}
