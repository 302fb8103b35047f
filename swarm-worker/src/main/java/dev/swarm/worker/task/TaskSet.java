package dev.swarm.worker.task;

import dev.swarm.core.port.Clock;
import dev.swarm.core.port.Disk;
import dev.swarm.core.port.EventLoop;
import dev.swarm.v1.TaskRecord;
import dev.swarm.worker.assignment.TaskChanges;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.GuardedEngine;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.TaskStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tasks of this node, each with its runner. Touched only from the event loop. */
public final class TaskSet {
  /** Who hears about tasks. Called on the event loop. */
  public interface Listener {
    /** A status that is on disk now and may be reported. */
    void status(Task task, TaskStatus status);

    /** Nothing is left of the task; it is not reported any more. */
    void gone(String taskId);
  }

  private static final Logger LOG = LoggerFactory.getLogger(TaskSet.class);
  // Ids become names of files and containers.
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final Duration STRAY_RETRY = Duration.ofSeconds(5);

  private final Engine engine;
  private final EventLoop loop;
  private final Clock clock;
  private final Supplier<Dependencies> dependencies;
  private final Listener listener;
  private final Records records;
  private final TreeMap<String, TaskRunner> runners = new TreeMap<>();
  private final List<Runnable> whenEmpty = new ArrayList<>();
  private boolean restored;
  private boolean closed;

  /**
   * @param dependencies the secrets and configs assigned at the moment
   */
  public TaskSet(
      Engine engine,
      Disk disk,
      EventLoop loop,
      Clock clock,
      Supplier<Dependencies> dependencies,
      Listener listener) {
    this.engine = engine;
    this.loop = loop;
    this.clock = clock;
    this.dependencies = dependencies;
    this.listener = listener;
    this.records = new Records(disk, loop);
  }

  /**
   * Takes up the tasks on disk where they were. What had not started waits for the first
   * assignments: its secrets are not kept on disk, and the manager may have moved it elsewhere.
   *
   * @return the tasks that the manager has not taken away
   */
  public List<Task> restore() throws IOException {
    List<Task> known = new ArrayList<>();
    for (TaskRecord record : records.readAll()) {
      TaskRunner runner = runner(record, true);
      runners.put(record.getTask().getId(), runner);
      if (!record.getRemoved()) {
        known.add(record.getTask());
      }
    }
    restored = true;
    List.copyOf(runners.values()).forEach(TaskRunner::resume);
    removeStrays();
    return known;
  }

  /** Starts, updates and removes tasks, each by its id, in the order of ids. */
  public void apply(TaskChanges delta) {
    delta.removed().forEach(this::remove);
    delta.updated().forEach(this::assign);
    delta.started().forEach(this::assign);
    if (restored) {
      restored = false;
      List.copyOf(runners.values()).forEach(TaskRunner::release);
    }
  }

  private void assign(Task task) {
    TaskRunner known = runners.get(task.getId());
    if (known != null) {
      known.update(task);
      return;
    }
    if (!ID.matcher(task.getId()).matches()) {
      LOG.warn("a task with the unusable id \"{}\" is ignored", task.getId());
      return;
    }
    TaskRecord record = TaskRecord.newBuilder().setTask(task).setStatus(task.getStatus()).build();
    TaskRunner runner = runner(record, false);
    runners.put(task.getId(), runner);
    changed(runner);
    runner.advance();
  }

  private void remove(String taskId) {
    TaskRunner runner = runners.get(taskId);
    if (runner != null) {
      runner.remove();
    }
  }

  /** Every task that is not being removed. */
  public Collection<Task> tasks() {
    return runners.values().stream().filter(r -> !r.removed()).map(TaskRunner::task).toList();
  }

  /** Of which something is left, in order. */
  public List<String> ids() {
    return List.copyOf(runners.keySet());
  }

  /** How long the most patient of the tasks may take to end. */
  public Duration longestGrace() {
    return runners.values().stream()
        .map(runner -> GuardedEngine.grace(runner.task()))
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** The status of {@code taskId} as it is now. */
  public Optional<TaskStatus> status(String taskId) {
    return Optional.ofNullable(runners.get(taskId)).map(TaskRunner::status);
  }

  /** Tells the listener the status of every task again. */
  public void reportAll() {
    for (TaskRunner runner : List.copyOf(runners.values())) {
      if (!runner.removed() && isReportable(runner.status())) {
        listener.status(runner.task(), runner.status());
      }
    }
  }

  /** Stops and removes every task, for a node that leaves; {@code done} runs when none is left. */
  public void removeAll(Runnable done) {
    List.copyOf(runners.values()).forEach(TaskRunner::remove);
    if (runners.isEmpty()) {
      done.run();
    } else {
      whenEmpty.add(done);
    }
  }

  /** Does nothing more. Tasks keep running in their engine. */
  public void close() {
    closed = true;
    runners.values().forEach(TaskRunner::close);
    records.close();
  }

  private TaskRunner runner(TaskRecord record, boolean held) {
    return new TaskRunner(
        record,
        held,
        engine,
        loop,
        clock,
        dependencies,
        new TaskRunner.Sink() {
          @Override
          public void changed(TaskRunner runner) {
            TaskSet.this.changed(runner);
          }

          @Override
          public void gone(TaskRunner runner) {
            TaskSet.this.gone(runner);
          }
        });
  }

  private void changed(TaskRunner runner) {
    if (closed) {
      return;
    }
    records.save(
        runner.task().getId(),
        () -> Optional.of(runner.record()),
        () -> {
          if (!runner.removed() && isReportable(runner.status())) {
            listener.status(runner.task(), runner.status());
          }
        });
  }

  private void gone(TaskRunner runner) {
    String id = runner.task().getId();
    if (closed || !runners.remove(id, runner)) {
      return;
    }
    records.save(id, Optional::empty, () -> {});
    listener.gone(id);
    if (runners.isEmpty()) {
      List<Runnable> waiting = List.copyOf(whenEmpty);
      whenEmpty.clear();
      waiting.forEach(Runnable::run);
    }
  }

  private static boolean isReportable(TaskStatus status) {
    return status.getState().getNumber() >= TaskState.ACCEPTED_VALUE;
  }

  /** What an earlier life of this node left in the engine without a record is nobody's any more. */
  private void removeStrays() {
    engine
        .list()
        .whenComplete(
            (ids, error) ->
                loop.execute(
                    () -> {
                      if (closed) {
                        return;
                      }
                      if (error != null) {
                        LOG.warn("cannot look for stray tasks yet: {}", error.getMessage());
                        loop.schedule(STRAY_RETRY, this::removeStrays);
                      } else {
                        ids.stream().filter(id -> !runners.containsKey(id)).forEach(this::discard);
                      }
                    }));
  }

  private void discard(String taskId) {
    LOG.info("removing what is left of task {}, of which there is no record", taskId);
    engine
        .remove(taskId)
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                LOG.warn("task {} could not be removed: {}", taskId, error.getMessage());
              }
            });
  }
}
