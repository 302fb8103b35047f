package dev.swarm.worker.scripted;

import com.google.protobuf.ByteString;
import dev.swarm.core.sim.VirtualTime;
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
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Containers that only exist here; operations take a little virtual time. */
public final class ScriptedEngine implements Engine {
  /** One container. */
  public static final class Box {
    public boolean running;
    public int exitCode;
    public final CompletableFuture<Void> ended = new CompletableFuture<>();
  }

  private final VirtualTime loop;
  // A stop overtakes what was begun before it: that must not make anything later.
  private final TreeSet<String> stopped = new TreeSet<>();
  public final TreeMap<String, Box> boxes = new TreeMap<>();
  public String version = "1";
  public String prepareFails = "";
  public String startFails = "";
  public boolean stopFails;

  /** Whether nothing is answered. */
  public boolean away;

  private Runnable changed = () -> {};
  public long prepareMillis = 100;
  public int starts;

  /** How often anything was asked of this engine. */
  public int calls;

  public int lines = 3;

  public ScriptedEngine(VirtualTime loop) {
    this.loop = loop;
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return true;
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    return after(
        1,
        () ->
            new EngineOffer(
                Platform.getDefaultInstance(),
                Resources.getDefaultInstance(),
                EngineDescription.newBuilder().setEngineVersion(version).build()));
  }

  @Override
  public void whenOfferChanges(Runnable changed) {
    this.changed = changed;
  }

  /** As another version, which it tells. */
  public void restartAs(String newVersion) {
    version = newVersion;
    changed.run();
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    calls++;
    return after(
            prepareMillis,
            () -> {
              refuseIfStopped(task);
              if (!prepareFails.isEmpty()) {
                throw new EngineException(prepareFails);
              }
              return boxes.computeIfAbsent(task.getId(), id -> new Box());
            })
        .thenApply(box -> Unit.NONE);
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    calls++;
    return after(
        50,
        () -> {
          refuseIfStopped(task);
          if (!startFails.isEmpty()) {
            throw new EngineException(startFails);
          }
          Box box = box(task);
          if (!box.running && !box.ended.isDone()) {
            box.running = true;
            starts++;
          }
          return unit(task, box);
        });
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    calls++;
    Box box = boxes.get(task.getId());
    return box == null
        ? CompletableFuture.failedFuture(new EngineException("the container is gone"))
        : box.ended.thenApply(done -> Exit.of(unit(task, box), ""));
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    calls++;
    stopped.add(task.getId());
    return after(
        20,
        () -> {
          if (stopFails) {
            throw new EngineException("the engine is away");
          }
          Box box = boxes.get(task.getId());
          if (box == null) {
            return Unit.NONE;
          }
          exit(task.getId(), 137);
          return unit(task, box);
        });
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    calls++;
    stopped.add(taskId);
    return after(
            10,
            () -> {
              exit(taskId, 137);
              boxes.remove(taskId);
              return true;
            })
        .thenApply(done -> null);
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    subscriber.onSubscribe(
        new Flow.Subscription() {
          private int sent;

          @Override
          public void request(long n) {
            for (long i = 0; i < n && sent < lines; i++) {
              sent++;
              subscriber.onNext(
                  LogMessage.newBuilder().setData(ByteString.copyFromUtf8("line " + sent)).build());
            }
            if (sent == lines && !options.follow()) {
              sent++;
              subscriber.onComplete();
            }
          }

          @Override
          public void cancel() {}
        });
  }

  @Override
  public CompletionStage<List<String>> list() {
    return after(1, () -> List.copyOf(boxes.keySet()));
  }

  @Override
  public void close() {}

  public boolean isRunning(String taskId) {
    Box box = boxes.get(taskId);
    return box != null && box.running;
  }

  /** The container's program ends by itself. */
  public void exit(String taskId, int code) {
    Box box = boxes.get(taskId);
    if (box != null && box.running) {
      box.running = false;
      box.exitCode = code;
      box.ended.complete(null);
    }
  }

  private void refuseIfStopped(Task task) {
    if (stopped.contains(task.getId())) {
      throw new EngineException("the task was stopped");
    }
  }

  private Box box(Task task) {
    Box box = boxes.get(task.getId());
    if (box == null) {
      throw new EngineException("the container is gone");
    }
    return box;
  }

  private static Unit unit(Task task, Box box) {
    return new Unit(
        ContainerStatus.newBuilder()
            .setContainerId("box-" + task.getId())
            .setExitCode(box.exitCode)
            .build(),
        List.of());
  }

  private <T> CompletableFuture<T> after(long millis, Supplier<T> result) {
    CompletableFuture<T> future = new CompletableFuture<>();
    var _ =
        loop.schedule(
            Duration.ofMillis(millis),
            () -> {
              try {
                if (away) {
                  throw EngineException.away("the engine cannot be reached", new IOException());
                }
                future.complete(result.get());
              } catch (EngineException e) {
                future.completeExceptionally(e);
              }
            });
    return future;
  }
}
