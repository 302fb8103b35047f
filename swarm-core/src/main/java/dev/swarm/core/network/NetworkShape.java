package dev.swarm.core.network;

import java.util.List;
import java.util.OptionalInt;

/**
 * Definition of a network, without those who are on it.
 *
 * @param id the cluster's id of it
 * @param subnets at least one
 * @param vxlan the number of the VXLAN that carries it between nodes
 * @param mtu what its user asked for, in bytes
 * @param ingress whether published ports reach tasks through it
 * @param internal whether it has no way out
 */
public record NetworkShape(
    String id,
    String name,
    List<Ipv4Prefix> subnets,
    int vxlan,
    OptionalInt mtu,
    boolean ingress,
    boolean internal) {
  public NetworkShape {
    subnets = List.copyOf(subnets);
  }

  /** An address of the network with the length of its subnet; alone where it is in none of them. */
  public Ipv4Prefix withLength(Ipv4 address) {
    for (Ipv4Prefix subnet : subnets) {
      if (subnet.contains(address)) {
        return new Ipv4Prefix(address, subnet.length());
      }
    }
    return Ipv4Prefix.alone(address);
  }
}
