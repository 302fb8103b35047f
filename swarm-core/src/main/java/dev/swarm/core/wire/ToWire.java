package dev.swarm.core.wire;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.spec.Durations;
import docker.swarmkit.v1.ContainerStatus;
import docker.swarmkit.v1.DiscreteGenericResource;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.GenericResource;
import docker.swarmkit.v1.NamedGenericResource;
import docker.swarmkit.v1.NetworkAttachment;
import docker.swarmkit.v1.NetworkAttachmentConfig;
import docker.swarmkit.v1.NodeStatus;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Converts the model to wire messages. */
public final class ToWire {
  private ToWire() {}

  public static docker.swarmkit.v1.Meta meta(Meta meta) {
    return docker.swarmkit.v1.Meta.newBuilder()
        .setVersion(version(meta.version()))
        .setCreatedAt(Durations.toWire(meta.createdAt()))
        .setUpdatedAt(Durations.toWire(meta.updatedAt()))
        .build();
  }

  public static Version version(long index) {
    return Version.newBuilder().setIndex(index).build();
  }

  public static docker.swarmkit.v1.Cluster cluster(Cluster cluster) {
    return cluster.object().toBuilder().setId(cluster.id()).setMeta(meta(cluster.meta())).build();
  }

  public static docker.swarmkit.v1.Network network(Network network) {
    return network.object().toBuilder().setId(network.id()).setMeta(meta(network.meta())).build();
  }

  public static docker.swarmkit.v1.Secret secret(Secret secret) {
    return secret.object().toBuilder().setId(secret.id()).setMeta(meta(secret.meta())).build();
  }

  public static docker.swarmkit.v1.Config config(Config config) {
    return config.object().toBuilder().setId(config.id()).setMeta(meta(config.meta())).build();
  }

  public static docker.swarmkit.v1.Node node(Node node) {
    docker.swarmkit.v1.Node.Builder wire =
        docker.swarmkit.v1.Node.newBuilder()
            .setId(node.id().value())
            .setMeta(meta(node.meta()))
            .setSpec(node.spec())
            .setStatus(status(node.status()))
            .setCertificate(node.certificate())
            .setRole(node.role());
    if (!node.description().equals(node.description().getDefaultInstanceForType())) {
      wire.setDescription(node.description());
    }
    for (Attachment attachment : node.networks()) {
      wire.addAttachments(
          NetworkAttachment.newBuilder()
              .setNetwork(docker.swarmkit.v1.Network.newBuilder().setId(attachment.network()))
              .addAllAddresses(attachment.addresses()));
    }
    return wire.build();
  }

  /**
   * A node as agents must see it, its networks in full.
   *
   * @param networks by id
   */
  public static docker.swarmkit.v1.Node node(
      Node node, Function<String, Optional<Network>> networks) {
    return node.networks().isEmpty()
        ? node(node)
        : node(node).toBuilder()
            .clearAttachments()
            .addAllAttachments(attachments(node.networks(), List.of(), networks))
            .build();
  }

  private static NodeStatus status(Node.Status status) {
    NodeStatus.State state =
        switch (status.state()) {
          case UNKNOWN -> NodeStatus.State.UNKNOWN;
          case DOWN -> NodeStatus.State.DOWN;
          case READY -> NodeStatus.State.READY;
          case DISCONNECTED -> NodeStatus.State.DISCONNECTED;
        };
    return NodeStatus.newBuilder()
        .setState(state)
        .setMessage(status.message())
        .setAddr(status.addr())
        .build();
  }

  public static docker.swarmkit.v1.Service service(Service service) {
    docker.swarmkit.v1.Service.Builder wire =
        docker.swarmkit.v1.Service.newBuilder()
            .setId(service.id().value())
            .setMeta(meta(service.meta()))
            .setSpec(service.spec())
            .setSpecVersion(version(service.specVersion()))
            .setEndpoint(service.endpoint());
    service.previous().ifPresent(wire::setPreviousSpec);
    service.updateStatus().ifPresent(wire::setUpdateStatus);
    service.job().ifPresent(wire::setJobStatus);
    return wire.build();
  }

  public static TaskState state(dev.swarm.core.model.TaskState state) {
    return java.util.Objects.requireNonNull(TaskState.forNumber(state.number()));
  }

  public static docker.swarmkit.v1.TaskStatus status(TaskStatus status) {
    docker.swarmkit.v1.TaskStatus.Builder wire =
        docker.swarmkit.v1.TaskStatus.newBuilder()
            .setTimestamp(Durations.toWire(status.at()))
            .setState(state(status.state()))
            .setMessage(status.message())
            .setErr(status.err());
    if (status.run() != TaskStatus.Run.NONE) {
      wire.setContainer(
          ContainerStatus.newBuilder()
              .setContainerId(status.run().containerId())
              .setPid(status.run().pid())
              .setExitCode(status.run().exitCode()));
      wire.setPortStatus(status.run().ports());
    }
    return wire.build();
  }

  /**
   * A task as agents and users see it.
   *
   * @param networks by id
   */
  public static docker.swarmkit.v1.Task task(
      Task task, Function<String, Optional<Network>> networks) {
    docker.swarmkit.v1.Task wire = task(task);
    return task.networks().isEmpty()
        ? wire
        : wire.toBuilder()
            .addAllNetworks(
                attachments(task.networks(), task.template().spec().getNetworksList(), networks))
            .build();
  }

  /** Places in full. One on a network that is gone by now is left out: its holder is going too. */
  private static List<NetworkAttachment> attachments(
      List<Attachment> attachments,
      List<NetworkAttachmentConfig> configs,
      Function<String, Optional<Network>> networks) {
    List<NetworkAttachment> made = new ArrayList<>();
    for (Attachment attachment : attachments) {
      Optional<Network> found = networks.apply(attachment.network());
      if (found.isEmpty()) {
        continue;
      }
      Network network = found.get();
      NetworkAttachment.Builder wire =
          NetworkAttachment.newBuilder()
              .setNetwork(network(network))
              .addAllAddresses(attachment.addresses());
      for (NetworkAttachmentConfig config : configs) {
        if (network.isNamedBy(config.getTarget())) {
          wire.addAllAliases(config.getAliasesList());
          wire.putAllDriverAttachmentOpts(config.getDriverAttachmentOptsMap());
        }
      }
      made.add(wire.build());
    }
    return made;
  }

  private static docker.swarmkit.v1.Task task(Task task) {
    docker.swarmkit.v1.Task.Builder wire =
        docker.swarmkit.v1.Task.newBuilder()
            .setId(task.id().value())
            .setMeta(meta(task.meta()))
            .setSpec(task.template().spec())
            .setSpecVersion(version(task.template().specVersion()))
            .setServiceId(task.serviceId().value())
            .setNodeId(task.node().value())
            .setServiceAnnotations(task.template().service())
            .setStatus(status(task.status()))
            .setDesiredState(state(task.desired()))
            .setEndpoint(task.template().endpoint());
    task.template().jobIteration().ifPresent(run -> wire.setJobIteration(version(run)));
    if (task.slot() instanceof Slot.Replica replica) {
      // Engines and clients count the completions of a job from 0.
      wire.setSlot(
          task.template().jobIteration().isPresent() ? replica.number() - 1 : replica.number());
    }
    for (Claim claim : task.claims()) {
      wire.addAssignedGenericResources(claim(claim));
    }
    Driver logDriver = task.template().spec().getLogDriver();
    if (!logDriver.getName().isEmpty()) {
      wire.setLogDriver(logDriver);
    }
    return wire.build();
  }

  private static GenericResource claim(Claim claim) {
    return claim.name().isEmpty()
        ? GenericResource.newBuilder()
            .setDiscreteResourceSpec(
                DiscreteGenericResource.newBuilder().setKind(claim.kind()).setValue(claim.count()))
            .build()
        : GenericResource.newBuilder()
            .setNamedResourceSpec(
                NamedGenericResource.newBuilder().setKind(claim.kind()).setValue(claim.name()))
            .build();
  }
}
