package dev.swarm.worker.engine.process;

import dev.swarm.worker.engine.EngineException;
import docker.swarmkit.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of one task, from its directory to its end. Its methods block; those that change
 * something want the lock.
 */
final class TaskProcess {
  private static final Logger LOG = LoggerFactory.getLogger(TaskProcess.class);
  private static final Duration BIRTH_MAX = Duration.ofSeconds(10);
  private static final Duration KILL_MAX = Duration.ofSeconds(10);
  private static final Duration FLUSH_MAX = Duration.ofSeconds(5);
  private static final int KILLED = 137;

  private final ReentrantLock lock = new ReentrantLock();
  private final ProcessHost host;
  private final TaskDirectory directory;
  private final ProcessLog log;
  private final Sweeps sweeps = new Sweeps();
  private volatile boolean cancelled;
  private volatile boolean finished;

  TaskProcess(ProcessHost host, TaskDirectory directory, ProcessLog log) {
    this.host = host;
    this.directory = directory;
    this.log = log;
  }

  ReentrantLock lock() {
    return lock;
  }

  TaskDirectory directory() {
    return directory;
  }

  ProcessLog log() {
    return log;
  }

  /** Nothing is prepared or started any more. */
  void cancel() {
    cancelled = true;
  }

  private void refuseIfCancelled() {
    if (cancelled) {
      throw new EngineException("the task was stopped");
    }
  }

  void prepare(Program program) throws IOException {
    refuseIfCancelled();
    if (!program.directory().isEmpty() && !Files.isDirectory(Path.of(program.directory()))) {
      throw new EngineException("no such directory on this node: " + program.directory());
    }
    host.furnish(directory);
  }

  void start(Task task, Program program) throws IOException, InterruptedException {
    refuseIfCancelled();
    if (directory.shim().isEmpty()) {
      host.requireUser(directory);
      Optional<String> obstacle = host.supervisor().obstacle(program, directory);
      if (obstacle.isPresent()) {
        throw new EngineException(obstacle.get());
      }
      host.supervisor().start(task, program, directory, host.groups());
      awaitBirth();
    }
  }

  /** The supervisor says within moments who it is and whom it runs. */
  private void awaitBirth() throws InterruptedException {
    long start = host.clock().nanoTime();
    while (directory.child().isEmpty() && directory.exitCode().isEmpty()) {
      if (host.clock().nanoTime() - start > BIRTH_MAX.toNanos()) {
        throw new EngineException("the process did not start");
      }
      Thread.sleep(5);
    }
  }

  /** Takes some of what was printed. Returns whether there may be more. */
  boolean takeOutput() throws IOException {
    return !finished && directory.exists() && log.pump();
  }

  /** Whether the process has ended and {@link #sweep} is to be called. */
  boolean beginSweep() {
    return !finished && directory.exitCode().isPresent() && sweeps.begin(host.clock().nanoTime());
  }

  /**
   * Ends what an ended process left behind. That may hold its streams open, and the supervisor
   * waits for their end. What does not end yet, as in a system call that hangs, is tried again.
   */
  void sweep() {
    try {
      host.remains().end(directory);
      dismiss();
    } catch (IOException e) {
      if (sweeps.failed(host.clock().nanoTime())) {
        LOG.warn(
            "processes left behind by {} are still there, trying again: {}",
            directory,
            e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the supervisor of an ended process, where somebody unknown keeps it waiting. */
  private void dismiss() throws IOException, InterruptedException {
    Optional<LiveProcess> shim = directory.shim().filter(LiveProcess::isAlive);
    if (shim.isPresent() && !gone(shim.get(), FLUSH_MAX) && directory.exitCode().isPresent()) {
      host.supervisor().signal("KILL", -shim.get().pid());
    }
  }

  /**
   * Called when the supervisor is gone.
   *
   * @return how the task failed where that can only be guessed, or an empty string
   */
  String settle() throws IOException, InterruptedException {
    host.remains().end(directory);
    finish();
    if (directory.exitCode().isPresent()) {
      return "";
    }
    // Whoever killed the supervisor, or switched the host off.
    directory.writeExit(KILLED);
    return "the process is gone and left no exit code";
  }

  private void finish() throws IOException {
    log.finish();
    finished = true;
  }

  void stop(Program program) throws IOException, InterruptedException {
    if (directory.exists()) {
      end(program.signal(), program.grace());
      finish();
    }
  }

  private void end(String signal, Duration grace) throws IOException, InterruptedException {
    Optional<LiveProcess> shim = directory.shim().filter(LiveProcess::isAlive);
    Optional<LiveProcess> child = directory.child().filter(LiveProcess::isAlive);
    if (shim.isPresent() && child.isPresent()) {
      host.supervisor().signal(signal, child.get().pid());
      gone(shim.get(), grace);
    }
    host.remains().end(directory);
    dismiss();
    if (shim.isPresent() && !gone(shim.get(), KILL_MAX)) {
      throw new EngineException("the process does not end");
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

  void remove() throws IOException, InterruptedException {
    if (!directory.exists()) {
      return;
    }
    end("KILL", KILL_MAX);
    finished = true;
    if (directory.group().isPresent()) {
      TaskGroups.remove(directory.group().get());
    }
    directory.delete();
    host.tidy();
  }

  /** Whether everything that the process will ever print is in the log. */
  boolean isComplete() {
    if (finished || !directory.exists()) {
      return true;
    }
    Optional<LiveProcess> shim = directory.shim();
    if (shim.isEmpty() || shim.get().isAlive()) {
      return false;
    }
    try {
      log.finish();
    } catch (IOException e) {
      LOG.debug("nothing more can be read of {}", directory, e);
    }
    return true;
  }
}
