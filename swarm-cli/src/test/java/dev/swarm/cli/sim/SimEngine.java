package dev.swarm.cli.sim;

import dev.swarm.core.model.Node;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.LogOptions;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.ContainerStatus;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one machine. What it runs outlives the agent's process, not a crash of the machine.
 * It watches that what really runs never takes more than the machine has.
 */
final class SimEngine implements Engine {
  private final World world;
  private final SimHost host;
  private final Chance chance;
  private final Resources resources;
  private final boolean namesRuntime;
  private final TreeMap<String, Container> containers = new TreeMap<>();

  private enum Phase {
    MAKING,
    CREATED,
    STARTING,
    RUNNING,
    EXITED
  }

  private static final class Container {
    private final Task task;
    private final List<CompletableFuture<Exit>> waiters = new ArrayList<>();
    private Phase phase = Phase.MAKING;
    private int exitCode;
    private int operation;

    private Container(Task task) {
      this.task = task;
    }

    private Unit unit() {
      return new Unit(
          ContainerStatus.newBuilder()
              .setContainerId("c-" + task.getId())
              .setPid(phase == Phase.RUNNING ? 1000 : 0)
              .setExitCode(exitCode)
              .build(),
          List.of());
    }

    private void exit(int code) {
      if (phase == Phase.RUNNING) {
        exitCode = code;
        phase = Phase.EXITED;
        Exit exit = Exit.of(unit(), "");
        List.copyOf(waiters).forEach(waiter -> waiter.complete(exit));
        waiters.clear();
      }
    }
  }

  SimEngine(World world, SimHost host, Chance chance) {
    this.world = world;
    this.host = host;
    this.chance = chance;
    resources =
        Resources.newBuilder()
            .setNanoCpus((2 + chance.below(3)) * 1_000_000_000L)
            .setMemoryBytes((2L + chance.below(3)) << 30)
            .build();
    namesRuntime = chance.percent(70);
  }

  Resources resources() {
    return resources;
  }

  /** The ids of the tasks whose programs run. */
  Set<String> running() {
    Set<String> ids = new java.util.TreeSet<>();
    containers.forEach(
        (id, container) -> {
          if (container.phase == Phase.RUNNING) {
            ids.add(id);
          }
        });
    return ids;
  }

  /** The machine lost its power. */
  void crash() {
    for (Container container : containers.values()) {
      container.operation++;
      container.waiters.clear();
      container.exit(137);
    }
    containers.values().removeIf(container -> container.phase == Phase.MAKING);
    containers.values().stream()
        .filter(container -> container.phase == Phase.STARTING)
        .forEach(container -> container.phase = Phase.CREATED);
  }

  private <T> CompletionStage<T> later(Duration delay, java.util.function.Supplier<T> result) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    world
        .time()
        .after(
            delay,
            () -> {
              try {
                stage.complete(result.get());
              } catch (EngineException refused) {
                stage.completeExceptionally(refused);
              }
            });
    return stage;
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return spec.hasContainer();
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    EngineDescription.Builder engine = EngineDescription.newBuilder().setEngineVersion("1");
    if (namesRuntime) {
      engine.addPlugins(
          PluginDescription.newBuilder().setType(Node.RUNTIME_PLUGIN).setName("container"));
    }
    EngineOffer offer =
        new EngineOffer(
            Platform.newBuilder().setOs("linux").setArchitecture("x86_64").build(),
            resources,
            engine.build());
    return later(chance.millis(0, 10), () -> offer);
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    Container known = containers.get(task.getId());
    if (known != null && known.phase != Phase.MAKING) {
      return CompletableFuture.completedStage(Unit.NONE);
    }
    Container made = new Container(task);
    containers.put(task.getId(), made);
    boolean fails = world.tasksFail() && chance.oneIn(20);
    Duration pull = chance.percent(80) ? chance.millis(2, 50) : chance.millis(50, 4000);
    return later(
        pull,
        () -> {
          if (containers.get(task.getId()) != made || made.operation > 0) {
            throw new EngineException("the task was stopped");
          }
          if (fails) {
            containers.remove(task.getId());
            throw new EngineException("no such image");
          }
          made.phase = Phase.CREATED;
          return Unit.NONE;
        });
  }

  // A stage of Void has nothing to hold.
  @SuppressWarnings("NullAway")
  private static final @Nullable Void VOID = null;

  @Override
  public CompletionStage<Unit> start(Task task) {
    Container container = containers.get(task.getId());
    if (container == null) {
      return CompletableFuture.failedStage(new EngineException("no such container"));
    }
    if (container.phase == Phase.RUNNING || container.phase == Phase.EXITED) {
      return CompletableFuture.completedStage(container.unit());
    }
    container.phase = Phase.STARTING;
    int operation = ++container.operation;
    boolean fails = world.tasksFail() && chance.oneIn(25);
    return later(
        chance.millis(2, 300),
        () -> {
          if (container.operation != operation) {
            throw new EngineException("the task was stopped");
          }
          if (fails) {
            container.phase = Phase.CREATED;
            throw new EngineException("starting container failed");
          }
          container.phase = Phase.RUNNING;
          checkRoom();
          liveOn(container);
          return container.unit();
        });
  }

  private void liveOn(Container container) {
    String command = container.task.getSpec().getContainer().getCommandList().toString();
    if (command.contains("finish")) {
      world.time().after(chance.millis(500, 8000), () -> container.exit(0));
    } else if (world.tasksFail() && chance.percent(40)) {
      int code = chance.oneIn(4) ? 0 : 1;
      world
          .time()
          .after(
              chance.millis(20, 20_000),
              () -> {
                if (world.tasksFail()) {
                  container.exit(code);
                }
              });
    }
  }

  /** What runs fits into the machine, and no two programs have one port. */
  private void checkRoom() {
    long nanoCpus = 0;
    long memoryBytes = 0;
    Set<Integer> ports = new HashSet<>();
    for (Container container : containers.values()) {
      if (container.phase != Phase.RUNNING) {
        continue;
      }
      Resources reserved = container.task.getSpec().getResources().getReservations();
      nanoCpus += reserved.getNanoCpus();
      memoryBytes += reserved.getMemoryBytes();
      for (PortConfig port : container.task.getEndpoint().getPortsList()) {
        if (port.getPublishedPort() != 0 && !ports.add(port.getPublishedPort())) {
          world.broken("two programs have port " + port.getPublishedPort() + " on " + host);
        }
      }
    }
    if (nanoCpus > resources.getNanoCpus() || memoryBytes > resources.getMemoryBytes()) {
      world.broken(
          "programs on %s take %d nanoCpus of %d and %d bytes of %d"
              .formatted(
                  host,
                  nanoCpus,
                  resources.getNanoCpus(),
                  memoryBytes,
                  resources.getMemoryBytes()));
    }
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    Container container = containers.get(task.getId());
    if (container == null
        || (container.phase != Phase.RUNNING && container.phase != Phase.EXITED)) {
      return CompletableFuture.failedStage(new EngineException("no such program"));
    }
    if (container.phase == Phase.EXITED) {
      return CompletableFuture.completedStage(Exit.of(container.unit(), ""));
    }
    CompletableFuture<Exit> waiter = new CompletableFuture<>();
    container.waiters.add(waiter);
    return waiter;
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    Container container = containers.get(task.getId());
    if (container == null) {
      return later(chance.millis(0, 5), () -> Unit.NONE);
    }
    container.operation++;
    if (world.faults().enginesFail() && world.faultsAreOn() && chance.oneIn(20)) {
      return later(
          chance.millis(1, 500),
          () -> {
            throw new EngineException("the engine does not answer");
          });
    }
    Duration grace = chance.percent(80) ? chance.millis(2, 100) : chance.millis(100, 5000);
    return later(
        grace,
        () -> {
          container.exit(143);
          return container.unit();
        });
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    Container container = containers.get(taskId);
    if (container != null) {
      container.operation++;
    }
    return later(
        chance.millis(1, 50),
        () -> {
          Container gone = containers.remove(taskId);
          if (gone != null) {
            gone.exit(137);
          }
          return VOID;
        });
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {}

  @Override
  public CompletionStage<List<String>> list() {
    return later(chance.millis(0, 20), () -> List.copyOf(containers.keySet()));
  }

  @Override
  public void close() {}
}
