package dev.swarm.manager.bench;

import com.google.protobuf.ByteString;
import dev.swarm.core.codec.ImageWriter;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.Placement;
import docker.swarmkit.v1.ReplicatedService;
import docker.swarmkit.v1.ResourceRequirements;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Clusters to measure on, and the check that what was measured is right. */
final class Scenario {
  private static final Instant AT = Instant.ofEpochSecond(1_700_000_000);
  private static final int REPLICAS_A_SERVICE = 10_000;
  private static final long CPU = 1_000_000_000L;

  /** Every other node has it. */
  static final String CONSTRAINT = "node.labels.half==a";

  private Scenario() {}

  /** A cluster with ready nodes, and services whose tasks all wait for one. */
  static Snapshot pending(int tasks, int nodes, boolean constraint) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      changes.add(new Change.PutNode(node(i, Math.ceilDiv(tasks * 4, nodes))));
    }
    int services = Math.ceilDiv(tasks, REPLICAS_A_SERVICE);
    for (int s = 0; s < services; s++) {
      int replicas = Math.min(REPLICAS_A_SERVICE, tasks - s * REPLICAS_A_SERVICE);
      Service service = service(s, replicas, constraint);
      changes.add(new Change.PutService(service));
      for (int r = 1; r <= replicas; r++) {
        changes.add(
            new Change.CreateTask(
                new TaskId(id('t', (long) s * REPLICAS_A_SERVICE + r)),
                service.id(),
                new Slot.Replica(r),
                NodeId.NONE,
                TaskState.RUNNING,
                false));
      }
    }
    return Snapshot.EMPTY.apply(1, AT, changes).snapshot();
  }

  /** A service of so many replicas, all of them running, on so many nodes. */
  static Snapshot running(int replicas, int nodes) {
    Snapshot snapshot = Snapshot.EMPTY;
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      changes.add(new Change.PutNode(node(i, Math.ceilDiv(replicas * 4, nodes))));
    }
    Service service = service(0, replicas, false);
    changes.add(new Change.PutService(service));
    for (int r = 1; r <= replicas; r++) {
      TaskId id = new TaskId(id('t', r));
      changes.add(
          new Change.CreateTask(
              id, service.id(), new Slot.Replica(r), NodeId.NONE, TaskState.RUNNING, false));
      changes.add(new Change.AssignTask(id, new NodeId(id('n', r % nodes))));
      changes.add(
          Change.AdvanceTask.report(
              id, dev.swarm.core.model.TaskStatus.of(TaskState.RUNNING, AT, "started")));
    }
    return snapshot.apply(1, AT, changes).snapshot();
  }

  static byte[] image(Snapshot snapshot) {
    ByteString.Output out = ByteString.newOutput(1 << 20);
    try {
      ImageWriter.write(snapshot, out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteString().toByteArray();
  }

  /** The id of the so-many-eth thing of a kind: 25 characters that look random, as real ones do. */
  static String id(char kind, long number) {
    // Ids that count up collide in Java's hash of strings, which random ones hardly do.
    long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
    String digits = Long.toUnsignedString(mixed ^ (mixed >>> 32), 36);
    return kind + "0".repeat(24 - digits.length()) + digits;
  }

  private static Node node(int number, int cpus) {
    return new Node(
        new NodeId(id('n', number)),
        Meta.NONE,
        NodeSpec.newBuilder()
            .setAnnotations(Annotations.newBuilder().putLabels("half", number % 2 == 0 ? "a" : "b"))
            .setMembership(NodeSpec.Membership.ACCEPTED)
            .build(),
        NodeDescription.newBuilder()
            .setHostname("host-" + number)
            .setResources(
                Resources.newBuilder().setNanoCpus(cpus * CPU).setMemoryBytes((long) cpus << 30))
            .setEngine(EngineDescription.newBuilder().setEngineVersion("20.10.24"))
            .build(),
        new Node.Status(Node.State.READY, "", "10.0.0.1", AT),
        Certificate.getDefaultInstance(),
        NodeRole.WORKER);
  }

  private static Service service(int number, int replicas, boolean constraint) {
    ServiceSpec spec =
        ServiceSpec.newBuilder()
            .setAnnotations(Annotations.newBuilder().setName("service-" + number))
            .setTask(
                TaskSpec.newBuilder()
                    .setContainer(ContainerSpec.newBuilder().setImage("busybox"))
                    .setResources(
                        ResourceRequirements.newBuilder()
                            .setReservations(
                                Resources.newBuilder().setNanoCpus(CPU).setMemoryBytes(1 << 30)))
                    .setPlacement(
                        constraint
                            ? Placement.newBuilder().addConstraints(CONSTRAINT)
                            : Placement.newBuilder()))
            .setReplicated(ReplicatedService.newBuilder().setReplicas(replicas))
            .build();
    return Service.create(new ServiceId(id('s', number)), spec, Endpoint.getDefaultInstance(), 1);
  }

  /** Every task has a node that may have it, no node has more than it can hold, and all is even. */
  static void check(Snapshot snapshot, int tasks, boolean constraint) {
    Map<NodeId, Integer> counts = new HashMap<>();
    Map<NodeId, Long> cpus = new HashMap<>();
    for (Task task : snapshot.tasks().values()) {
      Node node = snapshot.nodes().find(task.node()).orElseThrow();
      require(task.state() == TaskState.ASSIGNED, "a task is not assigned");
      require(
          !constraint || node.spec().getAnnotations().getLabelsMap().get("half").equals("a"),
          "a constraint is violated");
      counts.merge(node.id(), 1, Integer::sum);
      long used = cpus.merge(node.id(), CPU, Long::sum);
      require(used <= node.description().getResources().getNanoCpus(), "a node is overcommitted");
    }
    require(snapshot.tasks().size() == tasks, "tasks are missing");
    int eligible = constraint ? Math.ceilDiv(snapshot.nodes().size(), 2) : snapshot.nodes().size();
    int most = counts.values().stream().mapToInt(n -> n).max().orElse(0);
    int least =
        counts.size() < eligible ? 0 : counts.values().stream().mapToInt(n -> n).min().orElse(0);
    require(most - least <= 1, "tasks are not spread: " + least + " to " + most);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }
}
