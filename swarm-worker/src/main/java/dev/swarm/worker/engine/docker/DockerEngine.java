package dev.swarm.worker.engine.docker;

import dev.swarm.core.port.Clock;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.LogOptions;
import dev.swarm.worker.engine.Machine;
import dev.swarm.worker.engine.Unit;
import dev.swarm.worker.secret.FileMount;
import dev.swarm.worker.secret.SecretFiles;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.ContainerStatus;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs containers on whatever speaks the Docker Engine API on a socket, Podman included. Containers
 * carry the labels that Docker's own swarm mode gives them; by these labels they are found again
 * after a restart. Safe for use by many threads.
 */
public final class DockerEngine implements Engine {
  /**
   * Set to 1 in the environment of a stock engine's daemon, it turns pulling off; so it does here.
   */
  public static final String PREFER_OFFLINE_IMAGE = "DOCKER_SERVICE_PREFER_OFFLINE_IMAGE";

  private static final String UNHEALTHY = "dockerexec: unhealthy container";
  private static final long DESCRIBE_SECONDS_MAX = 8;

  private final EngineApi api;
  private final Supplier<String> nodeId;
  private final SecretFiles secrets;
  private final ExecutorService executor;
  private final Calls calls;
  private final EngineAvailability presence;
  private final TaskContainers containers;
  private final NodeNetworks networks;
  private final ContainerWatch watch;
  private final ImagePuller puller;
  private final ConcurrentHashMap<String, Handle> handles = new ConcurrentHashMap<>();
  private volatile Optional<EngineOffer> known = Optional.empty();

  /**
   * What is under way for one task. The lock is held for calls that end soon, never for waiting.
   */
  private static final class Handle {
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    // Known for a container that this life of the daemon created: it needs no looking up.
    private volatile String containerId = "";
    private volatile boolean fresh;
  }

  /**
   * @param engine {@code unix:///path/to/docker.sock}
   * @param nodeId this node's id: what carries it as a label is ours
   * @param secrets where secrets and configs are written for the engine to mount
   * @param preferLocalImages never to pull
   */
  public DockerEngine(
      URI engine,
      Supplier<String> nodeId,
      SecretFiles secrets,
      Clock clock,
      boolean preferLocalImages) {
    this.api = new EngineApi(engine);
    this.nodeId = nodeId;
    this.secrets = secrets;
    this.executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("docker-engine-", 0).factory());
    this.calls = new Calls(executor);
    this.presence = new EngineAvailability(clock);
    this.containers = new TaskContainers(api);
    this.networks = new NodeNetworks(api, nodeId);
    this.watch = new ContainerWatch(api, containers, presence, executor);
    this.puller = new ImagePuller(api, executor, clock, preferLocalImages);
    watch.start();
  }

  /** An engine for the places of containers that are not tasks; it ends with this one. */
  public AttachmentEngine attachments() {
    return new AttachmentEngine(api, networks, executor);
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return spec.hasContainer();
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    return async(() -> EngineInfo.of(api.get("/info")))
        .orTimeout(DESCRIBE_SECONDS_MAX, TimeUnit.SECONDS)
        .handle(this::described);
  }

  /** So that an engine that is away does not hide what else the node is. */
  private EngineOffer described(@Nullable EngineOffer offer, @Nullable Throwable error) {
    if (offer != null) {
      presence.answered();
      known = Optional.of(offer);
      return offer;
    }
    if (error instanceof TimeoutException || (error != null && Calls.isAway(error))) {
      presence.unanswered();
      if (presence.isAway()) {
        return known.orElseGet(DockerEngine::unknown).away();
      }
    }
    throw error instanceof CompletionException known ? known : new CompletionException(error);
  }

  /** What a node offers whose engine has never answered. */
  private static EngineOffer unknown() {
    return new EngineOffer(
        Machine.platform(), Machine.resources(), EngineDescription.getDefaultInstance());
  }

  @Override
  public void whenOfferChanges(Runnable changed) {
    presence.whenChanged(changed);
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    Handle handle = handles.computeIfAbsent(task.getId(), id -> new Handle());
    return async(
        () -> {
          // What cannot work is refused before anything is fetched for it.
          ContainerRequest.of(task, List.of(), TaskPlaces.of(task));
          ContainerSpec spec = task.getSpec().getContainer();
          CompletableFuture<Void> pulled =
              puller.pull(spec.getImage(), spec.getPullOptions().getRegistryAuth());
          CompletableFuture.anyOf(pulled, handle.cancelled).join();
          create(task, dependencies, handle);
          return new Unit(
              ContainerStatus.newBuilder().setContainerId(need(task)).build(), List.of());
        });
  }

  private void create(Task task, Dependencies dependencies, Handle handle) {
    handle.lock.lock();
    try {
      if (handle.cancelled.isDone()) {
        throw new EngineException("the task was stopped");
      }
      List<FileMount> files = secrets.write(task, dependencies);
      handle.containerId = networks.joining(task, places -> containers.create(task, files, places));
      handle.fresh = true;
    } catch (ApiException e) {
      // A name in use is our own container, made before this daemon was started again.
      Optional<String> earlier = e.status() == 409 ? find(task.getId()) : Optional.empty();
      if (earlier.isEmpty()) {
        secrets.remove(task.getId());
        throw e;
      }
      networks.joining(
          task,
          places -> {
            containers.connect(earlier.get(), places);
            return places;
          });
    } finally {
      handle.lock.unlock();
    }
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    Handle handle = handles.computeIfAbsent(task.getId(), id -> new Handle());
    CompletableFuture<Container> settled =
        async(() -> startNow(task, handle))
            .thenCompose(id -> watch.until(id, c -> !c.isRunning() || c.isSettled()));
    return calls.then(settled, container -> started(task, container));
  }

  private String startNow(Task task, Handle handle) {
    handle.lock.lock();
    try {
      if (handle.cancelled.isDone()) {
        throw new EngineException("the task was stopped");
      }
      String id = need(task);
      // One that has run already must not run again, also where that was asked but not answered.
      boolean fresh = handle.fresh;
      handle.fresh = false;
      if (fresh || containers.inspect(id).isNew()) {
        try {
          containers.start(id);
        } catch (ApiException e) {
          if (e.isUnanswered()) {
            throw e;
          }
          throw new EngineException(e.text(), containers.inspect(id).unit(task).container());
        }
      }
      return id;
    } finally {
      handle.lock.unlock();
    }
  }

  private Unit started(Task task, Container container) {
    if (container.isUnhealthy()) {
      Exit exit = Exit.of(containers.end(task, container), UNHEALTHY);
      throw new EngineException(exit.failure(), exit.unit().container());
    }
    Unit unit = container.unit(task);
    if (!container.isRunning() && container.hasHealth()) {
      Exit exit = container.exit(task);
      if (!exit.failure().isEmpty()) {
        throw new EngineException(exit.failure(), unit.container());
      }
    }
    return unit;
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    CompletableFuture<Container> over =
        async(() -> need(task))
            .thenCompose(id -> watch.until(id, c -> !c.isRunning() || c.isUnhealthy()));
    return calls.then(over, container -> ended(task, container));
  }

  private Exit ended(Task task, Container container) {
    Exit exit =
        container.isRunning()
            ? Exit.of(containers.end(task, container), UNHEALTHY)
            : container.exit(task);
    networks.sweep();
    return exit;
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    handles.computeIfAbsent(task.getId(), id -> new Handle()).cancelled.complete(null);
    return async(
        () -> {
          Optional<String> id = findAtRest(task.getId());
          Unit unit = id.isEmpty() ? Unit.NONE : containers.end(task, id.get());
          networks.sweep();
          return unit;
        });
  }

  /** Finds the task's container after what is being created or started for it, has been. */
  private Optional<String> findAtRest(String taskId) {
    Handle handle = handles.computeIfAbsent(taskId, id -> new Handle());
    handle.lock.lock();
    try {
      return find(taskId);
    } finally {
      handle.lock.unlock();
    }
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    handles.computeIfAbsent(taskId, id -> new Handle()).cancelled.complete(null);
    return async(
        () -> {
          Handle handle = handles.computeIfAbsent(taskId, id -> new Handle());
          handle.lock.lock();
          try {
            containers.delete(taskId);
            secrets.remove(taskId);
            networks.sweep();
          } finally {
            handle.lock.unlock();
          }
          handles.remove(taskId, handle);
          return null;
        });
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    LogReader reader = new LogReader(api, subscriber);
    subscriber.onSubscribe(reader.subscription());
    executor.execute(
        () -> {
          try {
            reader.read(containers.inspect(need(task)), options);
          } catch (ApiException | EngineException e) {
            subscriber.onError(e);
          }
        });
  }

  @Override
  public CompletionStage<List<String>> list() {
    return async(() -> containers.tasksOf(nodeId.get()));
  }

  /** As is done now and then: looks for what the engine did not tell of. */
  void checkContainers() {
    watch.checkAll();
  }

  @Override
  public void close() {
    watch.close();
    executor.shutdownNow();
    api.close();
  }

  private Optional<String> find(String taskId) {
    Handle handle = handles.get(taskId);
    if (handle != null && !handle.containerId.isEmpty()) {
      return Optional.of(handle.containerId);
    }
    return containers.find(taskId);
  }

  private String need(Task task) {
    return find(task.getId()).orElseThrow(() -> new EngineException("the container is gone"));
  }

  private <T> CompletableFuture<T> async(Supplier<T> call) {
    return calls.run(call);
  }
}
