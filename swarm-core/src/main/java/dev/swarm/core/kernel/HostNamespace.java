package dev.swarm.core.kernel;

import dev.swarm.core.kernel.Namespace.LinkAddress;
import dev.swarm.core.kernel.NftTable.Hook;
import dev.swarm.core.network.NetworkState;
import dev.swarm.core.network.NetworkView;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The desired state of the node's own namespace: the route of published ports into the ingress
 * network, and a filter that lets only frames of this swarm's nodes in.
 */
final class HostNamespace {
  // Before the engine's rules, and so is what leaves.
  private static final Hook ARRIVING = new Hook("nat", "prerouting", -110);
  private static final Hook FROM_HERE = new Hook("nat", "output", -110);
  private static final Hook LEAVING = new Hook("nat", "postrouting", 90);
  private static final Hook FRAMES = new Hook("filter", "input", -10);

  private HostNamespace() {}

  /** Absent while the node is on no network. */
  static Optional<Namespace> of(NetworkView view, NodeFacts facts) {
    if (view.networks().isEmpty()) {
      return Optional.empty();
    }
    Namespace.Builder into = new Namespace.Builder();
    NftTableBuilder table = new NftTableBuilder();
    door(view, facts, table);
    DesiredKernel.ingress(view)
        .ifPresent(
            ingress -> {
              uplink(ingress, facts, into);
              ports(ingress, facts, table);
            });
    into.tables.put(KernelNames.TABLE, table.build());
    return Optional.of(into.build());
  }

  private static void door(NetworkView view, NodeFacts facts, NftTableBuilder table) {
    SortedMap<String, String> peers = new TreeMap<>();
    DesiredKernel.dataPaths(view).forEach(address -> peers.put(address.toString(), ""));
    SortedMap<String, String> networks = new TreeMap<>();
    view.networks()
        .values()
        .forEach(state -> networks.put(Integer.toString(state.shape().vxlan()), ""));
    table.set("peers", "ipv4_addr", peers);
    table.setOf("networks", "@th,96,24", networks);
    // The number of the VXLAN is behind the header of UDP and four bytes of its own.
    table.chain(
        "frames",
        FRAMES,
        List.of(
            "udp dport "
                + facts.vxlanPort()
                + " @th,96,24 @networks ip saddr != @peers counter drop"));
  }

  private static void uplink(NetworkState ingress, NodeFacts facts, Namespace.Builder into) {
    into.settings.putAll(Settings.host());
    into.links.put(
        KernelNames.HOST_UPLINK,
        Link.of(
            new Link.Uplink(KernelNames.INNER_UPLINK, facts.namespaceOf(ingress.shape().id())),
            Uplink.MTU));
    into.addresses.add(
        new LinkAddress(KernelNames.HOST_UPLINK, Uplink.prefix(Uplink.HOST_ADDRESS)));
  }

  private static void ports(NetworkState ingress, NodeFacts facts, NftTableBuilder table) {
    SortedMap<String, String> ports = new TreeMap<>();
    ingress
        .services()
        .values()
        .forEach(
            service ->
                service
                    .ports()
                    .forEach(
                        port -> ports.put(port.transport().word() + " . " + port.published(), "")));
    table.set("ports", "inet_proto . inet_service", ports);
    List<String> in =
        List.of(
            "fib daddr type local meta l4proto . th dport @ports dnat to " + Uplink.INNER_ADDRESS);
    table.chain("pre", ARRIVING, in);
    table.chain("out", FROM_HERE, in);
    String toTasks = "oifname \"" + KernelNames.HOST_UPLINK + "\" ";
    String asNode = "snat to " + facts.dataPath();
    table.chain(
        "post",
        LEAVING,
        List.of(
            toTasks + "ip saddr 127.0.0.0/8 " + asNode,
            // Containers of this node, which would answer each other past us.
            toTasks
                + "iifname { \""
                + KernelNames.HOST_UPLINK
                + "\", \"docker0\", \"docker_gwbridge\" } "
                + asNode,
            toTasks + "iifname \"br-*\" " + asNode,
            "ip saddr "
                + Uplink.INNER_ADDRESS
                + " oifname != \""
                + KernelNames.HOST_UPLINK
                + "\" masquerade"));
  }
}
