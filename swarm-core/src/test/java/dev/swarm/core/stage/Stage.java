package dev.swarm.core.stage;

import dev.swarm.core.allocator.BootstrapKeys;
import dev.swarm.core.allocator.NetworkPlan;
import dev.swarm.core.allocator.NodeAttachments;
import dev.swarm.core.allocator.VirtualIps;
import dev.swarm.core.codec.ImageReader;
import dev.swarm.core.codec.ImageWriter;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.orchestrator.NodeReconciler;
import dev.swarm.core.orchestrator.ServiceReconciler;
import dev.swarm.core.orchestrator.SlotReconciler;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.scheduler.Scheduler;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.JobStatus;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.OrchestrationConfig;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.Version;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A cluster without a world: its state, a time that is set by hand, and all controllers. */
public final class Stage {
  private static final int ROUNDS_MAX = 60;

  private Snapshot snapshot = Snapshot.EMPTY;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int ids;

  public Snapshot snapshot() {
    return snapshot;
  }

  public Instant now() {
    return now;
  }

  // ---- what is there ----

  /** A ready node without a label, of 4 processors and 4 GiB. */
  public NodeId node(String id) {
    return node(id, 4, UnaryOperator.identity());
  }

  public NodeId node(String id, long cpus, UnaryOperator<NodeSpec> spec) {
    NodeId nodeId = new NodeId(id);
    apply(
        new Change.PutNode(
            new Node(
                nodeId,
                Meta.NONE,
                spec.apply(NodeSpec.getDefaultInstance()),
                NodeDescription.newBuilder()
                    .setHostname(id)
                    .setPlatform(Platform.newBuilder().setOs("linux").setArchitecture("x86_64"))
                    .setResources(
                        Resources.newBuilder()
                            .setNanoCpus(cpus * 1_000_000_000)
                            .setMemoryBytes(4L << 30))
                    .build(),
                new Node.Status(Node.State.READY, "", "10.0.0.1", now),
                Certificate.getDefaultInstance(),
                NodeRole.WORKER)));
    return nodeId;
  }

  public Node node(NodeId id) {
    return snapshot.nodes().find(id).orElseThrow();
  }

  public void availability(NodeId id, Availability availability) {
    Node node = node(id);
    apply(
        new Change.PutNode(
            node.withSpec(node.spec().toBuilder().setAvailability(availability).build())));
  }

  /** It says of itself that it runs {@code names}, and nothing else. */
  public void runtimes(NodeId id, String... names) {
    Node node = node(id);
    NodeDescription.Builder description = node.description().toBuilder();
    description.getEngineBuilder().clearPlugins();
    for (String name : names) {
      description.getEngineBuilder().addPluginsBuilder().setType("Runtime").setName(name);
    }
    apply(new Change.PutNode(node.withDescription(description.build())));
  }

  public void label(NodeId id, String key, String value) {
    Node node = node(id);
    NodeSpec.Builder spec = node.spec().toBuilder();
    spec.getAnnotationsBuilder().putLabels(key, value);
    apply(new Change.PutNode(node.withSpec(spec.build())));
  }

  public void state(NodeId id, Node.State state) {
    Node node = node(id);
    apply(
        new Change.PutNode(node.withStatus(new Node.Status(state, "", node.status().addr(), now))));
  }

  public void historyLimit(long limit) {
    ClusterSpec spec =
        ClusterSpec.newBuilder()
            .setOrchestration(OrchestrationConfig.newBuilder().setTaskHistoryRetentionLimit(limit))
            .build();
    apply(
        new Change.PutCluster(
            new Cluster(
                "cluster",
                Meta.NONE,
                docker.swarmkit.v1.Cluster.newBuilder().setSpec(spec).build())));
  }

  public ServiceId service(ServiceSpec spec) {
    ServiceId id = new ServiceId(nextId("s"));
    apply(new Change.PutService(Service.create(id, spec, endpoint(spec), snapshot.index() + 1)));
    return id;
  }

  /** A job in its first run. */
  public ServiceId job(ServiceSpec spec) {
    ServiceId id = new ServiceId(nextId("s"));
    Service made = Service.create(id, spec, endpoint(spec), snapshot.index() + 1);
    apply(new Change.PutService(made.withJob(JobStatus.getDefaultInstance())));
    return id;
  }

  /** Runs the job again, under that spec. */
  public void runAgain(ServiceId id, ServiceSpec spec) {
    Service old = service(id);
    JobStatus.Builder next = old.job().orElseThrow().toBuilder();
    next.setJobIteration(Version.newBuilder().setIndex(next.getJobIteration().getIndex() + 1));
    apply(
        new Change.PutService(
            old.withSpec(spec, endpoint(spec), snapshot.index() + 1, Optional.of(old.spec()))
                .withJob(next.build())));
  }

  public Service service(ServiceId id) {
    return snapshot.services().find(id).orElseThrow();
  }

  public void update(ServiceId id, ServiceSpec spec) {
    Service old = service(id);
    apply(
        new Change.PutService(
            old.withSpec(
                spec,
                endpoint(spec, old.endpoint()),
                snapshot.index() + 1,
                Optional.of(old.spec()))));
  }

  private Endpoint endpoint(ServiceSpec spec) {
    return endpoint(spec, Endpoint.getDefaultInstance());
  }

  private Endpoint endpoint(ServiceSpec spec, Endpoint before) {
    return VirtualIps.assign(
        snapshot,
        spec,
        before.toBuilder()
            .setSpec(spec.getEndpoint())
            .clearPorts()
            .addAllPorts(spec.getEndpoint().getPortsList())
            .build());
  }

  /** An overlay network, if there is room for one. */
  public Optional<Network> network(NetworkSpec spec) {
    NetworkPlan plan = NetworkPlan.of(spec, snapshot);
    if (plan.refused().isPresent()) {
      return Optional.empty();
    }
    Network made = new Network(nextId("net"), Meta.NONE, plan.object());
    apply(new Change.PutNetwork(made));
    return snapshot.networks().find(made.id());
  }

  public void platform(NodeId id, String os, String architecture) {
    Node node = node(id);
    NodeDescription.Builder description = node.description().toBuilder();
    description.getPlatformBuilder().setOs(os).setArchitecture(architecture);
    apply(new Change.PutNode(node.withDescription(description.build())));
  }

  /** Makes a node one of a stock engine, which carries overlay networks. */
  public NodeId stock(NodeId id) {
    return withNetworkPlugin(id, "overlay");
  }

  /** Makes a node one that carries overlay networks within itself. */
  public NodeId alone(NodeId id) {
    return withNetworkPlugin(id, Node.OVERLAY_WITHIN_NODE);
  }

  /** Gives a node's engine a driver for networks. */
  public NodeId withNetworkPlugin(NodeId id, String name) {
    Node node = node(id);
    NodeDescription.Builder description = node.description().toBuilder();
    description
        .getEngineBuilder()
        .addPlugins(PluginDescription.newBuilder().setType("Network").setName(name));
    apply(new Change.PutNode(node.withDescription(description.build())));
    return id;
  }

  // ---- what agents say ----

  public void report(TaskId task, TaskState state) {
    apply(Change.AdvanceTask.report(task, TaskStatus.of(state, now, "said so")));
  }

  /** Agents do at once what is wanted: tasks run, or stop. */
  public void obey() {
    for (Task task : tasks()) {
      if (task.state().isTerminal() || !task.isDispatched()) {
        continue;
      }
      switch (task.desired()) {
        case RUNNING, COMPLETE -> report(task.id(), TaskState.RUNNING);
        case READY -> {
          if (task.state().isBefore(TaskState.READY)) {
            report(task.id(), TaskState.READY);
          }
        }
        case SHUTDOWN, REMOVE -> report(task.id(), TaskState.SHUTDOWN);
        default -> throw new AssertionError(task + " is wanted " + task.desired());
      }
    }
  }

  /** Settles and obeys until nothing changes. */
  public void run() {
    for (int i = 0; i < ROUNDS_MAX; i++) {
      long before = snapshot.index();
      settle();
      boolean restless =
          tasks().stream()
              .anyMatch(
                  task ->
                      task.isDispatched()
                          && !task.state().isTerminal()
                          && task.state().isBefore(reachable(task.desired())));
      if (restless) {
        obey();
      } else if (snapshot.index() == before) {
        return;
      }
    }
    throw new AssertionError("it does not come to rest");
  }

  /** How far an agent brings a task by itself: when a job's task completes, the test says. */
  private static TaskState reachable(TaskState desired) {
    return desired == TaskState.COMPLETE ? TaskState.RUNNING : desired;
  }

  // ---- what is decided ----

  public Plan look(Key key) {
    return switch (key) {
      case Key.OfService of -> ServiceReconciler.reconcile(snapshot, of.service(), now);
      case Key.OfSlot of -> SlotReconciler.reconcile(snapshot, of.service(), of.slot(), now);
      case Key.OfNode of -> NodeReconciler.reconcile(snapshot, of.node(), now);
      case Key.OfAttachments of -> NodeAttachments.reconcile(snapshot, of.node());
      case Key.OfCluster ignored -> BootstrapKeys.reconcile(snapshot, now);
      case Key.OfWaiting of -> Scheduler.reconcile(snapshot, of.service(), now);
    };
  }

  public void carryOut(Plan plan) {
    List<Change> changes = new ArrayList<>();
    for (Command command : plan.commands()) {
      changes.add(
          switch (command) {
            case Command.Create c -> c.as(new TaskId(nextId("t")));
            case Command.Make make -> make.change();
            case Command.RotateKeys ignored ->
                new Change.PutCluster(
                    BootstrapKeys.rotate(snapshot.cluster().orElseThrow(), now, () -> nextId("k")));
          });
    }
    if (!changes.isEmpty()) {
      apply(changes.toArray(Change[]::new));
    }
  }

  /** Looks at everything once; returns how many commands that came to. */
  public int round() {
    int commands = 0;
    for (Key key : keys()) {
      Plan plan = look(key);
      carryOut(plan);
      commands += plan.commands().size();
    }
    return commands;
  }

  /** Looks at everything until nothing is to be done. */
  public void settle() {
    for (int i = 0; i < ROUNDS_MAX; i++) {
      if (round() == 0) {
        return;
      }
    }
    throw new AssertionError("the controllers do not agree");
  }

  public void pass(Duration time) {
    now = now.plus(time);
    settle();
  }

  private List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    snapshot.nodes().keys().stream().sorted().map(Key.OfNode::new).forEach(keys::add);
    snapshot.tasksOn().keys().stream()
        .filter(id -> !snapshot.nodes().contains(id))
        .sorted()
        .map(Key.OfNode::new)
        .forEach(keys::add);
    snapshot.nodes().keys().stream().sorted().map(Key.OfAttachments::new).forEach(keys::add);
    List<ServiceId> services = new ArrayList<>(snapshot.services().keys());
    snapshot.tasksOf().keys().stream().filter(id -> !services.contains(id)).forEach(services::add);
    services.sort(Comparator.naturalOrder());
    for (ServiceId service : services) {
      keys.add(new Key.OfService(service));
      snapshot.tasksOf(service).slots().keys().stream()
          .sorted()
          .forEach(slot -> keys.add(new Key.OfSlot(service, slot)));
      keys.add(new Key.OfWaiting(service));
    }
    return keys;
  }

  public void apply(Change... changes) {
    snapshot = snapshot.apply(snapshot.index() + 1, now, List.of(changes)).snapshot();
  }

  /** The manager stops, and another goes on from what the first wrote. */
  public void failOver() {
    try {
      ByteArrayOutputStream image = new ByteArrayOutputStream();
      ImageWriter.write(snapshot, image);
      snapshot = ImageReader.read(new ByteArrayInputStream(image.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- what came of it ----

  /** All tasks in the order in which they were made. */
  public List<Task> tasks() {
    return snapshot.tasks().stream().sorted(Comparator.comparing(Task::id)).toList();
  }

  public List<Task> tasks(ServiceId service) {
    return tasks().stream().filter(task -> task.serviceId().equals(service)).toList();
  }

  /** Those wanted to run that have not ended. */
  public List<Task> wanted(ServiceId service) {
    return tasks(service).stream()
        .filter(task -> task.isRunnable() && !task.state().isTerminal())
        .toList();
  }

  public List<Task> wanted(ServiceId service, int slot) {
    return wanted(service).stream()
        .filter(task -> task.slot().equals(new Slot.Replica(slot)))
        .toList();
  }

  public Task only(List<Task> tasks) {
    if (tasks.size() != 1) {
      throw new AssertionError("one task is expected, there are " + tasks);
    }
    return tasks.getFirst();
  }

  public Task task(TaskId id) {
    return snapshot.tasks().find(id).orElseThrow();
  }

  private String nextId(String kind) {
    return String.format(Locale.ROOT, "%s%04d", kind, ++ids);
  }
}
