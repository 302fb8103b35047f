package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.routes.InitRequest;
import dev.swarm.core.control.node.ForceNewCluster;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.Manager;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.ListClustersRequest;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.UpdateClusterRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Applies the rest of an {@code init --force-new-cluster} to the cluster that goes on in place of a
 * new one.
 */
final class Reform {
  private static final int CALL_SECONDS_MAX = 10;
  private static final int TRIES_MAX = 5;

  private Reform() {}

  /**
   * Blocks until it is so.
   *
   * @throws ApiRejection if the cluster is there, and cannot be as it was asked for
   */
  static void of(Manager manager, NewCluster cluster, String nodeId) {
    try {
      settings(manager, cluster);
      networks(manager, cluster.request());
      availability(manager, cluster.request().availability(), nodeId);
    } catch (StatusRuntimeException e) {
      throw only(String.valueOf(e.getStatus().getDescription()));
    } catch (CompletionException e) {
      throw only(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
    }
  }

  private static ApiRejection only(String why) {
    return new ApiRejection(
        500,
        "this manager goes on alone now, but the rest of the request did not take effect (use"
            + " \"swarm update\"): "
            + why);
  }

  private static void settings(Manager manager, NewCluster cluster) {
    ControlGrpc.ControlBlockingStub control =
        ControlGrpc.newBlockingStub(manager.localChannel())
            .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
    for (int left = TRIES_MAX; ; left--) {
      Cluster now = control.listClusters(ListClustersRequest.getDefaultInstance()).getClusters(0);
      UpdateClusterRequest update =
          UpdateClusterRequest.newBuilder()
              .setClusterId(now.getId())
              .setClusterVersion(now.getMeta().getVersion())
              .setSpec(cluster.spec(now.getSpec()))
              .build();
      if (update.getSpec().equals(now.getSpec())) {
        return;
      }
      try {
        var _ = control.updateCluster(update);
        return;
      } catch (StatusRuntimeException e) {
        // The cluster's own housekeeping may have been quicker.
        if (left == 0 || e.getStatus().getCode() != Status.Code.INVALID_ARGUMENT) {
          throw e;
        }
      }
    }
  }

  private static void networks(Manager manager, InitRequest request) {
    if (!request.defaultAddrPool().isEmpty() || request.dataPathPort() != 0) {
      decide(
          manager,
          ForceNewCluster.networks(
              request.defaultAddrPool(), request.subnetSize(), request.dataPathPort()));
    }
  }

  /** Clients always say active; that a drained node is not drained any more is nobody's wish. */
  private static void availability(
      Manager manager, NodeSpec.Availability availability, String nodeId) {
    if (availability != NodeSpec.Availability.ACTIVE) {
      decide(manager, ForceNewCluster.availability(nodeId, availability));
    }
  }

  private static void decide(Manager manager, Decision<Snapshot> decision) {
    var _ = manager.requests().submit(decision).toCompletableFuture().join();
  }
}
