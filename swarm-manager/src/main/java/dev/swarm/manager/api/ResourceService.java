package dev.swarm.manager.api;

import dev.swarm.core.control.network.AttachmentControl;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Requests;
import docker.swarmkit.v1.AttachNetworkRequest;
import docker.swarmkit.v1.AttachNetworkResponse;
import docker.swarmkit.v1.DetachNetworkRequest;
import docker.swarmkit.v1.DetachNetworkResponse;
import docker.swarmkit.v1.ResourceAllocatorGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/**
 * The ResourceAllocator service: attaches containers that are not tasks of the cluster to its
 * networks, for the nodes that run them.
 */
public final class ResourceService extends ResourceAllocatorGrpc.ResourceAllocatorImplBase {
  private final Requests requests;
  private final Supplier<NodeId> caller;

  /**
   * @param caller the node that calls, or none
   */
  public ResourceService(Requests requests, Supplier<NodeId> caller) {
    this.requests = requests;
    this.caller = caller;
  }

  @Override
  public void attachNetwork(
      AttachNetworkRequest request, StreamObserver<AttachNetworkResponse> out) {
    NodeId node = caller.get();
    if (node.isNone()) {
      refuse(out);
    } else {
      Replies.submit(requests, AttachmentControl.attach(node, request), out);
    }
  }

  @Override
  public void detachNetwork(
      DetachNetworkRequest request, StreamObserver<DetachNetworkResponse> out) {
    NodeId node = caller.get();
    if (node.isNone()) {
      refuse(out);
    } else {
      Replies.submit(requests, AttachmentControl.detach(node, request), out);
    }
  }

  private static void refuse(StreamObserver<?> out) {
    out.onError(
        Status.PERMISSION_DENIED.withDescription("this call is for nodes").asRuntimeException());
  }
}
