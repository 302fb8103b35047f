package dev.swarm.core.kernel;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The kernel's settings that networks depend on, by their sysctl names. */
public final class Settings {
  /** Whether the packet filter sees what passes a bridge; there while br_netfilter is. */
  public static final String FILTER_BRIDGES = "net.bridge.bridge-nf-call-iptables";

  private static final String FORWARD = "net.ipv4.ip_forward";

  // A connection that one side has closed may say nothing for long; the kernel's own patience is a
  // minute or two, and what comes after that would no longer find its way back through us.
  private static final String HALF_CLOSED = "3600";

  private static final Map<String, String> NETWORK =
      Map.ofEntries(
          Map.entry(FORWARD, "1"),
          Map.entry("net.ipv4.conf.all.rp_filter", "0"),
          Map.entry("net.ipv4.conf.default.rp_filter", "0"),
          Map.entry("net.ipv4.conf.all.send_redirects", "0"),
          Map.entry("net.ipv4.conf.default.send_redirects", "0"),
          // The node's address may change without the routes going that rest on it.
          Map.entry("net.ipv4.conf.all.promote_secondaries", "1"),
          Map.entry("net.ipv6.conf.all.disable_ipv6", "1"),
          Map.entry("net.ipv6.conf.default.disable_ipv6", "1"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_close_wait", HALF_CLOSED),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_fin_wait", HALF_CLOSED),
          Map.entry(FILTER_BRIDGES, "1"));

  private Settings() {}

  /** Those of a network's namespace that a kernel has or has not. */
  public static List<String> asked() {
    return NETWORK.keySet().stream().sorted().toList();
  }

  /** Those to be read in a namespace, or in the node's own. */
  public static List<String> read(boolean host) {
    return host ? List.copyOf(host().keySet()) : asked();
  }

  static SortedMap<String, String> network(Set<String> known, boolean filterBridges) {
    SortedMap<String, String> settings = new TreeMap<>(NETWORK);
    settings.put(FILTER_BRIDGES, filterBridges ? "1" : "0");
    settings.keySet().retainAll(known);
    return settings;
  }

  static SortedMap<String, String> host() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put(FORWARD, "1");
    // Clients on the node itself come from 127.0.0.1.
    settings.put("net.ipv4.conf." + KernelNames.HOST_UPLINK + ".route_localnet", "1");
    settings.put("net.ipv4.conf." + KernelNames.HOST_UPLINK + ".rp_filter", "0");
    return settings;
  }
}
