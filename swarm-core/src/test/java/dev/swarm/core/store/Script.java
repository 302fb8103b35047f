package dev.swarm.core.store;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Attempt;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.IssuedCertificates;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.stage.Specs;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.NetworkAttachmentSpec;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.PortStatus;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.UpdateStatus;
import docker.swarmkit.v1.UpdateStatus.UpdateState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Turns any numbers into changes that more or less fit the state they meet. */
final class Script {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int NODES = 4;
  private static final int SERVICES = 3;
  private static final int SLOTS = 3;
  private static final int NETWORKS = 2;
  private static final int ADDRESSES = 4;

  private Snapshot snapshot = Snapshot.EMPTY;
  private final Map<String, Integer> generations = new HashMap<>();
  private int taskIds;

  /** Some changes and when they are made; applying them is one step. */
  record Entry(long index, Instant at, List<Change> changes) {}

  Snapshot snapshot() {
    return snapshot;
  }

  /** The next entry: one to three changes, each made for the state after the one before it. */
  Entry next(int number) {
    Random dice = new Random(number);
    List<Change> changes = new ArrayList<>();
    Snapshot before = snapshot;
    long index = before.index() + 1;
    Instant at = START.plusSeconds(index);
    for (int i = dice.nextInt(3); i >= 0; i--) {
      Change change = change(dice);
      changes.add(change);
      snapshot = snapshot.apply(index, at, List.of(change)).snapshot();
    }
    snapshot = before;
    return new Entry(index, at, changes);
  }

  Snapshot.Step play(Entry entry) {
    Snapshot.Step step = snapshot.apply(entry.index(), entry.at(), entry.changes());
    snapshot = step.snapshot();
    return step;
  }

  Snapshot playAll(List<Integer> numbers) {
    numbers.forEach(number -> play(next(number)));
    return snapshot;
  }

  private Change change(Random dice) {
    NodeId node = new NodeId(alive("n" + dice.nextInt(NODES)));
    ServiceId service = new ServiceId(alive("s" + dice.nextInt(SERVICES)));
    Optional<Task> task = anyTask(dice);
    return switch (dice.nextInt(15)) {
      case 0 -> new Change.PutNode(node(node, dice));
      case 1 ->
          dice.nextInt(4) == 0
              ? new Change.RemoveNode(remove(node))
              : new Change.PutNode(node(node, dice));
      case 2 -> new Change.PutService(service(service, dice));
      case 3 ->
          dice.nextInt(4) == 0
              ? new Change.RemoveService(remove(service))
              : new Change.PutService(service(service, dice));
      case 4, 5, 6 -> create(service, node, dice);
      case 7 ->
          new Change.AssignTask(
              task.map(Task::id).orElse(new TaskId("none")), node, places(dice), claims(dice));
      case 13 ->
          new Change.AttachTask(
              new TaskId(String.format("t%04d", ++taskIds)),
              node,
              TaskSpec.newBuilder()
                  .setAttachment(NetworkAttachmentSpec.newBuilder().setContainerId("container"))
                  .build(),
              places(dice));
      case 12 ->
          dice.nextInt(3) == 0
              ? new Change.RemoveNetwork("net" + dice.nextInt(NETWORKS))
              : new Change.PutNetwork(
                  new Network(
                      "net" + dice.nextInt(NETWORKS),
                      Meta.NONE,
                      overlay(4096 + dice.nextInt(NETWORKS))));
      case 8, 9 ->
          Change.AdvanceTask.report(task.map(Task::id).orElse(new TaskId("none")), status(dice));
      case 10 ->
          Change.AdvanceTask.desire(
              task.map(Task::id).orElse(new TaskId("none")),
              state(dice),
              cause(dice, new NodeId("n0")));
      case 11 -> new Change.RemoveTask(task.map(Task::id).orElse(new TaskId("none")));
      default ->
          dice.nextBoolean()
              ? new Change.PutSecret(
                  new Secret(
                      "secret" + dice.nextInt(2),
                      Meta.NONE,
                      docker.swarmkit.v1.Secret.newBuilder().setInternal(true).build()))
              : new Change.PutCluster(
                  new Cluster(
                      "cluster", Meta.NONE, docker.swarmkit.v1.Cluster.getDefaultInstance()));
    };
  }

  // An id is never used again.
  private String alive(String name) {
    return name + "-" + generations.getOrDefault(name, 0);
  }

  private NodeId remove(NodeId id) {
    generations.merge(id.value().substring(0, 2), 1, Integer::sum);
    return id;
  }

  private ServiceId remove(ServiceId id) {
    generations.merge(id.value().substring(0, 2), 1, Integer::sum);
    return id;
  }

  private Optional<Task> anyTask(Random dice) {
    List<Task> all = snapshot.tasks().stream().sorted(Comparator.comparing(Task::id)).toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(dice.nextInt(all.size())));
  }

  private Change create(ServiceId service, NodeId node, Random dice) {
    Service found = snapshot.services().get(service);
    boolean global = found != null && found.mode().isGlobal();
    return new Change.CreateTask(
        new TaskId(String.format("t%04d", ++taskIds)),
        service,
        global ? new Slot.OnNode(node) : new Slot.Replica(1 + dice.nextInt(SLOTS)),
        global ? node : NodeId.NONE,
        dice.nextBoolean() ? TaskState.RUNNING : TaskState.READY,
        Attempt.after(dice.nextBoolean(), dice.nextInt(3), cause(dice, node)),
        dice.nextInt(4) == 0);
  }

  private static Cause cause(Random dice, NodeId node) {
    return switch (dice.nextInt(5)) {
      case 0 -> Cause.Plain.NONE;
      case 1 -> Cause.Plain.ASKED_FOR;
      case 2 -> new Cause.NodeDown(node, Instant.ofEpochMilli(dice.nextInt(1000)));
      case 3 -> new Cause.ConstraintUnmet(node, "node.labels.zone==a");
      default -> new Cause.Exited(dice.nextInt(256));
    };
  }

  private static TaskState state(Random dice) {
    return TaskState.values()[dice.nextInt(TaskState.values().length)];
  }

  private static TaskStatus status(Random dice) {
    TaskState state = state(dice);
    Instant at = START.plusNanos(dice.nextInt(1_000_000_000));
    return dice.nextBoolean()
        ? TaskStatus.of(state, at, "message").withErr("error " + dice.nextInt(3))
        : new TaskStatus(
            state,
            at,
            "",
            "",
            new TaskStatus.Run("container", 17, 3, PortStatus.getDefaultInstance()));
  }

  private static Node node(NodeId id, Random dice) {
    NodeSpec.Builder spec = NodeSpec.newBuilder();
    spec.setAvailabilityValue(dice.nextInt(3));
    spec.getAnnotationsBuilder().putLabels("zone", "z" + dice.nextInt(2));
    return new Node(
        id,
        Meta.NONE,
        spec.build(),
        dice.nextBoolean()
            ? NodeDescription.newBuilder().setHostname(id.value()).build()
            : NodeDescription.getDefaultInstance(),
        new Node.Status(
            Node.State.values()[dice.nextInt(4)],
            "why",
            "10.0.0.1",
            START.plusMillis(dice.nextInt(100_000))),
        Certificate.getDefaultInstance(),
        dice.nextBoolean() ? NodeRole.MANAGER : NodeRole.WORKER,
        places(dice),
        issued(dice));
  }

  private static IssuedCertificates issued(Random dice) {
    return new IssuedCertificates(
        START.plusMillis(dice.nextInt(100_000)),
        IntStream.range(0, dice.nextInt(3))
            .mapToObj(
                number ->
                    new IssuedCertificates.ManagerCertificate(
                        Integer.toHexString(number),
                        START.plusMillis(dice.nextInt(100_000)),
                        dice.nextBoolean()))
            .toList());
  }

  private static docker.swarmkit.v1.Network overlay(int vxlan) {
    docker.swarmkit.v1.Network.Builder network = docker.swarmkit.v1.Network.newBuilder();
    network
        .getDriverStateBuilder()
        .setName("overlay")
        .putOptions(Network.VXLAN_IDS, Integer.toString(vxlan));
    network.getIpamBuilder().addConfigsBuilder().setSubnet("10.0.0.0/24");
    return network.build();
  }

  /** Any addresses, even some that others have. */
  private static List<Attachment> places(Random dice) {
    List<Attachment> places = new ArrayList<>();
    for (int network = 0; network < NETWORKS; network++) {
      if (dice.nextInt(3) == 0) {
        places.add(new Attachment("net" + network, List.of(address(dice))));
      }
    }
    return places;
  }

  private static List<Claim> claims(Random dice) {
    return dice.nextInt(3) != 0
        ? List.of()
        : List.of(
            new Claim("ssd", "", 1 + dice.nextInt(3)), new Claim("gpu", "g" + dice.nextInt(3), 1));
  }

  private static String address(Random dice) {
    return "10.0.0." + dice.nextInt(ADDRESSES) + "/24";
  }

  private Service service(ServiceId id, Random dice) {
    Service old = snapshot.services().get(id);
    boolean global = old == null ? dice.nextInt(3) == 0 : old.mode().isGlobal();
    ServiceSpec spec = global ? Specs.global(id.value()) : Specs.replicated(id.value(), 2);
    spec = Specs.image(spec, "image" + dice.nextInt(3));
    if (dice.nextBoolean()) {
      spec = Specs.cpus(Specs.port(spec, 8000 + dice.nextInt(2)), dice.nextInt(3));
    }
    if (dice.nextBoolean()) {
      spec =
          Specs.attempts(
              Specs.restart(
                  spec,
                  docker.swarmkit.v1.RestartPolicy.RestartCondition.ANY,
                  java.time.Duration.ZERO),
              dice.nextInt(4),
              java.time.Duration.ofSeconds(9));
    }
    Endpoint.Builder ports = Endpoint.newBuilder().addAllPorts(spec.getEndpoint().getPortsList());
    if (dice.nextInt(3) == 0) {
      ports
          .addVirtualIpsBuilder()
          .setNetworkId("net" + dice.nextInt(NETWORKS))
          .setAddr(address(dice));
    }
    Endpoint endpoint = ports.build();
    long version = snapshot.index() + 1;
    if (old == null) {
      return Service.create(id, spec, endpoint, version);
    }
    if (dice.nextInt(3) == 0) {
      return old.withUpdateStatus(
          UpdateStatus.newBuilder().setState(UpdateState.UPDATING).setMessage("m").build());
    }
    return old.withSpec(spec, endpoint, version, Optional.of(old.spec()));
  }
}
