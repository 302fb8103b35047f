package dev.swarm.core.kernel;

import java.util.List;

/**
 * The input of one run of a program that changes the kernel.
 *
 * @param namespace where it is run; {@link KernelState#HOST} for the node's own
 * @param lines one command each
 */
public record Batch(Tool tool, String namespace, List<String> lines) {
  /** The programs. */
  public enum Tool {
    /** {@code ip -batch}: goes on after a line that fails, and says so. */
    IP,
    /** {@code bridge -batch}: likewise. */
    BRIDGE,
    /** {@code sysctl -p}: likewise. */
    SYSCTL,
    /** {@code nft -f}: all lines take effect at once, or none. */
    NFT,
    /** {@code conntrack -R}. */
    CONNTRACK
  }

  public Batch {
    lines = List.copyOf(lines);
  }

  /** The input as a program reads it. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
