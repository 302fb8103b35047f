package dev.swarm.core.network;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.network.PublishedPort.Transport;
import dev.swarm.core.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Views of a small swarm, all made by chance: nodes a to e, services, and tasks with addresses. */
public final class RandomViews {
  private static final int NODES = 5;
  private static final int ADDRESSES = 20;

  private final Random random;

  public RandomViews(long seed) {
    random = new Random(seed);
  }

  /** The ingress network and two others, each of them there or not. */
  public NetworkView view(long index) {
    SortedMap<String, NetworkState> networks = new TreeMap<>();
    for (int number = 0; number < 3; number++) {
      if (random.nextInt(4) != 0) {
        NetworkState state = network(number);
        networks.put(state.shape().id(), state);
      }
    }
    return new NetworkView(index, networks);
  }

  public static NetworkShape shape(int number) {
    return new NetworkShape(
        "network" + number,
        number == 0 ? "ingress" : "net" + number,
        List.of(Ipv4Prefix.of("10.0." + number + ".0/24")),
        4096 + number,
        OptionalInt.empty(),
        number == 0,
        false);
  }

  public static NodeId node(int number) {
    return new NodeId("node" + (char) ('a' + number));
  }

  /** Where a node sends and receives frames. */
  public static Ipv4 dataPath(int number) {
    return Ipv4.of("192.168.7." + (number + 1));
  }

  public NetworkState network(int number) {
    Table.Builder<NodeId, NetworkNode> nodes = Table.<NodeId, NetworkNode>empty().edit();
    for (int i = 0; i < NODES; i++) {
      if (random.nextInt(5) != 0) {
        Optional<Ipv4> own =
            random.nextInt(6) == 0
                ? Optional.empty()
                : Optional.of(address(number, 200 + i + random.nextInt(2) * 10));
        nodes.put(node(i), new NetworkNode(node(i), dataPath(i), own));
      }
    }
    Table.Builder<ServiceId, NetworkService> services =
        Table.<ServiceId, NetworkService>empty().edit();
    for (int i = random.nextInt(4); i > 0; i--) {
      NetworkService service = service(number, i);
      services.put(service.id(), service);
    }
    Table.Builder<TaskId, NetworkEndpoint> endpoints =
        Table.<TaskId, NetworkEndpoint>empty().edit();
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < ADDRESSES; i++) {
      free.add(10 + i);
    }
    for (int i = random.nextInt(9); i > 0; i--) {
      NetworkEndpoint endpoint =
          endpoint(number, i, free.remove(/* at */ random.nextInt(free.size())));
      endpoints.put(endpoint.task(), endpoint);
    }
    return new NetworkState(shape(number), endpoints.build(), services.build(), nodes.build());
  }

  private static Ipv4 address(int network, int host) {
    return Ipv4.of("10.0." + network + "." + host);
  }

  private NetworkService service(int network, int number) {
    List<PublishedPort> ports =
        network == 0 ? List.of(new PublishedPort(Transport.TCP, 8000 + number, 80)) : List.of();
    Optional<Ipv4> virtualIp =
        network == 0 || random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(address(network, 100 + number + random.nextInt(2) * 10));
    return new NetworkService(new ServiceId("service" + number), "s" + number, virtualIp, ports);
  }

  private NetworkEndpoint endpoint(int network, int number, int host) {
    return new NetworkEndpoint(
        new TaskId("task" + number),
        address(network, host),
        node(random.nextInt(NODES)),
        random.nextInt(5) == 0
            ? ServiceId.NONE
            : new ServiceId("service" + (1 + random.nextInt(3))),
        List.of("name" + number),
        List.of(),
        random.nextInt(4) == 0,
        random.nextInt(4) != 0);
  }
}
