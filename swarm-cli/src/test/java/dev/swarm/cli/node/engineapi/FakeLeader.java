package dev.swarm.cli.node.engineapi;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.CreateServiceResponse;
import docker.swarmkit.v1.GetNetworkRequest;
import docker.swarmkit.v1.GetNetworkResponse;
import docker.swarmkit.v1.GetNodeRequest;
import docker.swarmkit.v1.GetNodeResponse;
import docker.swarmkit.v1.GetServiceRequest;
import docker.swarmkit.v1.GetServiceResponse;
import docker.swarmkit.v1.GetTaskRequest;
import docker.swarmkit.v1.GetTaskResponse;
import docker.swarmkit.v1.ListClustersRequest;
import docker.swarmkit.v1.ListClustersResponse;
import docker.swarmkit.v1.ListNetworksRequest;
import docker.swarmkit.v1.ListNetworksResponse;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.ListNodesResponse;
import docker.swarmkit.v1.ListServiceStatusesRequest;
import docker.swarmkit.v1.ListServiceStatusesResponse;
import docker.swarmkit.v1.ListServicesRequest;
import docker.swarmkit.v1.ListServicesResponse;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.ListTasksResponse;
import docker.swarmkit.v1.LogContext;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogStream;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.RemoveNetworkRequest;
import docker.swarmkit.v1.RemoveNetworkResponse;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.SubscribeLogsMessage;
import docker.swarmkit.v1.SubscribeLogsRequest;
import docker.swarmkit.v1.UpdateClusterRequest;
import docker.swarmkit.v1.UpdateClusterResponse;
import docker.swarmkit.v1.UpdateNodeRequest;
import docker.swarmkit.v1.UpdateNodeResponse;
import docker.swarmkit.v1.UpdateServiceRequest;
import docker.swarmkit.v1.UpdateServiceResponse;
import docker.swarmkit.v1.WatchGrpc;
import docker.swarmkit.v1.WatchMessage;
import docker.swarmkit.v1.WatchRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A leader in this process that keeps services in a map and remembers what it was asked. */
final class FakeLeader implements AutoCloseable {
  final Map<String, Service> services = new ConcurrentHashMap<>();
  final Map<String, Node> nodes = new ConcurrentHashMap<>();
  final Map<String, Network> networks = new ConcurrentHashMap<>();
  final Set<String> networksInUse = ConcurrentHashMap.newKeySet();
  final BlockingQueue<Object> requests = new LinkedBlockingQueue<>();
  final BlockingQueue<StreamObserver<WatchMessage>> watchers = new LinkedBlockingQueue<>();
  final CountDownLatch followerLeft = new CountDownLatch(1);
  volatile List<String> setAside = List.of();
  volatile Cluster cluster = Cluster.newBuilder().setId("c1").build();

  private final Server server;
  private final ManagedChannel channel;

  FakeLeader(String name) throws IOException {
    server =
        InProcessServerBuilder.forName(name)
            .addService(new Control())
            .addService(new Logs())
            .addService(new Watch())
            .directExecutor()
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  Channel channel() {
    return channel;
  }

  /** The last request of this type, forgetting those before it. */
  <T> T last(Class<T> type) {
    Map<Boolean, T> last = new LinkedHashMap<>();
    for (Object request : requests) {
      if (type.isInstance(request)) {
        last.put(true, type.cast(request));
      }
    }
    T found = last.get(true);
    if (found == null) {
      throw new AssertionError("no " + type.getSimpleName() + " among " + requests);
    }
    return found;
  }

  @Override
  public void close() {
    var _ = channel.shutdownNow();
    var _ = server.shutdownNow();
  }

  private static <T> void answer(StreamObserver<T> to, T value) {
    to.onNext(value);
    to.onCompleted();
  }

  private static void refuse(StreamObserver<?> to, Status status, String why) {
    to.onError(status.withDescription(why).asRuntimeException());
  }

  private final class Control extends ControlGrpc.ControlImplBase {
    @Override
    public void createService(
        CreateServiceRequest request, StreamObserver<CreateServiceResponse> to) {
      requests.add(request);
      String name = request.getSpec().getAnnotations().getName();
      if (services.values().stream().anyMatch(s -> name(s).equals(name))) {
        refuse(to, Status.ALREADY_EXISTS, "service " + name + " already exists");
        return;
      }
      Service.Builder service =
          Service.newBuilder().setId("id-of-" + name).setSpec(request.getSpec());
      service.getMetaBuilder().getVersionBuilder().setIndex(7);
      services.put(service.getId(), service.build());
      answer(to, CreateServiceResponse.newBuilder().setService(service).build());
    }

    private String name(Service service) {
      return service.getSpec().getAnnotations().getName();
    }

    @Override
    public void updateService(
        UpdateServiceRequest request, StreamObserver<UpdateServiceResponse> to) {
      requests.add(request);
      if (request.getServiceVersion().getIndex() != 7) {
        refuse(to, Status.UNKNOWN, "update out of sequence");
        return;
      }
      answer(to, UpdateServiceResponse.getDefaultInstance());
    }

    @Override
    public void getService(GetServiceRequest request, StreamObserver<GetServiceResponse> to) {
      requests.add(request);
      Service found = services.get(request.getServiceId());
      if (found == null) {
        refuse(to, Status.NOT_FOUND, "service " + request.getServiceId() + " not found");
      } else {
        answer(to, GetServiceResponse.newBuilder().setService(found).build());
      }
    }

    @Override
    public void listServices(ListServicesRequest request, StreamObserver<ListServicesResponse> to) {
      requests.add(request);
      var filters = request.getFilters();
      var found = ListServicesResponse.newBuilder();
      services.values().stream()
          .filter(s -> filters.getNamesCount() == 0 || filters.getNamesList().contains(name(s)))
          .filter(
              s ->
                  filters.getIdPrefixesCount() == 0
                      || filters.getIdPrefixesList().stream().anyMatch(s.getId()::startsWith))
          .forEach(found::addServices);
      answer(to, found.build());
    }

    @Override
    public void listServiceStatuses(
        ListServiceStatusesRequest request, StreamObserver<ListServiceStatusesResponse> to) {
      var response = ListServiceStatusesResponse.newBuilder();
      request
          .getServicesList()
          .forEach(
              id ->
                  response
                      .addStatusesBuilder()
                      .setServiceId(id)
                      .setDesiredTasks(3)
                      .setRunningTasks(2));
      answer(to, response.build());
    }

    @Override
    public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> to) {
      refuse(to, Status.NOT_FOUND, "task " + request.getTaskId() + " not found");
    }

    @Override
    public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> to) {
      requests.add(request);
      answer(to, ListTasksResponse.getDefaultInstance());
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> to) {
      requests.add(request);
      var found = ListNodesResponse.newBuilder();
      nodes.values().stream()
          .filter(
              n ->
                  request.getFilters().getIdPrefixesList().stream().allMatch(n.getId()::startsWith))
          .filter(
              n ->
                  request.getFilters().getNamesCount() == 0
                      || request
                          .getFilters()
                          .getNamesList()
                          .contains(n.getDescription().getHostname()))
          .forEach(found::addNodes);
      answer(to, found.build());
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<GetNodeResponse> to) {
      refuse(to, Status.NOT_FOUND, "node " + request.getNodeId() + " not found");
    }

    @Override
    public void getNetwork(GetNetworkRequest request, StreamObserver<GetNetworkResponse> to) {
      refuse(to, Status.NOT_FOUND, "network " + request.getNetworkId() + " not found");
    }

    @Override
    public void updateNode(UpdateNodeRequest request, StreamObserver<UpdateNodeResponse> to) {
      requests.add(request);
      answer(to, UpdateNodeResponse.getDefaultInstance());
    }

    @Override
    public void listNetworks(ListNetworksRequest request, StreamObserver<ListNetworksResponse> to) {
      var found = ListNetworksResponse.newBuilder();
      networks.values().stream()
          .filter(
              n ->
                  request.getFilters().getNamesList().stream()
                      .allMatch(n.getSpec().getAnnotations().getName()::equals))
          .filter(
              n ->
                  request.getFilters().getIdPrefixesList().stream().allMatch(n.getId()::startsWith))
          .forEach(found::addNetworks);
      answer(to, found.build());
    }

    @Override
    public void removeNetwork(
        RemoveNetworkRequest request, StreamObserver<RemoveNetworkResponse> to) {
      if (networksInUse.contains(request.getNetworkId())) {
        refuse(to, Status.FAILED_PRECONDITION, "network is in use");
        return;
      }
      networks.remove(request.getNetworkId());
      answer(to, RemoveNetworkResponse.getDefaultInstance());
    }

    @Override
    public void listClusters(ListClustersRequest request, StreamObserver<ListClustersResponse> to) {
      answer(
          to,
          ListClustersResponse.newBuilder().addClusters(cluster).addAllSetAside(setAside).build());
    }

    @Override
    public void updateCluster(
        UpdateClusterRequest request, StreamObserver<UpdateClusterResponse> to) {
      requests.add(request);
      answer(to, UpdateClusterResponse.getDefaultInstance());
    }
  }

  private final class Watch extends WatchGrpc.WatchImplBase {
    @Override
    public void watch(WatchRequest request, StreamObserver<WatchMessage> to) {
      requests.add(request);
      to.onNext(WatchMessage.getDefaultInstance());
      watchers.add(to);
    }
  }

  private final class Logs extends LogsGrpc.LogsImplBase {
    @Override
    public void subscribeLogs(
        SubscribeLogsRequest request, StreamObserver<SubscribeLogsMessage> to) {
      requests.add(request);
      ((ServerCallStreamObserver<SubscribeLogsMessage>) to)
          .setOnCancelHandler(followerLeft::countDown);
      to.onNext(
          SubscribeLogsMessage.newBuilder()
              .addMessages(line(LogStream.LOG_STREAM_STDOUT, "hello\n"))
              .addMessages(line(LogStream.LOG_STREAM_STDERR, "oops\n"))
              .build());
      if (!request.getOptions().getFollow()) {
        to.onCompleted();
      }
    }

    private LogMessage line(LogStream stream, String text) {
      return LogMessage.newBuilder()
          .setContext(LogContext.newBuilder().setTaskId("t1").setServiceId("s1").setNodeId("n1"))
          .setStream(stream)
          .setData(ByteString.copyFromUtf8(text))
          .build();
    }
  }
}
