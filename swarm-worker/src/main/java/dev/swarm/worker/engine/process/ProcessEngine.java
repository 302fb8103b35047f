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
import dev.swarm.worker.engine.process.ProcessSettings.RunAs;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
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
  private static final Duration BIRTH_MAX = Duration.ofSeconds(10);
  private static final Duration KILL_MAX = Duration.ofSeconds(10);
  private static final long PUMP_MILLIS = 200;
  private static final int KILLED = 137;

  private final ProcessSettings settings;
  private final Clock clock;
  private final Supervisor supervisor;
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("process-engine-", 0).factory());
  private final ConcurrentHashMap<String, Handle> handles = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private static final class Handle {
    private final ReentrantLock lock = new ReentrantLock();
    private final ProcessLog log;
    private volatile boolean cancelled;

    Handle(ProcessLog log) {
      this.log = log;
    }
  }

  /**
   * @throws IllegalArgumentException if this process is root and no other user is set: a manager
   *     must not hand anyone root on every host
   */
  public ProcessEngine(ProcessSettings settings, Clock clock) throws IOException {
    if (isRoot() && settings.runAs().isEmpty()) {
      throw new IllegalArgumentException(
          "a daemon that is root runs processes only as another user, and none is set");
    }
    this.settings = settings;
    this.clock = clock;
    // Without root there is no other user to change to.
    this.supervisor = new Supervisor(isRoot() ? settings.runAs() : Optional.empty());
    Files.createDirectories(
        settings.directory(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    executor.execute(this::pumpForever);
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return "root".equals(System.getProperty("user.name"));
    }
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
    Handle handle = handle(task.getId());
    return locked(
        handle,
        () -> {
          Program program = program(task);
          refuseIfCancelled(handle);
          TaskDirectory directory = directory(task.getId());
          directory.create();
          if (isRoot()) {
            give(directory.work());
          }
          if (!program.directory().isEmpty() && !Files.isDirectory(Path.of(program.directory()))) {
            throw new EngineException("no such directory on this node: " + program.directory());
          }
          return Unit.NONE;
        });
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    Handle handle = handle(task.getId());
    return locked(
        handle,
        () -> {
          refuseIfCancelled(handle);
          TaskDirectory directory = directory(task.getId());
          if (directory.shim().isEmpty()) {
            supervisor.start(task, program(task), directory);
            awaitBirth(directory);
          }
          return unit(task, directory);
        });
  }

  /** The supervisor says within moments who it is and whom it runs. */
  private void awaitBirth(TaskDirectory directory) throws InterruptedException {
    long start = clock.nanoTime();
    while (directory.child().isEmpty() && directory.exitCode().isEmpty()) {
      if (clock.nanoTime() - start > BIRTH_MAX.toNanos()) {
        throw new EngineException("the process did not start");
      }
      Thread.sleep(5);
    }
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    TaskDirectory directory = directory(task.getId());
    Optional<LiveProcess> shim = directory.shim();
    if (shim.isEmpty()) {
      return CompletableFuture.failedFuture(new EngineException("the process is gone"));
    }
    boolean alive = shim.get().isAlive();
    return shim.get()
        .gone()
        .thenApplyAsync(
            gone -> {
              if (closed) {
                throw new CompletionException(new EngineException("the engine was closed"));
              }
              if (alive) {
                sweep(shim.get());
              }
              return settle(task, directory);
            },
            executor);
  }

  private Exit settle(Task task, TaskDirectory directory) {
    try {
      handle(task.getId()).log.pump(true);
      if (directory.exitCode().isPresent()) {
        return Exit.of(unit(task, directory), "");
      }
      // Whoever killed the supervisor, or switched the host off, may have left the process itself.
      Optional<LiveProcess> child = directory.child().filter(LiveProcess::isAlive);
      if (child.isPresent()) {
        Supervisor.signal("KILL", child.get().pid());
      }
      directory.writeExit(KILLED);
      return Exit.of(unit(task, directory), "the process is gone and left no exit code");
    } catch (IOException e) {
      throw new EngineException("cannot tell how the process ended: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted", e);
    }
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    Handle handle = handle(task.getId());
    handle.cancelled = true;
    return locked(
        handle,
        () -> {
          TaskDirectory directory = directory(task.getId());
          if (!directory.exists()) {
            return Unit.NONE;
          }
          Program program = program(task);
          end(directory, program.signal(), program.grace());
          handle.log.pump(true);
          return unit(task, directory);
        });
  }

  private void end(TaskDirectory directory, String signal, Duration grace)
      throws IOException, InterruptedException {
    Optional<LiveProcess> shim = directory.shim().filter(LiveProcess::isAlive);
    Optional<LiveProcess> child = directory.child().filter(LiveProcess::isAlive);
    if (shim.isPresent() && child.isPresent()) {
      Supervisor.signal(signal, child.get().pid());
      if (!gone(shim.get(), grace)) {
        Supervisor.signal("KILL", child.get().pid());
        if (!gone(shim.get(), KILL_MAX)) {
          throw new EngineException("the process does not end");
        }
      }
    } else if (child.isPresent()) {
      Supervisor.signal("KILL", child.get().pid());
    } else if (shim.isPresent()) {
      gone(shim.get(), KILL_MAX);
    }
    shim.ifPresent(ProcessEngine::sweep);
  }

  /** What the process started itself is still in its group, and nobody's now. */
  private static void sweep(LiveProcess shim) {
    try {
      Supervisor.signal("KILL", -shim.pid());
    } catch (IOException e) {
      LOG.warn("cannot look for what process {} left behind: {}", shim.pid(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean gone(LiveProcess process, Duration within) throws InterruptedException {
    try {
      process.gone().get(within.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new EngineException("cannot wait for the process", e);
    }
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    Handle handle = handle(taskId);
    handle.cancelled = true;
    return locked(
            handle,
            () -> {
              TaskDirectory directory = directory(taskId);
              if (directory.exists()) {
                end(directory, "KILL", KILL_MAX);
                directory.delete();
              }
              handles.remove(taskId, handle);
              return Unit.NONE;
            })
        .thenApply(done -> null);
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    Handle handle = handle(task.getId());
    TaskDirectory directory = directory(task.getId());
    ProcessLogReader reader = new ProcessLogReader(handle.log, options, subscriber);
    subscriber.onSubscribe(reader.subscription());
    executor.execute(
        () -> {
          try {
            handle.log.pump(false);
            reader.read(() -> closed || isComplete(directory, handle));
          } catch (IOException | EngineException e) {
            subscriber.onError(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static boolean isComplete(TaskDirectory directory, Handle handle) {
    if (directory.exists() && directory.exitCode().isEmpty()) {
      return false;
    }
    try {
      handle.log.pump(true);
    } catch (IOException e) {
      LOG.debug("nothing more can be read of {}", directory, e);
    }
    return true;
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
  }

  private void pumpForever() {
    while (!closed) {
      for (Handle handle : handles.values()) {
        try {
          handle.log.pump(false);
        } catch (IOException e) {
          LOG.debug("a log could not be read this time", e);
        }
      }
      try {
        Thread.sleep(PUMP_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Handle handle(String taskId) {
    return handles.computeIfAbsent(
        taskId,
        id -> new Handle(new ProcessLog(directory(id), settings.logBytesMax(), clock::now)));
  }

  private TaskDirectory directory(String taskId) {
    return new TaskDirectory(settings.directory().resolve(taskId));
  }

  private Program program(Task task) {
    return Program.of(task, settings.runAs().map(RunAs::name).orElse(""));
  }

  private void give(Path work) throws IOException {
    if (settings.runAs().isPresent()) {
      Files.setAttribute(work, "unix:uid", settings.runAs().get().uid());
      Files.setAttribute(work, "unix:gid", settings.runAs().get().gid());
    }
  }

  private static void refuseIfCancelled(Handle handle) {
    if (handle.cancelled) {
      throw new EngineException("the task was stopped");
    }
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
    T run() throws IOException, InterruptedException;
  }

  private <T> CompletionStage<T> locked(Handle handle, Work<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          handle.lock.lock();
          try {
            return work.run();
          } catch (IOException e) {
            throw new EngineException(String.valueOf(e.getMessage()), e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted", e);
          } finally {
            handle.lock.unlock();
          }
        },
        executor);
  }
}
