package dev.swarm.core.control.network;

import dev.swarm.core.allocator.AddressBook;
import dev.swarm.core.allocator.NetworkReach;
import dev.swarm.core.control.Checks;
import dev.swarm.core.control.Networks;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.AttachNetworkRequest;
import docker.swarmkit.v1.AttachNetworkResponse;
import docker.swarmkit.v1.DetachNetworkRequest;
import docker.swarmkit.v1.DetachNetworkResponse;
import docker.swarmkit.v1.NetworkAttachmentConfig;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.Optional;

/**
 * Attaches containers that a node's own user runs to attachable networks. Each attachment is a task
 * without a service, assigned to the node as any other task.
 */
public final class AttachmentControl {
  private static final int ID_CHARS_MAX = 256;

  private AttachmentControl() {}

  /**
   * @param node who asks, as its certificate says
   */
  public static Decision<AttachNetworkResponse> attach(NodeId node, AttachNetworkRequest request) {
    String target = request.getConfig().getTarget();
    Optional<Rejection> wrong =
        Checks.refuseIf(
                request.getContainerId().isBlank()
                    || request.getContainerId().length() > ID_CHARS_MAX,
                "the id of the container is missing")
            .or(() -> Checks.refuseIf(target.isBlank(), "the network to attach to is missing"))
            .or(() -> Checks.size(request.getConfig(), 64 << 10, "attachment"));
    return Refuse.unless(
        wrong,
        () ->
            (draft, context) -> {
              Optional<Network> found = Networks.find(target, draft);
              if (found.isEmpty()) {
                return Verdict.reject(Refuse.notFound("network", target));
              }
              Network network = found.get();
              if (!network.object().getSpec().getAttachable() || !network.spansNodes()) {
                return Verdict.reject(
                    Refuse.denied("network %s not manually attachable".formatted(network.name())));
              }
              Optional<Node> asking = draft.nodes().find(node);
              if (asking.isEmpty()) {
                return Verdict.reject(Refuse.notFound("node", node.value()));
              }
              if (!NetworkReach.of(draft, List.of(network)).includes(asking.get())) {
                return Verdict.reject(
                    Refuse.precondition(
                        "network %s does not reach this node: other nodes carry it"
                            .formatted(network.name())));
              }
              return attach(node, request, network, draft, new TaskId(context.ids().next()));
            });
  }

  private static Verdict<AttachNetworkResponse> attach(
      NodeId node, AttachNetworkRequest request, Network network, Snapshot draft, TaskId id) {
    NetworkAttachmentConfig config = request.getConfig();
    AddressBook book = new AddressBook(draft);
    Optional<String> address =
        config.getAddressesCount() == 0
            ? book.draw(network)
            : book.draw(network, config.getAddresses(0));
    if (address.isEmpty()) {
      return Verdict.reject(
          Refuse.precondition(
              config.getAddressesCount() == 0
                  ? "network %s has no address left".formatted(network.name())
                  : "address %s is taken, or not of network %s"
                      .formatted(config.getAddresses(0), network.name())));
    }
    TaskSpec.Builder spec = TaskSpec.newBuilder();
    spec.getAttachmentBuilder().setContainerId(request.getContainerId());
    spec.addNetworks(config.toBuilder().setTarget(network.id()));
    Attachment place = new Attachment(network.id(), List.of(address.get()));
    return Verdict.accept(
        List.of(new Change.AttachTask(id, node, spec.build(), List.of(place))),
        snapshot -> AttachNetworkResponse.newBuilder().setAttachmentId(id.value()).build());
  }

  /**
   * @param node who asks: a node lets go of its own places only
   */
  public static Decision<DetachNetworkResponse> detach(NodeId node, DetachNetworkRequest request) {
    TaskId id = new TaskId(request.getAttachmentId());
    return (draft, context) -> {
      Optional<Task> found = draft.tasks().find(id);
      if (found.isEmpty()) {
        return Verdict.reject(Refuse.notFound("attachment", id.value()));
      }
      Task task = found.get();
      if (!task.node().equals(node) || !task.template().spec().hasAttachment()) {
        return Verdict.reject(Refuse.denied("attachment " + id + " is not this node's"));
      }
      return Verdict.accept(
          List.of(new Change.RemoveTask(id)),
          snapshot -> DetachNetworkResponse.getDefaultInstance());
    };
  }
}
