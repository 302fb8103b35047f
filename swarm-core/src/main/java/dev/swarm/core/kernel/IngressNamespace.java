package dev.swarm.core.kernel;

import dev.swarm.core.kernel.Namespace.LinkAddress;
import dev.swarm.core.kernel.Namespace.MarkRule;
import dev.swarm.core.kernel.Namespace.Neighbour;
import dev.swarm.core.kernel.Namespace.Route;
import dev.swarm.core.kernel.Namespace.RouteKey;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.Ipv4Prefix;
import dev.swarm.core.network.MacAddress;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkNode;
import dev.swarm.core.network.NetworkService;
import dev.swarm.core.network.PublishedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of the desired state that only the ingress network's namespace has: the way in from the
 * node, and the way back. A packet keeps its client's address. It is routed to the task's node,
 * which marks the flow by the node that it came through, so that replies go back there, where the
 * address was changed.
 */
final class IngressNamespace {
  private static final Ipv4Prefix ANYWHERE = Ipv4Prefix.of("0.0.0.0/0");
  private static final int FIRST_TABLE = 1000;
  private static final int MARKS = 1 << 16; // zones of conntrack have 16 bits

  private final NetworkMembers members;
  private final Namespace.Builder into;

  private IngressNamespace(NetworkMembers members, Namespace.Builder into) {
    this.members = members;
    this.into = into;
  }

  static void add(NetworkMembers members, Namespace.Builder into) {
    IngressNamespace ingress = new IngressNamespace(members, into);
    ingress.uplink();
    ingress.waysToTasks();
    ingress.waysBack();
    into.tables.put(KernelNames.TABLE, ingress.table());
  }

  private void uplink() {
    into.links.put(
        KernelNames.INNER_UPLINK,
        Link.of(new Link.Uplink(KernelNames.HOST_UPLINK, KernelState.HOST), Uplink.MTU));
    into.addresses.add(
        new LinkAddress(KernelNames.INNER_UPLINK, Uplink.prefix(Uplink.INNER_ADDRESS)));
    into.routes.put(
        new RouteKey(RouteKey.MAIN, ANYWHERE),
        new Route(Uplink.HOST_ADDRESS, KernelNames.INNER_UPLINK));
  }

  /** Packets for tasks elsewhere go to their nodes' bridges, not past them. */
  private void waysToTasks() {
    if (members.own().isEmpty()) {
      return; // a device without addresses has no neighbours
    }
    for (NetworkNode node : members.others()) {
      node.address()
          .ifPresent(
              address ->
                  into.neighbours.put(
                      new Neighbour(KernelNames.BRIDGE, address), MacAddress.of(address)));
    }
    for (NetworkEndpoint endpoint : members.endpoints()) {
      if (!members.isHere(endpoint)) {
        members
            .nodeOf(endpoint)
            .flatMap(NetworkNode::address)
            .ifPresent(
                address ->
                    into.neighbours.put(
                        new Neighbour(KernelNames.BRIDGE, endpoint.address()),
                        MacAddress.of(address)));
      }
    }
  }

  private void waysBack() {
    if (members.own().isEmpty()) {
      return; // without an address of ours there is no reaching the others' from here
    }
    for (NetworkNode node : members.others()) {
      node.address()
          .ifPresent(
              address -> {
                int mark = mark(address);
                into.rules.add(new MarkRule(mark, FIRST_TABLE + mark));
                into.routes.put(
                    new RouteKey(FIRST_TABLE + mark, ANYWHERE),
                    new Route(address, KernelNames.BRIDGE));
              });
    }
  }

  /**
   * A number for a node that stays the same while flows live: where its address is in the subnet.
   */
  private int mark(Ipv4 address) {
    int offset = members.state().shape().withLength(address).offset(address);
    return Math.max(1, Math.floorMod(offset, MARKS));
  }

  private NftTable table() {
    NftTableBuilder table = new NftTableBuilder();
    SortedMap<String, String> marks = new TreeMap<>();
    for (NetworkNode node : members.others()) {
      node.address()
          .ifPresent(
              address ->
                  marks.put(MacAddress.of(address).toString(), Integer.toString(mark(address))));
    }
    table.map("marks", "type ether_addr : mark", marks);
    table.map("zones", "typeof ether saddr : ct zone", marks);
    // A client may use one port of its own towards two nodes: two flows for whoever has the task.
    table.chain(
        "zone",
        NftTableBuilder.RAW,
        List.of("iifname \"br0\" ct original zone set ether saddr map @zones"));
    table.chain(
        "back",
        NftTableBuilder.MANGLE,
        List.of(
            "iifname \"br0\" ct direction original ct mark 0 ct mark set ether saddr map @marks",
            "iifname \"br0\" ct direction reply ct mark != 0 meta mark set ct mark"));
    table.chain(
        "pre",
        NftTableBuilder.DESTINATION,
        List.of("iifname \"up0\" meta l4proto . th dport vmap @ports"));
    table.chain("post", NftTableBuilder.SOURCE, sources());
    ports(table);
    return table.build();
  }

  private List<String> sources() {
    List<String> rules = new ArrayList<>();
    for (Ipv4Prefix subnet : members.state().shape().subnets()) {
      members
          .own()
          .ifPresent(
              own ->
                  // It would answer such a client directly, past us.
                  rules.add(
                      "oifname \"br0\" ip saddr "
                          + subnet.subnet()
                          + " ct status dnat snat to "
                          + own));
      rules.add(
          "oifname \"up0\" ip saddr "
              + subnet.subnet()
              + " ct direction original snat to "
              + Uplink.INNER_ADDRESS);
    }
    return rules;
  }

  private void ports(NftTableBuilder table) {
    SortedMap<String, String> ports = new TreeMap<>();
    Map<ServiceId, List<NetworkEndpoint>> serving = members.serving();
    for (NetworkService service : members.services()) {
      List<NetworkEndpoint> endpoints = serving.getOrDefault(service.id(), List.of());
      for (PublishedPort port : service.ports()) {
        String word = port.transport().word();
        String chain = word + "_" + port.published();
        ports.put(word + " . " + port.published(), "goto " + chain);
        table.chain(chain, backends(port, endpoints));
      }
    }
    table.map("ports", "type inet_proto . inet_service : verdict", ports);
  }

  private List<String> backends(PublishedPort port, List<NetworkEndpoint> endpoints) {
    List<String> targets = new ArrayList<>();
    for (NetworkEndpoint endpoint : endpoints) {
      if (members.isHere(endpoint)
          || members.nodeOf(endpoint).flatMap(NetworkNode::address).isPresent()) {
        targets.add(endpoint.address() + " . " + port.target());
      }
    }
    if (targets.isEmpty()) {
      return List.of();
    }
    String protocol = "meta l4proto " + port.transport().word() + " ";
    return List.of(
        targets.size() == 1
            ? protocol + "dnat to " + targets.get(0).replace(" . ", ":")
            : protocol + "dnat ip addr . port to " + NftTableBuilder.oneOf(targets));
  }
}
