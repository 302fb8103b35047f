package dev.swarm.worker.engine.process;

import com.google.protobuf.Any;
import dev.swarm.v1.ProcessSpec;
import dev.swarm.worker.assignment.AssignmentSet;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.LogOptions;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.GenericRuntimeSpec;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Tasks of an engine under test, from their words to what they printed. */
final class Tasks {
  private static final long SECONDS_MAX = 60;

  private final ProcessEngine engine;

  Tasks(ProcessEngine engine) {
    this.engine = engine;
  }

  static Task task(String id, ProcessSpec.Builder spec, String... command) {
    return Task.newBuilder()
        .setId(id)
        .setNodeId("n1")
        .setSlot(1)
        .setServiceAnnotations(Annotations.newBuilder().setName("web"))
        .setSpec(
            TaskSpec.newBuilder()
                .setGeneric(
                    GenericRuntimeSpec.newBuilder()
                        .setKind("process")
                        .setPayload(Any.pack(spec.addAllCommand(List.of(command)).build()))))
        .build();
  }

  static Task shell(String id, String script) {
    return task(id, ProcessSpec.newBuilder(), "sh", "-c", script);
  }

  Exit run(Task task) throws Exception {
    start(task);
    return get(engine.await(task));
  }

  /** Returns the number of the task's process. */
  long start(Task task) throws Exception {
    get(engine.prepare(task, AssignmentSet.EMPTY));
    return get(engine.start(task)).container().getPid();
  }

  /** All that an ended task printed. */
  List<String> printed(Task task) throws Exception {
    Reader reader = new Reader();
    engine.logs(task, new LogOptions(true, true, false, -1, Optional.empty()), reader);
    reader.done.get(SECONDS_MAX, TimeUnit.SECONDS);
    return List.copyOf(reader.all);
  }

  /** Follows what a task prints, from its first line. */
  Reader follow(Task task) {
    Reader reader = new Reader();
    engine.logs(task, new LogOptions(true, true, true, -1, Optional.empty()), reader);
    return reader;
  }

  void removeAll() throws Exception {
    for (String id : get(engine.list())) {
      get(engine.remove(id));
    }
  }

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** Takes lines as they come. */
  static final class Reader implements Flow.Subscriber<LogMessage> {
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<String> fresh = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** The next line, without its end. */
    String line() throws InterruptedException {
      String line = fresh.poll(SECONDS_MAX, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("nothing more was printed after " + all);
      }
      return line;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(LogMessage message) {
      String line = message.getData().toStringUtf8().stripTrailing();
      all.add(line);
      fresh.add(line);
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }
  }
}
