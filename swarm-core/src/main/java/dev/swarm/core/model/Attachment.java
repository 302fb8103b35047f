package dev.swarm.core.model;

import java.util.List;

/**
 * A place on a network: a task's, or a node's for its load balancer.
 *
 * @param network the network's id
 * @param addresses each with the prefix length of its subnet, as in {@code 10.0.1.5/24}; none on a
 *     network that every node has for itself
 */
public record Attachment(String network, List<String> addresses) {
  public Attachment {
    addresses = List.copyOf(addresses);
  }
}
