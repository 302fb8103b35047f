package dev.swarm.manager.api;

import dev.swarm.core.control.cluster.ClusterControl;
import dev.swarm.core.control.config.ConfigControl;
import dev.swarm.core.control.network.NetworkControl;
import dev.swarm.core.control.node.NodeControl;
import dev.swarm.core.control.node.NodeQueries;
import dev.swarm.core.control.secret.SecretControl;
import dev.swarm.core.control.service.ServiceControl;
import dev.swarm.core.control.service.ServiceQueries;
import dev.swarm.core.control.task.TaskControl;
import dev.swarm.core.plan.Requests;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.CreateConfigResponse;
import docker.swarmkit.v1.CreateNetworkRequest;
import docker.swarmkit.v1.CreateNetworkResponse;
import docker.swarmkit.v1.CreateSecretRequest;
import docker.swarmkit.v1.CreateSecretResponse;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.CreateServiceResponse;
import docker.swarmkit.v1.GetClusterRequest;
import docker.swarmkit.v1.GetClusterResponse;
import docker.swarmkit.v1.GetConfigRequest;
import docker.swarmkit.v1.GetConfigResponse;
import docker.swarmkit.v1.GetNetworkRequest;
import docker.swarmkit.v1.GetNetworkResponse;
import docker.swarmkit.v1.GetNodeRequest;
import docker.swarmkit.v1.GetNodeResponse;
import docker.swarmkit.v1.GetSecretRequest;
import docker.swarmkit.v1.GetSecretResponse;
import docker.swarmkit.v1.GetServiceRequest;
import docker.swarmkit.v1.GetServiceResponse;
import docker.swarmkit.v1.GetTaskRequest;
import docker.swarmkit.v1.GetTaskResponse;
import docker.swarmkit.v1.ListClustersRequest;
import docker.swarmkit.v1.ListClustersResponse;
import docker.swarmkit.v1.ListConfigsRequest;
import docker.swarmkit.v1.ListConfigsResponse;
import docker.swarmkit.v1.ListNetworksRequest;
import docker.swarmkit.v1.ListNetworksResponse;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.ListNodesResponse;
import docker.swarmkit.v1.ListSecretsRequest;
import docker.swarmkit.v1.ListSecretsResponse;
import docker.swarmkit.v1.ListServiceStatusesRequest;
import docker.swarmkit.v1.ListServiceStatusesResponse;
import docker.swarmkit.v1.ListServicesRequest;
import docker.swarmkit.v1.ListServicesResponse;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.ListTasksResponse;
import docker.swarmkit.v1.RemoveConfigRequest;
import docker.swarmkit.v1.RemoveConfigResponse;
import docker.swarmkit.v1.RemoveNetworkRequest;
import docker.swarmkit.v1.RemoveNetworkResponse;
import docker.swarmkit.v1.RemoveNodeRequest;
import docker.swarmkit.v1.RemoveNodeResponse;
import docker.swarmkit.v1.RemoveSecretRequest;
import docker.swarmkit.v1.RemoveSecretResponse;
import docker.swarmkit.v1.RemoveServiceRequest;
import docker.swarmkit.v1.RemoveServiceResponse;
import docker.swarmkit.v1.RemoveTaskRequest;
import docker.swarmkit.v1.RemoveTaskResponse;
import docker.swarmkit.v1.UpdateClusterRequest;
import docker.swarmkit.v1.UpdateClusterResponse;
import docker.swarmkit.v1.UpdateConfigRequest;
import docker.swarmkit.v1.UpdateConfigResponse;
import docker.swarmkit.v1.UpdateNodeRequest;
import docker.swarmkit.v1.UpdateNodeResponse;
import docker.swarmkit.v1.UpdateSecretRequest;
import docker.swarmkit.v1.UpdateSecretResponse;
import docker.swarmkit.v1.UpdateServiceRequest;
import docker.swarmkit.v1.UpdateServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;

/**
 * The Control service, which operators call. Changes are submitted to the control loop, reads
 * answered from the newest committed snapshot.
 */
public final class ControlService extends UnavailableControl {
  private final Requests requests;
  private final ControlSettings settings;

  public ControlService(Requests requests, ControlSettings settings) {
    this.requests = requests;
    this.settings = settings;
  }

  @Override
  public void getNode(GetNodeRequest request, StreamObserver<GetNodeResponse> observer) {
    Replies.query(requests, s -> NodeQueries.get(s, request, settings.managers()), observer);
  }

  @Override
  public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
    Replies.list(requests, s -> NodeQueries.list(s, request, settings.managers()), observer);
  }

  @Override
  public void updateNode(UpdateNodeRequest request, StreamObserver<UpdateNodeResponse> observer) {
    Replies.submit(requests, NodeControl.update(request, settings.voters()), observer);
  }

  @Override
  public void removeNode(RemoveNodeRequest request, StreamObserver<RemoveNodeResponse> observer) {
    Replies.submit(requests, NodeControl.remove(request), observer);
  }

  @Override
  public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> observer) {
    Replies.query(requests, s -> TaskControl.get(s, request), observer);
  }

  @Override
  public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> observer) {
    Replies.list(requests, s -> TaskControl.list(s, request), observer);
  }

  @Override
  public void removeTask(RemoveTaskRequest request, StreamObserver<RemoveTaskResponse> observer) {
    Replies.submit(requests, TaskControl.remove(request), observer);
  }

  @Override
  public void getService(GetServiceRequest request, StreamObserver<GetServiceResponse> observer) {
    Replies.query(requests, s -> ServiceQueries.get(s, request), observer);
  }

  @Override
  public void listServices(
      ListServicesRequest request, StreamObserver<ListServicesResponse> observer) {
    Replies.list(requests, s -> ServiceQueries.list(s, request), observer);
  }

  @Override
  public void createService(
      CreateServiceRequest request, StreamObserver<CreateServiceResponse> observer) {
    Replies.submit(requests, ServiceControl.create(request), observer);
  }

  @Override
  public void updateService(
      UpdateServiceRequest request, StreamObserver<UpdateServiceResponse> observer) {
    Replies.submit(requests, ServiceControl.update(request), observer);
  }

  @Override
  public void removeService(
      RemoveServiceRequest request, StreamObserver<RemoveServiceResponse> observer) {
    Replies.submit(requests, ServiceControl.remove(request), observer);
  }

  @Override
  public void listServiceStatuses(
      ListServiceStatusesRequest request, StreamObserver<ListServiceStatusesResponse> observer) {
    Replies.query(requests, s -> ServiceQueries.statuses(s, request), observer);
  }

  @Override
  public void getNetwork(GetNetworkRequest request, StreamObserver<GetNetworkResponse> observer) {
    Replies.query(requests, s -> NetworkControl.get(s, request), observer);
  }

  @Override
  public void listNetworks(
      ListNetworksRequest request, StreamObserver<ListNetworksResponse> observer) {
    Replies.list(requests, s -> NetworkControl.list(s, request), observer);
  }

  @Override
  public void createNetwork(
      CreateNetworkRequest request, StreamObserver<CreateNetworkResponse> observer) {
    Replies.submit(requests, NetworkControl.create(request), observer);
  }

  @Override
  public void removeNetwork(
      RemoveNetworkRequest request, StreamObserver<RemoveNetworkResponse> observer) {
    Replies.submit(requests, NetworkControl.remove(request), observer);
  }

  @Override
  public void getCluster(GetClusterRequest request, StreamObserver<GetClusterResponse> observer) {
    Replies.query(requests, s -> ClusterControl.get(s, request), observer);
  }

  @Override
  public void listClusters(
      ListClustersRequest request, StreamObserver<ListClustersResponse> observer) {
    List<String> setAside = settings.setAside().get();
    Replies.list(
        requests,
        s -> ClusterControl.list(s, request).toBuilder().addAllSetAside(setAside).build(),
        observer);
  }

  @Override
  public void updateCluster(
      UpdateClusterRequest request, StreamObserver<UpdateClusterResponse> observer) {
    Replies.submit(requests, ClusterControl.update(request, settings.secrets()), observer);
  }

  @Override
  public void getSecret(GetSecretRequest request, StreamObserver<GetSecretResponse> observer) {
    Replies.query(requests, s -> SecretControl.get(s, request), observer);
  }

  @Override
  public void updateSecret(
      UpdateSecretRequest request, StreamObserver<UpdateSecretResponse> observer) {
    Replies.submit(requests, SecretControl.update(request), observer);
  }

  @Override
  public void listSecrets(
      ListSecretsRequest request, StreamObserver<ListSecretsResponse> observer) {
    Replies.list(requests, s -> SecretControl.list(s, request), observer);
  }

  @Override
  public void createSecret(
      CreateSecretRequest request, StreamObserver<CreateSecretResponse> observer) {
    Replies.submit(requests, SecretControl.create(request), observer);
  }

  @Override
  public void removeSecret(
      RemoveSecretRequest request, StreamObserver<RemoveSecretResponse> observer) {
    Replies.submit(requests, SecretControl.remove(request), observer);
  }

  @Override
  public void getConfig(GetConfigRequest request, StreamObserver<GetConfigResponse> observer) {
    Replies.query(requests, s -> ConfigControl.get(s, request), observer);
  }

  @Override
  public void updateConfig(
      UpdateConfigRequest request, StreamObserver<UpdateConfigResponse> observer) {
    Replies.submit(requests, ConfigControl.update(request), observer);
  }

  @Override
  public void listConfigs(
      ListConfigsRequest request, StreamObserver<ListConfigsResponse> observer) {
    Replies.list(requests, s -> ConfigControl.list(s, request), observer);
  }

  @Override
  public void createConfig(
      CreateConfigRequest request, StreamObserver<CreateConfigResponse> observer) {
    Replies.submit(requests, ConfigControl.create(request), observer);
  }

  @Override
  public void removeConfig(
      RemoveConfigRequest request, StreamObserver<RemoveConfigResponse> observer) {
    Replies.submit(requests, ConfigControl.remove(request), observer);
  }
}
