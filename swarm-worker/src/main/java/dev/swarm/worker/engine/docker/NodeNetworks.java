package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.core.net.Subnet;
import dev.swarm.worker.engine.EngineException;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NetworkAttachment;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The cluster's networks on this node, each while a task or a container is on it: those that span
 * nodes as a bridge of the network's name and subnet, for they are kept within the node; those that
 * every node has for itself as they are described. Safe for use by many threads.
 */
final class NodeNetworks {
  private static final String NETWORK = dev.swarm.core.model.Network.ID_LABEL + "=";
  private static final String NODE = dev.swarm.core.model.Network.NODE_LABEL + "=";
  private static final String MTU = "com.docker.network.driver.mtu";

  private final EngineApi api;
  private final Supplier<String> nodeId;
  // Who makes a bridge or puts something on it, against who looks for those nobody is on.
  private final ReadWriteLock use = new ReentrantReadWriteLock();
  private final ReentrantLock making = new ReentrantLock();
  // By task: the networks, by their names here, on which somebody was given a place and is not yet.
  private final ConcurrentHashMap<String, Set<String>> promised = new ConcurrentHashMap<>();
  // An earlier life of this daemon may have left some.
  private volatile boolean any = true;

  NodeNetworks(EngineApi api, Supplier<String> nodeId) {
    this.api = api;
    this.nodeId = nodeId;
  }

  /**
   * Makes what is missing of the task's networks and runs {@code join} while none can go away.
   *
   * @param join is given the places by the names that the engine knows the networks by
   */
  <T> T joining(Task task, Function<List<ContainerNetwork>, T> join) {
    Lock lock = use.readLock();
    lock.lock();
    try {
      return join.apply(resolve(task, this::ensure));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes what is missing of the task's networks and keeps them until {@link #fulfilled}, though
   * nothing is on them yet.
   *
   * @return the task's main place
   */
  ContainerNetwork promise(Task task) {
    return joining(
        task,
        places -> {
          promised.put(
              task.getId(),
              places.stream().map(ContainerNetwork::network).collect(Collectors.toSet()));
          return places.getFirst();
        });
  }

  /** Somebody is in the task's places, or nobody will be. */
  void fulfilled(String taskId) {
    promised.remove(taskId);
  }

  /**
   * The task's places as {@link #joining} gave them, whether the networks are still there or not.
   */
  List<ContainerNetwork> places(Task task) {
    return resolve(
        task,
        network -> {
          JsonNode found = find("label", NETWORK + network.getId());
          return found.isEmpty()
              ? network.getSpec().getAnnotations().getName()
              : name(found.path(0));
        });
  }

  private static List<ContainerNetwork> resolve(Task task, Function<Network, String> nameHere) {
    List<ContainerNetwork> places = new ArrayList<>();
    for (ContainerNetwork place : TaskPlaces.of(task)) {
      places.add(place.predefined() ? place : place.on(nameHere.apply(described(task, place))));
    }
    return places;
  }

  private static Network described(Task task, ContainerNetwork place) {
    return task.getNetworksList().stream()
        .map(NetworkAttachment::getNetwork)
        .filter(n -> n.getSpec().getAnnotations().getName().equals(place.network()))
        .findFirst()
        .orElseThrow();
  }

  /** The name that the engine knows the network by. */
  private String ensure(Network network) {
    String name = network.getSpec().getAnnotations().getName();
    making.lock();
    try {
      JsonNode found = find("label", NETWORK + network.getId());
      return found.isEmpty() ? make(network, free(name, network)) : name(found.path(0));
    } catch (ApiException e) {
      if (e.isUnanswered()) {
        throw e;
      }
      throw new EngineException("network %s cannot be made here: %s".formatted(name, e.text()), e);
    } finally {
      making.unlock();
    }
  }

  /** Engines cannot use one of two networks of a name, so one of their own keeps it. */
  private String free(String name, Network network) {
    for (JsonNode other : find("name", name)) {
      if (name(other).equals(name)) {
        return name + "-" + network.getId();
      }
    }
    return name;
  }

  private String make(Network network, String name) {
    refuseOwnSubnets(network, name);
    any = true;
    api.post("/networks/create", request(network, name));
    return name;
  }

  private static void refuseOwnSubnets(Network network, String name) {
    for (IPAMConfig config : network.getIpam().getConfigsList()) {
      Optional<String> inside = Subnet.parse(config.getSubnet()).flatMap(MachineSubnets::inside);
      if (inside.isPresent()) {
        throw new EngineException(
            ("network %s has the subnet %s, but this machine is in it at %s: give the network"
                    + " another with --subnet, or all of them with swarm init --default-addr-pool")
                .formatted(name, config.getSubnet(), inside.get()));
      }
    }
  }

  private static String name(JsonNode network) {
    return network.path("Name").asText();
  }

  private ObjectNode request(Network network, String name) {
    NetworkSpec spec = network.getSpec();
    Driver driver = network.getDriverState();
    boolean spansNodes = driver.getName().equals("overlay");
    ObjectNode body = EngineApi.JSON.createObjectNode();
    body.put("Name", name);
    body.put("CheckDuplicate", true);
    body.put("Driver", spansNodes ? "bridge" : driver.getName());
    body.put("Internal", spec.getInternal());
    body.put("EnableIPv6", spec.getIpv6Enabled());
    if (!spec.getNetwork().isEmpty()) {
      body.putObject("ConfigFrom").put("Network", spec.getNetwork());
    }
    ArrayNode subnets = body.putObject("IPAM").put("Driver", "default").putArray("Config");
    (spansNodes ? network.getIpam() : spec.getIpam())
        .getConfigsList()
        .forEach(config -> subnets.add(subnet(config)));
    Map<String, String> labels = new LinkedHashMap<>(spec.getAnnotations().getLabelsMap());
    labels.put(dev.swarm.core.model.Network.ID_LABEL, network.getId());
    labels.put(dev.swarm.core.model.Network.DRIVER_LABEL, driver.getName());
    labels.put(dev.swarm.core.model.Network.NODE_LABEL, nodeId.get());
    body.set("Labels", ContainerRequest.object(labels));
    Map<String, String> options = new LinkedHashMap<>(spec.getDriverConfig().getOptionsMap());
    if (spansNodes) {
      options.keySet().retainAll(List.of(MTU));
    }
    body.set("Options", ContainerRequest.object(options));
    return body;
  }

  private static ObjectNode subnet(IPAMConfig config) {
    ObjectNode subnet = EngineApi.JSON.createObjectNode();
    subnet.put("Subnet", config.getSubnet());
    ContainerRequest.text(subnet, "Gateway", config.getGateway());
    ContainerRequest.text(subnet, "IPRange", config.getRange());
    return subnet;
  }

  /** Removes the networks that nothing is on: no container, none in the making, none promised. */
  void sweep() {
    if (!any) {
      return;
    }
    Lock lock = use.writeLock();
    lock.lock();
    try {
      boolean left = false;
      for (JsonNode bridge : find("label", NODE + nodeId.get())) {
        left |= isUsed(bridge) || !remove(bridge.path("Id").asText());
      }
      any = left;
    } finally {
      lock.unlock();
    }
  }

  /** Tasks that have ended don't start again, other containers may. */
  private boolean isUsed(JsonNode bridge) {
    if (promised.values().stream().anyMatch(names -> names.contains(name(bridge)))) {
      return true;
    }
    for (JsonNode container : containers(name(bridge))) {
      boolean ended =
          container.path("Labels").has(ContainerRequest.LABEL + "task.id")
              && Set.of("exited", "dead").contains(container.path("State").asText());
      if (!ended) {
        return true;
      }
    }
    return false;
  }

  private boolean remove(String id) {
    try {
      api.delete("/networks/" + id);
      return true;
    } catch (ApiException e) {
      return e.status() == 404;
    }
  }

  /** All containers on a network, those that do not run included. */
  JsonNode containers(String network) {
    return api.get("/containers/json?all=1&filters=" + filter("network", network));
  }

  private JsonNode find(String key, String value) {
    return api.get("/networks?filters=" + filter(key, value));
  }

  private static String filter(String key, String value) {
    ObjectNode filter = EngineApi.JSON.createObjectNode();
    ContainerRequest.strings(filter, key, List.of(value));
    return EngineApi.escape(filter.toString());
  }
}
