package dev.swarm.core.stage;

import dev.swarm.core.allocator.NetworkPlan;
import dev.swarm.core.allocator.VirtualIps;
import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.codec.ImageReader;
import dev.swarm.core.codec.ImageWriter;
import dev.swarm.core.loop.Controllers;
import dev.swarm.core.loop.Draft;
import dev.swarm.core.loop.KeyEvents;
import dev.swarm.core.loop.KeyQueue;
import dev.swarm.core.loop.Rules;
import dev.swarm.core.model.Cause;
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
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.port.IdSource;
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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A cluster without a world: its state, a time that is set by hand, and all controllers. */
public final class Stage {
  private static final int ROUNDS_MAX = 200;
  private static final int ENTRY_BYTES = 768 << 10;

  private Snapshot snapshot = Snapshot.EMPTY;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int drawn;
  private final IdSource ids = () -> nextId("t");
  private final Rules rules;
  private final KeyQueue keys;

  /** One with the controllers of a manager. */
  public Stage() {
    this(Controllers.ALL);
  }

  public Stage(Rules rules) {
    this.rules = rules;
    keys = new KeyQueue(rules, new Strict());
  }

  /** No controller may fail. */
  private static final class Strict implements KeyEvents {
    @Override
    public void planned(Key key, Plan plan, int count, Snapshot before) {}

    @Override
    public void failed(Key key, Throwable fault) {
      throw new AssertionError(key + " fails", fault);
    }

    @Override
    public void recovered(Key key) {}
  }

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
    return rules.reconcile(snapshot, key, now);
  }

  public void carryOut(Plan plan) {
    List<Command> left = plan.commands();
    while (!left.isEmpty()) {
      Draft draft = draft();
      left = left.subList(draft.carryOut(left, keys::wake), left.size());
      snapshot = draft.snapshot();
    }
  }

  /** Looks at everything once; returns how many commands that came to. */
  public int round() {
    int commands = 0;
    for (Key key : rules.all(snapshot).toList()) {
      Plan plan = look(key);
      carryOut(plan);
      commands += plan.commands().size();
    }
    return commands;
  }

  /**
   * Looks at what changes and times have woken until nothing is to be done. After that there must
   * be nothing to do for one who looks at everything, either.
   */
  public void settle() {
    for (int i = 0; i < ROUNDS_MAX; i++) {
      Draft draft = draft();
      keys.reconcile(draft, ENTRY_BYTES);
      snapshot = draft.snapshot();
      if (draft.isEmpty() && keys.isEmpty()) {
        mustBeSettled();
        return;
      }
    }
    throw new AssertionError("the controllers do not agree");
  }

  private void mustBeSettled() {
    for (Key key : rules.all(snapshot).toList()) {
      Plan plan = look(key);
      if (!plan.commands().stream().allMatch(this::isExplanation)) {
        throw new AssertionError(key + " was not woken for " + plan.commands());
      }
      carryOut(plan);
    }
  }

  /** Why a task waits is told anew now and then, and not at once: see Scheduler. */
  private boolean isExplanation(Command command) {
    return command instanceof Command.Make(Change.AdvanceTask advance, Cause _)
        && advance.status().filter(status -> status.state() == TaskState.PENDING).isPresent()
        && task(advance.id()).isUnscheduled()
        && !task(advance.id()).status().err().isEmpty();
  }

  private Draft draft() {
    return new Draft(rules, snapshot, now, ids);
  }

  public void pass(Duration time) {
    now = now.plus(time);
    settle();
  }

  public void apply(Change... changes) {
    List<Change> all = List.of(changes);
    Draft draft = draft();
    draft.add(all, EntryCodec.encode(all), keys::wake);
    snapshot = draft.snapshot();
  }

  /** The manager stops, and another goes on from what the first wrote. */
  public void failOver() {
    try {
      ByteArrayOutputStream image = new ByteArrayOutputStream();
      ImageWriter.write(snapshot, image);
      snapshot = ImageReader.read(new ByteArrayInputStream(image.toByteArray()));
      keys.clear();
      keys.wakeAll(snapshot);
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
    return String.format(Locale.ROOT, "%s%04d", kind, ++drawn);
  }
}
