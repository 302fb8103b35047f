package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.core.model.Node;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps attachments to the cluster's networks for containers that this node's own user runs. Such a
 * task runs no program: it lasts as long as a container has its address. Safe for use by many
 * threads.
 */
public final class AttachmentEngine implements Engine {
  /** So long a place waits for its container to be made. */
  static final Duration CLAIMED_WITHIN = Duration.ofSeconds(60);

  private static final String FILTERS =
      "{\"type\":[\"container\",\"network\"],\"event\":[\"destroy\",\"disconnect\"]}";

  private final EngineApi api;
  private final NodeNetworks networks;
  private final ExecutorService executor;
  private final EventStream events;
  private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();

  /** A place on its way to being given back. */
  private static final class Held {
    private final CompletableFuture<ContainerNetwork> ready = new CompletableFuture<>();
    private final CompletableFuture<Exit> over = new CompletableFuture<>();
    private volatile Optional<Task> awaited = Optional.empty();
    private volatile boolean claimed;
    private volatile boolean expired;
  }

  AttachmentEngine(EngineApi api, NodeNetworks networks, ExecutorService executor) {
    this.api = api;
    this.networks = networks;
    this.executor = executor;
    events = new EventStream(api, FILTERS, this::checkAll, () -> {}, event -> checkAll());
    events.start(executor);
  }

  /** Completes when the task {@code id} has its place here; fails if it cannot have one. */
  public CompletionStage<ContainerNetwork> place(String id) {
    return held(id).ready;
  }

  private Held held(String taskId) {
    return held.computeIfAbsent(taskId, id -> new Held());
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return spec.hasAttachment();
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    PluginDescription within =
        PluginDescription.newBuilder()
            .setType(Node.NETWORK_PLUGIN)
            .setName(Node.OVERLAY_WITHIN_NODE)
            .build();
    return CompletableFuture.completedFuture(
        new EngineOffer(
            Platform.getDefaultInstance(),
            Resources.getDefaultInstance(),
            EngineDescription.newBuilder().addPlugins(within).build()));
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    Held mine = held(task.getId());
    CompletableFuture<ContainerNetwork> made = async(() -> networks.promise(task));
    var _ =
        made.whenComplete(
            (place, error) -> {
              if (error == null) {
                mine.ready.complete(place);
              } else if (!Calls.isAway(error)) {
                mine.ready.completeExceptionally(error);
              }
            });
    return made.thenApply(place -> Unit.NONE);
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    return CompletableFuture.completedFuture(Unit.NONE);
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    Held mine = held(task.getId());
    mine.awaited = Optional.of(task);
    executor.execute(() -> check(mine, task));
    CompletableFuture.delayedExecutor(CLAIMED_WITHIN.toMillis(), TimeUnit.MILLISECONDS, executor)
        .execute(
            () -> {
              mine.expired = true;
              check(mine, task);
            });
    return mine.over;
  }

  private void checkAll() {
    held.values()
        .forEach(each -> each.awaited.ifPresent(task -> executor.execute(() -> check(each, task))));
  }

  private void check(Held mine, Task task) {
    if (mine.over.isDone()) {
      return;
    }
    try {
      if (holder(networks.places(task).getFirst()).isPresent()) {
        mine.claimed = true;
        networks.fulfilled(task.getId());
      } else if (mine.claimed || mine.expired) {
        networks.fulfilled(task.getId());
        mine.over.complete(Exit.of(Unit.NONE, ""));
      }
    } catch (ApiException e) {
      // The engine is away: when it is back, its event stream begins anew.
    }
  }

  /** The id of the container that has the place. */
  private Optional<String> holder(ContainerNetwork place) {
    for (JsonNode container : networks.containers(place.network())) {
      for (JsonNode endpoint : container.path("NetworkSettings").path("Networks")) {
        if (endpoint.path("IPAMConfig").path("IPv4Address").asText().equals(place.address())) {
          return Optional.of(container.path("Id").asText());
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    networks.fulfilled(task.getId());
    return async(
        () -> {
          findPlace(task)
              .ifPresent(
                  place -> holder(place).ifPresent(container -> disconnect(container, place)));
          return Unit.NONE;
        });
  }

  private Optional<ContainerNetwork> findPlace(Task task) {
    try {
      return networks.places(task).stream().findFirst();
    } catch (EngineException impossible) {
      return Optional.empty();
    }
  }

  private void disconnect(String container, ContainerNetwork place) {
    ObjectNode body = EngineApi.JSON.createObjectNode();
    body.put("Container", container).put("Force", true);
    try {
      api.post("/networks/" + EngineApi.escape(place.network()) + "/disconnect", body);
    } catch (ApiException e) {
      if (e.status() != 404) {
        throw e;
      }
    }
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    networks.fulfilled(taskId);
    Held known = held.remove(taskId);
    return known == null
        ? CompletableFuture.completedFuture(null)
        : async(
            () -> {
              networks.sweep();
              return null;
            });
  }

  @Override
  public CompletionStage<List<String>> list() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public void close() {
    events.close();
  }

  private <T> CompletableFuture<T> async(Supplier<T> call) {
    return new Calls(executor).run(call);
  }
}
