package dev.swarm.worker.engine;

import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The engine of a node that runs nothing, such as a manager that only manages. */
public final class NoEngine implements Engine {
  private final String version;

  /**
   * @param version what the node calls its engine's version
   */
  public NoEngine(String version) {
    this.version = version;
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return false;
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    return CompletableFuture.completedFuture(
        new EngineOffer(
            Platform.newBuilder()
                .setOs("linux")
                .setArchitecture(System.getProperty("os.arch", "amd64"))
                .build(),
            Resources.getDefaultInstance(),
            EngineDescription.newBuilder()
                .setEngineVersion(version)
                // Naming a runtime, if only this one, says that no container can run here.
                .addPlugins(PluginDescription.newBuilder().setType("Runtime").setName("none"))
                .build()));
  }

  private static <T> CompletionStage<T> nothing() {
    return CompletableFuture.failedFuture(new EngineException("this node runs no tasks"));
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    return nothing();
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    return nothing();
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    return nothing();
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    return nothing();
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    subscriber.onError(new EngineException("this node runs no tasks"));
  }

  @Override
  public CompletionStage<List<String>> list() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public void close() {}
}
