package dev.swarm.worker.template;

import dev.swarm.core.template.TaskContext;
import dev.swarm.core.template.TemplateError;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.LogOptions;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Wraps an engine, which so never meets a template: tasks are prepared and started with their
 * templates rendered. Does not close the engine behind it. Safe for use by many threads.
 */
public final class TemplatingEngine implements Engine {
  private final Engine engine;
  private final Supplier<String> hostname;

  /**
   * @param hostname what the node calls itself
   */
  public TemplatingEngine(Engine engine, Supplier<String> hostname) {
    this.engine = engine;
    this.hostname = hostname;
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    return rendered(
        task,
        Payloads.isTemplated(task, dependencies),
        (context, expanded) ->
            engine.prepare(expanded, new Payloads(expanded, context, dependencies)));
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    return rendered(task, false, (context, expanded) -> engine.start(expanded));
  }

  private <T> CompletionStage<T> rendered(
      Task task, boolean withPayloads, BiFunction<TaskContext, Task, CompletionStage<T>> next) {
    CompletionStage<Platform> platform =
        withPayloads || TaskContext.isTemplated(task.getSpec().getContainer())
            ? engine.describe().thenApply(EngineOffer::platform)
            : CompletableFuture.completedFuture(Platform.getDefaultInstance());
    return platform.thenCompose(
        known -> {
          TaskContext context = TaskContext.of(task, hostname.get(), known);
          return next.apply(context, expanded(task, context));
        });
  }

  private static Task expanded(Task task, TaskContext context) {
    if (!TaskContext.isTemplated(task.getSpec().getContainer())) {
      return task;
    }
    Task.Builder next = task.toBuilder();
    try {
      next.getSpecBuilder().setContainer(context.expand(task.getSpec().getContainer()));
    } catch (TemplateError e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
    return next.build();
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return engine.runs(spec);
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    return engine.describe();
  }

  @Override
  public void whenOfferChanges(Runnable changed) {
    engine.whenOfferChanges(changed);
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    return engine.await(task);
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    return engine.stop(task);
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    return engine.remove(taskId);
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    engine.logs(task, options, subscriber);
  }

  @Override
  public CompletionStage<List<String>> list() {
    return engine.list();
  }

  @Override
  public void close() {}
}
