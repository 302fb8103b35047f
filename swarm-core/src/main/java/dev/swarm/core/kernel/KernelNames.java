package dev.swarm.core.kernel;

/** The names of what we make in a kernel, by which it is found again. */
public final class KernelNames {
  /** The bridge of a network's namespace. */
  public static final String BRIDGE = "br0";

  /** The VXLAN to the other nodes. */
  public static final String TUNNEL = "vxlan0";

  /** A container's cable begins with this in the network's namespace. */
  public static final String PORT_PREFIX = "swp";

  /** The other end, until it is moved into the container. */
  public static final String PEER_PREFIX = "swc";

  /** The node's end of the cable to the ingress network's namespace. */
  public static final String HOST_UPLINK = "swing0";

  /** The other end of that. */
  public static final String INNER_UPLINK = "up0";

  /** The table of nftables, in every namespace. */
  public static final String TABLE = "swarm";

  /** The priority of rules that choose routes by a mark: before the main table. */
  public static final int RULE_PRIORITY = 101;

  private KernelNames() {}
}
