package dev.swarm.core.kernel;

import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.NetworkState;
import dev.swarm.core.network.NetworkView;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Computes what a kernel should hold for the networks that its node is on. Remembers what it made
 * of each network, so that a change of one costs nothing for the others; the results depend on the
 * arguments alone. Not for several threads.
 */
public final class DesiredKernel {
  /** What was made of a network, and of what of the node. */
  private record Made(
      NetworkState from, NodeFacts facts, SortedMap<Ipv4, String> ports, Namespace namespace) {}

  private Map<String, Made> remembered = new HashMap<>();

  /** What is wanted for this view on this node. */
  public KernelState of(NetworkView view, NodeFacts facts) {
    SortedMap<String, Namespace> namespaces = new TreeMap<>();
    Map<String, Made> made = new HashMap<>();
    NodeFacts common = facts.withPorts(Collections.emptySortedMap());
    view.networks()
        .forEach(
            (id, state) -> {
              SortedMap<Ipv4, String> ports = facts.portsOn(id);
              Made now = remembered.get(id);
              if (now == null
                  || now.from != state
                  || !now.facts.equals(common)
                  || !now.ports.equals(ports)) {
                now = new Made(state, common, ports, OverlayNamespace.of(state, facts));
              }
              made.put(id, now);
              namespaces.put(facts.namespaceOf(id), now.namespace());
            });
    remembered = made;
    HostNamespace.of(view, facts).ifPresent(host -> namespaces.put(KernelState.HOST, host));
    return new KernelState(namespaces);
  }

  /** The network that published ports come in by, if the node is on it. */
  static Optional<NetworkState> ingress(NetworkView view) {
    return view.networks().values().stream().filter(state -> state.shape().ingress()).findFirst();
  }

  /** Addresses of all nodes of the networks, in order. */
  static SortedSet<Ipv4> dataPaths(NetworkView view) {
    TreeSet<Ipv4> addresses = new TreeSet<>();
    view.networks()
        .values()
        .forEach(state -> state.nodes().values().forEach(node -> addresses.add(node.dataPath())));
    return addresses;
  }
}
