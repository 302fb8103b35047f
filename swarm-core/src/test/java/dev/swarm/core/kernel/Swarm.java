package dev.swarm.core.kernel;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkNode;
import dev.swarm.core.network.NetworkService;
import dev.swarm.core.network.NetworkState;
import dev.swarm.core.network.NetworkView;
import dev.swarm.core.network.PublishedPort;
import dev.swarm.core.network.PublishedPort.Transport;
import dev.swarm.core.network.RandomViews;
import dev.swarm.core.store.Table;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A web service of two tasks on two nodes, published at 8080, with a virtual address. */
final class Swarm {
  static final ServiceId WEB = new ServiceId("web");
  static final TaskId HERE = new TaskId("here");
  static final TaskId THERE = new TaskId("there");
  static final String INGRESS = "network0";
  static final String BACK = "network1";

  private Swarm() {}

  static NetworkEndpoint endpoint(int network, TaskId task, int node, int host) {
    return new NetworkEndpoint(
        task,
        Ipv4.of("10.0." + network + "." + host),
        RandomViews.node(node),
        WEB,
        List.of(),
        List.of(),
        false,
        true);
  }

  static NetworkState network(int number, NetworkEndpoint... endpoints) {
    Table.Builder<TaskId, NetworkEndpoint> tasks = Table.<TaskId, NetworkEndpoint>empty().edit();
    for (NetworkEndpoint endpoint : endpoints) {
      tasks.put(endpoint.task(), endpoint);
    }
    Table.Builder<NodeId, NetworkNode> nodes = Table.<NodeId, NetworkNode>empty().edit();
    for (int node = 0; node < 2; node++) {
      nodes.put(
          RandomViews.node(node),
          new NetworkNode(
              RandomViews.node(node),
              RandomViews.dataPath(node),
              Optional.of(Ipv4.of("10.0." + number + "." + (2 + node)))));
    }
    Table.Builder<ServiceId, NetworkService> services =
        Table.<ServiceId, NetworkService>empty().edit();
    services.put(
        WEB,
        number == 0
            ? new NetworkService(
                WEB, "web", Optional.empty(), List.of(new PublishedPort(Transport.TCP, 8080, 80)))
            : new NetworkService(
                WEB, "web", Optional.of(Ipv4.of("10.0." + number + ".100")), List.of()));
    return new NetworkState(
        RandomViews.shape(number), tasks.build(), services.build(), nodes.build());
  }

  static NetworkView view(NetworkState... networks) {
    SortedMap<String, NetworkState> all = new TreeMap<>();
    for (NetworkState state : networks) {
      all.put(state.shape().id(), state);
    }
    return new NetworkView(1, all);
  }

  static NodeFacts facts() {
    return new NodeFacts(
        RandomViews.node(0),
        RandomViews.dataPath(0),
        4789,
        1500,
        Set.copyOf(Settings.asked()),
        new TreeMap<>());
  }
}
