package dev.swarm.worker.engine;

import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** Several engines as one: each task goes to the first that knows its runtime. */
public final class Engines implements Engine {
  private static final Comparator<PluginDescription> PLUGIN_ORDER =
      Comparator.comparing(PluginDescription::getType).thenComparing(PluginDescription::getName);
  private final List<Engine> engines;

  /** The first engine of {@code engines} also speaks for the node's platform and resources. */
  public Engines(List<? extends Engine> engines) {
    if (engines.isEmpty()) {
      throw new IllegalArgumentException("a node needs at least one engine");
    }
    this.engines = List.copyOf(engines);
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return engines.stream().anyMatch(engine -> engine.runs(spec));
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    return all(Engine::describe).thenApply(Engines::merge);
  }

  @Override
  public void whenOfferChanges(Runnable changed) {
    engines.forEach(engine -> engine.whenOfferChanges(changed));
  }

  static EngineOffer merge(List<EngineOffer> offers) {
    TreeSet<PluginDescription> plugins = new TreeSet<>(PLUGIN_ORDER);
    EngineDescription.Builder engine = offers.getFirst().engine().toBuilder().clearPlugins();
    for (EngineOffer offer : offers) {
      plugins.addAll(offer.engine().getPluginsList());
      offer.engine().getLabelsMap().forEach(engine::putLabels);
    }
    return new EngineOffer(
        offers.getFirst().platform(),
        offers.getFirst().resources(),
        engine.addAllPlugins(plugins).build());
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    return on(task, engine -> engine.prepare(task, dependencies));
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    return on(task, engine -> engine.start(task));
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    return on(task, engine -> engine.await(task));
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    return runs(task.getSpec())
        ? on(task, engine -> engine.stop(task))
        : CompletableFuture.completedFuture(Unit.NONE);
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    return all(engine -> engine.remove(taskId)).thenApply(done -> null);
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    for (Engine engine : engines) {
      if (engine.runs(task.getSpec())) {
        engine.logs(task, options, subscriber);
        return;
      }
    }
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {}
        });
    subscriber.onComplete();
  }

  @Override
  public CompletionStage<List<String>> list() {
    return all(Engine::list).thenApply(lists -> lists.stream().flatMap(List::stream).toList());
  }

  @Override
  public void close() {
    engines.forEach(Engine::close);
  }

  private <T> CompletionStage<T> on(Task task, Function<Engine, CompletionStage<T>> call) {
    for (Engine engine : engines) {
      if (engine.runs(task.getSpec())) {
        return call.apply(engine);
      }
    }
    return CompletableFuture.failedFuture(new EngineException("unsupported runtime"));
  }

  private <T> CompletionStage<List<T>> all(Function<Engine, CompletionStage<T>> call) {
    CompletionStage<List<T>> result = CompletableFuture.completedFuture(new ArrayList<>());
    for (Engine engine : engines) {
      result =
          result.thenCombine(
              call.apply(engine),
              (list, value) -> {
                list.add(value);
                return list;
              });
    }
    return result;
  }
}
