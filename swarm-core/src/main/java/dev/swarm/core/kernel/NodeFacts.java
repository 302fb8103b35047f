package dev.swarm.core.kernel;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.network.Ipv4;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Facts about a node that its networks' state does not contain.
 *
 * @param dataPath where it sends frames to other nodes from
 * @param vxlanPort of UDP, the same on all nodes
 * @param mtu of the way to the other nodes, in bytes
 * @param settings those of {@link Settings} that its kernel has
 * @param ports the containers that are plugged in here: by network, by their address on it, what
 *     their cable's name ends in
 */
public record NodeFacts(
    NodeId node,
    Ipv4 dataPath,
    int vxlanPort,
    int mtu,
    Set<String> settings,
    SortedMap<String, SortedMap<Ipv4, String>> ports) {
  private static final int VXLAN_OVERHEAD = 50;
  private static final int PREFIX_NODE_MAX = 10;
  private static final int PREFIX_NETWORK_MAX = 12;

  public NodeFacts {
    settings = Set.copyOf(settings);
    ports = Collections.unmodifiableSortedMap(ports);
  }

  /** What the names of all its networks' namespaces begin with, and no other node's. */
  public String namespacePrefix() {
    return "swarm-" + start(node.value(), PREFIX_NODE_MAX) + "-";
  }

  /** The namespace of a network on this node. */
  public String namespaceOf(String network) {
    return namespacePrefix() + start(network, PREFIX_NETWORK_MAX);
  }

  private static String start(String id, int length) {
    return id.substring(0, Math.min(length, id.length()));
  }

  /** The longest packet that fits between nodes. */
  public int innerMtu() {
    return mtu - VXLAN_OVERHEAD;
  }

  public SortedMap<Ipv4, String> portsOn(String network) {
    return ports.getOrDefault(network, Collections.emptySortedMap());
  }

  /** Whether the packet filter sees what passes a bridge. */
  public boolean filtersBridges() {
    return settings.contains(Settings.FILTER_BRIDGES);
  }

  public NodeFacts withPorts(SortedMap<String, SortedMap<Ipv4, String>> plugged) {
    return new NodeFacts(node, dataPath, vxlanPort, mtu, settings, new TreeMap<>(plugged));
  }
}
