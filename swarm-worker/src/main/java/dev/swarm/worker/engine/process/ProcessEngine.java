package dev.swarm.worker.engine.process;

import dev.swarm.core.port.Clock;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.LogOptions;
import dev.swarm.worker.engine.Machine;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.ContainerStatus;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks of the generic runtime {@code process}: plain processes of the operating system, for
 * hosts without a container engine. There is no isolation beyond the user they run as. A process
 * survives this daemon and is taken up again by the next. Safe for use by many threads.
 */
public final class ProcessEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessEngine.class);
  private static final long TEND_MILLIS = 200;
  private static final long TEND_BUSY_MILLIS = 50;

  private final ProcessSettings settings;
  private final ProcessHost host;
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("process-engine-", 0).factory());
  private final ConcurrentHashMap<String, TaskProcess> processes = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @throws IllegalArgumentException if this process is root and no other user is set
   */
  public ProcessEngine(ProcessSettings settings, Clock clock) throws IOException {
    this(settings, clock, CgroupMounts.hierarchies(ProcessHost.isRoot()));
  }

  /**
   * @param hierarchies where control groups may be made
   */
  ProcessEngine(ProcessSettings settings, Clock clock, List<Path> hierarchies) throws IOException {
    this.settings = settings;
    this.host = ProcessHost.open(settings, clock, hierarchies);
    executor.execute(this::tendForever);
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return spec.hasGeneric() && spec.getGeneric().getKind().equals(Program.KIND);
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    return CompletableFuture.completedFuture(
        new EngineOffer(
            Machine.platform(),
            Machine.resources(),
            EngineDescription.newBuilder()
                .setEngineVersion(settings.version())
                .addPlugins(
                    PluginDescription.newBuilder()
                        .setType(EngineOffer.RUNTIME)
                        .setName(Program.KIND))
                .build()));
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    return locked(
        task.getId(),
        process -> {
          process.prepare(program(task));
          return Unit.NONE;
        });
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    return locked(
        task.getId(),
        process -> {
          process.start(task, program(task));
          return unit(task, process.directory());
        });
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    TaskProcess process = process(task.getId());
    Optional<LiveProcess> shim = process.directory().shim();
    if (shim.isEmpty()) {
      return CompletableFuture.failedFuture(new EngineException("the process is gone"));
    }
    return shim.get()
        .gone()
        .thenApplyAsync(
            gone -> {
              if (closed) {
                throw new CompletionException(new EngineException("the engine was closed"));
              }
              return settle(task, process);
            },
            executor);
  }

  private static Exit settle(Task task, TaskProcess process) {
    try {
      String guess = process.settle();
      return Exit.of(unit(task, process.directory()), guess);
    } catch (IOException e) {
      throw new EngineException("cannot tell how the process ended: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted", e);
    }
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    return cancelled(
        task.getId(),
        process -> {
          if (!process.directory().exists()) {
            return Unit.NONE;
          }
          process.stop(program(task));
          return unit(task, process.directory());
        });
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    if (!TaskDirectory.canBe(taskId)) {
      return CompletableFuture.completedFuture(null);
    }
    return cancelled(
            taskId,
            process -> {
              process.remove();
              processes.remove(taskId, process);
              return Unit.NONE;
            })
        .thenApply(done -> null);
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    TaskProcess process = process(task.getId());
    ProcessLogReader reader = new ProcessLogReader(process.log(), options, subscriber);
    subscriber.onSubscribe(reader.subscription());
    executor.execute(
        () -> {
          try {
            process.log().pump();
            reader.read(() -> closed || process.isComplete());
          } catch (IOException | EngineException e) {
            subscriber.onError(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public CompletionStage<List<String>> list() {
    try (Stream<Path> directories = Files.list(settings.directory())) {
      return CompletableFuture.completedFuture(
          directories
              .filter(Files::isDirectory)
              .map(directory -> directory.getFileName().toString())
              .sorted()
              .toList());
    } catch (IOException e) {
      return CompletableFuture.failedFuture(
          new EngineException("cannot list the processes of this node", e));
    }
  }

  @Override
  public void close() {
    closed = true;
    executor.shutdownNow();
    host.tidy();
  }

  private void tendForever() {
    while (!closed) {
      boolean busy = false;
      for (TaskProcess process : processes.values()) {
        try {
          busy |= process.takeOutput();
          if (process.beginSweep()) {
            executor.execute(process::sweep);
          }
        } catch (IOException | RuntimeException e) {
          LOG.warn(
              "the output or the remains of the process in {} could not be handled, trying again:"
                  + " {}",
              process.directory(),
              e.getMessage());
        }
      }
      try {
        Thread.sleep(busy ? TEND_BUSY_MILLIS : TEND_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private TaskProcess process(String taskId) {
    TaskDirectory directory = TaskDirectory.of(settings.directory(), taskId);
    return processes.computeIfAbsent(
        taskId,
        id ->
            new TaskProcess(
                host,
                directory,
                new ProcessLog(directory, settings.logBytesMax(), host.clock()::now)));
  }

  private Program program(Task task) {
    return Program.of(task, settings.users());
  }

  private static Unit unit(Task task, TaskDirectory directory) {
    ContainerStatus.Builder status = ContainerStatus.newBuilder();
    directory.child().ifPresent(child -> status.setPid((int) child.pid()));
    directory.exitCode().ifPresent(code -> status.setPid(0).setExitCode(code));
    List<PortConfig> ports =
        task.getEndpoint().getPortsList().stream()
            .filter(
                port ->
                    port.getPublishMode() == PortConfig.PublishMode.HOST
                        && port.getPublishedPort() != 0)
            .toList();
    return new Unit(status.build(), ports);
  }

  private interface Work<T> {
    T on(TaskProcess process) throws IOException, InterruptedException;
  }

  /** Says at once that nothing is to be started, and waits for what is being started. */
  private <T> CompletionStage<T> cancelled(String taskId, Work<T> work) {
    try {
      process(taskId).cancel();
    } catch (EngineException e) {
      return CompletableFuture.failedFuture(e);
    }
    return locked(taskId, work);
  }

  private <T> CompletionStage<T> locked(String taskId, Work<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          TaskProcess process = process(taskId);
          process.lock().lock();
          try {
            return work.on(process);
          } catch (IOException e) {
            throw new EngineException(String.valueOf(e.getMessage()), e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted", e);
          } finally {
            process.lock().unlock();
          }
        },
        executor);
  }
}
