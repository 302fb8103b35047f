package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.routes.LocalPlace;
import dev.swarm.worker.engine.docker.AttachmentEngine;
import dev.swarm.worker.engine.docker.ContainerNetwork;
import docker.swarmkit.v1.AttachNetworkRequest;
import docker.swarmkit.v1.DetachNetworkRequest;
import docker.swarmkit.v1.ResourceAllocatorGrpc;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the cluster for attachments to its networks, for containers that this node's user runs. */
final class OwnPlaces {
  private static final Duration ASKED = Duration.ofSeconds(10);
  private static final Duration GIVEN = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(OwnPlaces.class);

  private final AttachmentEngine engine;

  OwnPlaces(AttachmentEngine engine) {
    this.engine = engine;
  }

  /**
   * @param manager a channel to any manager, with this node's certificate
   * @param container what the cluster shall know the container by
   * @param address empty for any
   * @return nothing if the cluster has no such network
   * @throws ApiRejection if the network is not for this node or this container
   */
  Optional<LocalPlace> take(Channel manager, String network, String container, String address) {
    AttachNetworkRequest.Builder request =
        AttachNetworkRequest.newBuilder().setContainerId(container);
    request.getConfigBuilder().setTarget(network);
    if (!address.isEmpty()) {
      request.getConfigBuilder().addAddresses(address);
    }
    String id;
    try {
      id =
          ResourceAllocatorGrpc.newBlockingStub(manager)
              .withDeadlineAfter(ASKED.toMillis(), TimeUnit.MILLISECONDS)
              .attachNetwork(request.build())
              .getAttachmentId();
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case NOT_FOUND -> Optional.empty();
        case PERMISSION_DENIED ->
            throw new ApiRejection(
                403,
                "Could not attach to network %s: rpc error: code = PermissionDenied desc = %s"
                    .formatted(network, e.getStatus().getDescription()));
        default -> throw e;
      };
    }
    ContainerNetwork place = await(id, network);
    return Optional.of(new LocalPlace(id, place.network(), place.address()));
  }

  /** As far as that works: what nobody comes to expires. */
  void giveBack(Channel manager, LocalPlace place) {
    try {
      var _ =
          ResourceAllocatorGrpc.newBlockingStub(manager)
              .withDeadlineAfter(ASKED.toMillis(), TimeUnit.MILLISECONDS)
              .detachNetwork(DetachNetworkRequest.newBuilder().setAttachmentId(place.id()).build());
    } catch (StatusRuntimeException e) {
      LOG.debug("a place on {} is left to expire: {}", place.network(), e.getStatus());
    }
  }

  private ContainerNetwork await(String id, String network) {
    try {
      return engine.place(id).toCompletableFuture().get(GIVEN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ApiRejection(500, String.valueOf(cause.getMessage()));
    } catch (TimeoutException e) {
      var _ = engine.remove(id);
      throw ApiRejection.unavailable(
          "attaching to network %s took too long: is the swarm's manager reachable?"
              .formatted(network));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiRejection.unavailable("attaching to network " + network + " was interrupted");
    }
  }
}
