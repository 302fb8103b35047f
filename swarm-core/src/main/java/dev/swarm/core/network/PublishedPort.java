package dev.swarm.core.network;

/**
 * A port that every node answers for a service.
 *
 * @param published on the nodes
 * @param target in the tasks
 */
public record PublishedPort(Transport transport, int published, int target) {
  /** What has ports. */
  public enum Transport {
    TCP,
    UDP,
    SCTP;

    /** As nftables and people write it. */
    public String word() {
      return switch (this) {
        case TCP -> "tcp";
        case UDP -> "udp";
        case SCTP -> "sctp";
      };
    }
  }
}
