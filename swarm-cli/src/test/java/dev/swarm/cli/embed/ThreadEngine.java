package dev.swarm.cli.embed;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** An engine of one's own: each task is a thread of this JVM that runs one program. */
final class ThreadEngine implements Engine {
  static final String KIND = "thread";

  private record Running(Thread thread, CompletableFuture<Exit> exit) {}

  private final Map<String, Running> tasks = new ConcurrentHashMap<>();
  private final Runnable program;

  /**
   * @param program ends when its thread is interrupted
   */
  ThreadEngine(Runnable program) {
    this.program = program;
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return spec.getGeneric().getKind().equals(KIND);
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    PluginDescription runtime =
        PluginDescription.newBuilder().setType(EngineOffer.RUNTIME).setName(KIND).build();
    return CompletableFuture.completedFuture(
        new EngineOffer(
            Platform.newBuilder().setOs("java").setArchitecture("any").build(),
            Resources.getDefaultInstance(),
            EngineDescription.newBuilder().setEngineVersion("1").addPlugins(runtime).build()));
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    return CompletableFuture.completedFuture(Unit.NONE);
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    tasks.computeIfAbsent(
        task.getId(),
        id -> {
          CompletableFuture<Exit> exit = new CompletableFuture<>();
          return new Running(Thread.ofVirtual().name("task-" + id).start(() -> live(exit)), exit);
        });
    return CompletableFuture.completedFuture(Unit.NONE);
  }

  private void live(CompletableFuture<Exit> exit) {
    try {
      program.run();
      exit.complete(new Exit(Unit.NONE, ""));
    } catch (RuntimeException e) {
      exit.complete(new Exit(Unit.NONE, "the program threw " + e));
    }
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    Running running = tasks.get(task.getId());
    return running == null
        ? CompletableFuture.failedFuture(new EngineException("the thread is gone"))
        : running.exit;
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    return remove(task.getId()).thenApply(done -> Unit.NONE);
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    Running running = tasks.remove(taskId);
    if (running == null) {
      return CompletableFuture.completedFuture(null);
    }
    running.thread.interrupt();
    return running.exit.thenApply(exit -> null);
  }

  @Override
  public CompletionStage<List<String>> list() {
    return CompletableFuture.completedFuture(List.copyOf(tasks.keySet()));
  }

  @Override
  public void close() {
    tasks.keySet().forEach(this::remove);
  }
}
