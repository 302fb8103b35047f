package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.ControlGrpc.ControlBlockingStub;
import docker.swarmkit.v1.GetNetworkRequest;
import docker.swarmkit.v1.GetNodeRequest;
import docker.swarmkit.v1.GetServiceRequest;
import docker.swarmkit.v1.GetTaskRequest;
import docker.swarmkit.v1.ListClustersRequest;
import docker.swarmkit.v1.ListClustersResponse;
import docker.swarmkit.v1.ListNetworksRequest;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.ListServicesRequest;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.LogsGrpc.LogsBlockingStub;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.Task;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Calls the swarm's leader. Objects are found as users name them: by id, else by name, else by the
 * beginning of an id.
 */
final class SwarmClient {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

  private final LocalMembership node;
  private final Supplier<Channel> leader;

  SwarmClient(LocalMembership node, Supplier<Channel> leader) {
    this.node = node;
    this.leader = leader;
  }

  /**
   * @throws ApiRejection 503 if this node cannot ask for the swarm's state
   */
  ControlBlockingStub control() {
    node.managerStatus().requireManager();
    return ControlGrpc.newBlockingStub(leader.get())
        .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        // A list of many tasks is larger than gRPC's 4 MiB.
        .withMaxInboundMessageSize(Integer.MAX_VALUE);
  }

  /** Without a deadline: a followed log ends when the client leaves. */
  LogsBlockingStub logs() {
    node.managerStatus().requireManager();
    return LogsGrpc.newBlockingStub(leader.get());
  }

  Cluster cluster() {
    return cluster(clusters());
  }

  /** The cluster, and what its leader says besides. */
  ListClustersResponse clusters() {
    return control().listClusters(ListClustersRequest.getDefaultInstance());
  }

  static Cluster cluster(ListClustersResponse response) {
    return response.getClustersList().stream()
        .findFirst()
        .orElseThrow(() -> ApiRejection.unavailable("This node is not part of a swarm"));
  }

  Node node(String name) {
    return one(
        "node",
        name,
        () -> control().getNode(GetNodeRequest.newBuilder().setNodeId(name).build()).getNode(),
        () -> nodes(ListNodesRequest.Filters.newBuilder().addNames(name)),
        () -> nodes(ListNodesRequest.Filters.newBuilder().addIdPrefixes(name)));
  }

  private List<Node> nodes(ListNodesRequest.Filters.Builder filters) {
    return control()
        .listNodes(ListNodesRequest.newBuilder().setFilters(filters).build())
        .getNodesList();
  }

  /**
   * @param insertDefaults the spec with every default that applies
   */
  Service service(String name, boolean insertDefaults) {
    Service found =
        one(
            "service",
            name,
            () -> serviceById(name, insertDefaults),
            () -> services(ListServicesRequest.Filters.newBuilder().addNames(name)),
            () -> services(ListServicesRequest.Filters.newBuilder().addIdPrefixes(name)));
    return insertDefaults && !found.getId().equals(name) ? serviceById(found.getId(), true) : found;
  }

  private Service serviceById(String id, boolean insertDefaults) {
    return control()
        .getService(
            GetServiceRequest.newBuilder()
                .setServiceId(id)
                .setInsertDefaults(insertDefaults)
                .build())
        .getService();
  }

  private List<Service> services(ListServicesRequest.Filters.Builder filters) {
    return control()
        .listServices(ListServicesRequest.newBuilder().setFilters(filters).build())
        .getServicesList();
  }

  Task task(String name) {
    return one(
        "task",
        name,
        () -> control().getTask(GetTaskRequest.newBuilder().setTaskId(name).build()).getTask(),
        () -> tasks(ListTasksRequest.Filters.newBuilder().addNames(name)),
        () -> tasks(ListTasksRequest.Filters.newBuilder().addIdPrefixes(name)));
  }

  private List<Task> tasks(ListTasksRequest.Filters.Builder filters) {
    return control()
        .listTasks(ListTasksRequest.newBuilder().setFilters(filters).build())
        .getTasksList();
  }

  Network network(String name) {
    return one(
        "network",
        name,
        () ->
            control()
                .getNetwork(GetNetworkRequest.newBuilder().setNetworkId(name).build())
                .getNetwork(),
        () -> networks(ListNetworksRequest.Filters.newBuilder().addNames(name)),
        () -> networks(ListNetworksRequest.Filters.newBuilder().addIdPrefixes(name)));
  }

  private List<Network> networks(ListNetworksRequest.Filters.Builder filters) {
    return control()
        .listNetworks(ListNetworksRequest.newBuilder().setFilters(filters).build())
        .getNetworksList();
  }

  /** The one object that a user means by {@code name}. */
  static <T> T one(
      String kind,
      String name,
      Supplier<T> byId,
      Supplier<List<T>> byName,
      Supplier<List<T>> byIdPrefix) {
    if (name.isBlank()) {
      throw ApiRejection.unnamed(kind);
    }
    Optional<T> exact = unlessUnknown(byId);
    if (exact.isPresent()) {
      return exact.get();
    }
    List<T> found = byName.get();
    if (found.isEmpty()) {
      found = byIdPrefix.get();
    }
    return switch (found.size()) {
      case 0 -> throw ApiRejection.notFound(kind + " " + name + " not found");
      case 1 -> found.getFirst();
      default ->
          throw ApiRejection.badRequest(
              kind + " " + name + " is ambiguous (" + found.size() + " matches found)");
    };
  }

  private static <T> Optional<T> unlessUnknown(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      if (code == Status.Code.NOT_FOUND || code == Status.Code.INVALID_ARGUMENT) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
