package dev.swarm.core.kernel;

import dev.swarm.core.kernel.Namespace.LinkAddress;
import dev.swarm.core.kernel.Namespace.Neighbour;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.Ipv4Prefix;
import dev.swarm.core.network.MacAddress;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkNode;
import dev.swarm.core.network.NetworkShape;
import dev.swarm.core.network.NetworkState;

/**
 * A network's namespace on a node: a bridge with the node's address, whose ports are the
 * containers' cables and a VXLAN to the other nodes. Nothing is learned: each row says what the
 * managers said.
 */
final class OverlayNamespace {

  private final NetworkMembers members;
  private final NodeFacts facts;
  private final Namespace.Builder into = new Namespace.Builder();

  private OverlayNamespace(NetworkState state, NodeFacts facts) {
    this.members = NetworkMembers.of(state, facts.node());
    this.facts = facts;
  }

  static Namespace of(NetworkState state, NodeFacts facts) {
    OverlayNamespace made = new OverlayNamespace(state, facts);
    NetworkShape shape = state.shape();
    // Between the tasks of the ingress network and their clients, replies are routed anyway.
    made.into.settings.putAll(Settings.network(facts.settings(), !shape.ingress()));
    made.links(shape);
    made.addresses(shape);
    made.others();
    made.ports(shape);
    if (shape.ingress()) {
      IngressNamespace.add(made.members, made.into);
    } else {
      VirtualIpTable.add(made.members, facts.filtersBridges(), made.into);
    }
    return made.into.build();
  }

  private int mtu(NetworkShape shape) {
    return shape.mtu().orElse(facts.innerMtu());
  }

  private void links(NetworkShape shape) {
    Link bridge = Link.of(new Link.Bridge(), mtu(shape));
    into.links.put(
        KernelNames.BRIDGE,
        members.own().map(own -> bridge.withMac(MacAddress.of(own))).orElse(bridge));
    into.links.put(
        KernelNames.TUNNEL,
        Link.of(new Link.Vxlan(shape.vxlan(), facts.dataPath(), facts.vxlanPort()), mtu(shape))
            .withMaster(KernelNames.BRIDGE)
            .withPort(Link.Port.TUNNEL));
  }

  private void addresses(NetworkShape shape) {
    members
        .own()
        .ifPresent(
            own -> into.addresses.add(new LinkAddress(KernelNames.BRIDGE, shape.withLength(own))));
    members
        .state()
        .services()
        .values()
        .forEach(
            service ->
                service
                    .virtualIp()
                    .ifPresent(
                        ip ->
                            into.addresses.add(
                                new LinkAddress(KernelNames.BRIDGE, Ipv4Prefix.alone(ip)))));
  }

  /** Where everybody is who is not here. */
  private void others() {
    for (NetworkNode node : members.others()) {
      node.address().ifPresent(address -> other(address, node));
    }
    for (NetworkEndpoint endpoint : members.endpoints()) {
      if (!members.isHere(endpoint)) {
        members.nodeOf(endpoint).ifPresent(node -> other(endpoint.address(), node));
      }
    }
  }

  private void other(Ipv4 address, NetworkNode node) {
    MacAddress mac = MacAddress.of(address);
    into.neighbours.put(new Neighbour(KernelNames.TUNNEL, address), mac);
    into.bridge.put(mac, KernelNames.TUNNEL);
    into.tunnel.put(mac, node.dataPath());
  }

  /** After {@link #others}: what is plugged in here is here, whatever else was said. */
  private void ports(NetworkShape shape) {
    facts
        .portsOn(shape.id())
        .forEach(
            (address, suffix) -> {
              String name = KernelNames.PORT_PREFIX + suffix;
              MacAddress mac = MacAddress.of(address);
              into.links.put(
                  name,
                  Link.of(new Link.Veth(KernelNames.PEER_PREFIX + suffix), mtu(shape))
                      .withMaster(KernelNames.BRIDGE)
                      .withPort(Link.Port.CONTAINER));
              into.neighbours.remove(new Neighbour(KernelNames.TUNNEL, address));
              into.tunnel.remove(mac);
              into.bridge.put(mac, name);
            });
  }
}
