package dev.swarm.core.wire;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.IssuedCertificates;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.model.TaskTemplate;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.spec.ServiceMode;
import java.time.Instant;
import java.util.Optional;

/** Converts wire messages to the model. */
public final class FromWire {
  private FromWire() {}

  public static Meta meta(docker.swarmkit.v1.Meta meta) {
    return new Meta(
        meta.getVersion().getIndex(),
        Durations.toJava(meta.getCreatedAt()).toEpochMilli(),
        Durations.toJava(meta.getUpdatedAt()).toEpochMilli());
  }

  public static Cluster cluster(docker.swarmkit.v1.Cluster wire) {
    return new Cluster(
        wire.getId(), meta(wire.getMeta()), wire.toBuilder().clearId().clearMeta().build());
  }

  public static Network network(docker.swarmkit.v1.Network wire) {
    return new Network(
        wire.getId(), meta(wire.getMeta()), wire.toBuilder().clearId().clearMeta().build());
  }

  public static Secret secret(docker.swarmkit.v1.Secret wire) {
    return new Secret(
        wire.getId(), meta(wire.getMeta()), wire.toBuilder().clearId().clearMeta().build());
  }

  public static Config config(docker.swarmkit.v1.Config wire) {
    return new Config(
        wire.getId(), meta(wire.getMeta()), wire.toBuilder().clearId().clearMeta().build());
  }

  /**
   * A node without what only the log says of it.
   *
   * @param since when the node came to its state, which the wire form does not say
   */
  public static Node node(docker.swarmkit.v1.Node wire, Instant since) {
    Node.State state =
        switch (wire.getStatus().getState()) {
          case DOWN -> Node.State.DOWN;
          case READY -> Node.State.READY;
          case DISCONNECTED -> Node.State.DISCONNECTED;
          case UNKNOWN, UNRECOGNIZED -> Node.State.UNKNOWN;
        };
    return new Node(
        new NodeId(wire.getId()),
        meta(wire.getMeta()),
        wire.getSpec(),
        wire.getDescription(),
        new Node.Status(state, wire.getStatus().getMessage(), wire.getStatus().getAddr(), since),
        wire.getCertificate(),
        wire.getRole(),
        wire.getAttachmentsList().stream()
            .map(a -> new Attachment(a.getNetwork().getId(), a.getAddressesList()))
            .toList(),
        IssuedCertificates.NONE);
  }

  /** The service with the template that its own spec makes. */
  public static Service service(docker.swarmkit.v1.Service wire) {
    ServiceId id = new ServiceId(wire.getId());
    long specVersion = wire.getSpecVersion().getIndex();
    Service service =
        new Service(
            id,
            meta(wire.getMeta()),
            wire.getSpec(),
            ServiceMode.parse(wire.getSpec()),
            specVersion,
            wire.hasPreviousSpec() ? Optional.of(wire.getPreviousSpec()) : Optional.empty(),
            wire.getEndpoint(),
            wire.hasUpdateStatus() ? Optional.of(wire.getUpdateStatus()) : Optional.empty(),
            TaskTemplate.of(
                id,
                specVersion,
                wire.getSpec().getAnnotations(),
                wire.getSpec().getTask(),
                wire.getEndpoint()),
            Optional.empty());
    return wire.hasJobStatus() ? service.withJob(wire.getJobStatus()) : service;
  }

  public static TaskStatus status(docker.swarmkit.v1.TaskStatus wire) {
    TaskStatus.Run run =
        wire.hasContainer() || wire.hasPortStatus()
            ? new TaskStatus.Run(
                wire.getContainer().getContainerId(),
                wire.getContainer().getPid(),
                wire.getContainer().getExitCode(),
                wire.getPortStatus())
            : TaskStatus.Run.NONE;
    return new TaskStatus(
        TaskState.ofNumber(wire.getStateValue()),
        Durations.toJava(wire.getTimestamp()),
        wire.getMessage(),
        wire.getErr(),
        run);
  }
}
