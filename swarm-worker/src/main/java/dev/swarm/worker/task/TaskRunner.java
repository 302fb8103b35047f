package dev.swarm.worker.task;

import com.google.protobuf.Timestamp;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import dev.swarm.v1.TaskRecord;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one task through its life, one engine operation at a time. Touched only from the event
 * loop. Statuses never go back; a desired state never does either.
 */
final class TaskRunner {
  /** What a runner tells its surroundings. Called on the event loop. */
  interface Sink {
    /** The task's record is different now. */
    void changed(TaskRunner runner);

    /** Nothing is left of the task on this node. */
    void gone(TaskRunner runner);
  }

  private static final Duration RETRY_MAX = Duration.ofSeconds(15);
  private static final Duration AWAY_RETRY_MAX = Duration.ofSeconds(2);
  private static final int STOPS_BEFORE_REMOVAL = 2;
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final Engine engine;
  private final EventLoop loop;
  private final Clock clock;
  private final Supplier<Dependencies> dependencies;
  private final Sink sink;
  private Task task;
  private TaskState desired;
  private TaskStatus status;
  private boolean removed;
  private boolean held;
  private boolean closed;
  private boolean failing;
  private Step busy = Step.HOLD;
  private long turn;
  private int retries;

  /**
   * @param held whether to wait for {@link #release} before anything new is prepared or started
   */
  TaskRunner(
      TaskRecord record,
      boolean held,
      Engine engine,
      EventLoop loop,
      Clock clock,
      Supplier<Dependencies> dependencies,
      Sink sink) {
    this.task = record.getTask();
    this.status = record.getStatus();
    this.removed = record.getRemoved();
    this.desired = Step.desired(task);
    this.held = held;
    this.engine = engine;
    this.loop = loop;
    this.clock = clock;
    this.dependencies = dependencies;
    this.sink = sink;
  }

  Task task() {
    return task;
  }

  TaskStatus status() {
    return status;
  }

  boolean removed() {
    return removed;
  }

  TaskRecord record() {
    return TaskRecord.newBuilder().setTask(task).setStatus(status).setRemoved(removed).build();
  }

  /** The manager changed its mind about this task. */
  void update(Task next) {
    TaskState wish = Step.desired(next);
    if (wish.getNumber() < desired.getNumber()) {
      LOG.warn("task {}: a desired state of {} after {} is ignored", id(), wish, desired);
      wish = desired;
    }
    desired = wish;
    task = next.toBuilder().setDesiredState(wish).build();
    sink.changed(this);
    advance();
  }

  void remove() {
    if (!removed) {
      removed = true;
      sink.changed(this);
      advance();
    }
  }

  /** Goes on where an earlier life of this daemon stopped. */
  void resume() {
    if (Step.ended(status.getState())) {
      sweep(0);
    }
    advance();
  }

  void release() {
    held = false;
    advance();
  }

  /** Does nothing more; what runs in the engine goes on. */
  void close() {
    closed = true;
    turn++;
  }

  /** Does whatever is to do next, unless that is already under way. */
  void advance() {
    Step step = Step.next(status.getState(), desired, removed);
    if (closed || (failing && step != Step.DELETE) || step == busy || (held && isForward(step))) {
      return;
    }
    // Only a stop or a removal differs from what is under way, and both overtake it.
    turn++;
    busy = Step.HOLD;
    retries = 0;
    take(step);
  }

  private void take(Step step) {
    switch (step) {
      case HOLD -> {}
      case ACCEPT -> {
        report(TaskState.ACCEPTED, "accepted");
        advance();
      }
      case PREPARE -> prepare();
      case START -> start();
      case AWAIT -> run(step, () -> engine.await(task), this::exited, error -> fail(step, error));
      case STOP -> stop();
      case DELETE -> delete();
    }
  }

  private static boolean isForward(Step step) {
    return step == Step.ACCEPT || step == Step.PREPARE || step == Step.START;
  }

  private void prepare() {
    report(TaskState.PREPARING, "preparing");
    run(
        Step.PREPARE,
        () -> engine.prepare(task, dependencies.get()),
        unit -> report(Outcomes.reached(status, TaskState.READY, "prepared", unit)),
        error -> fail(Step.PREPARE, error));
  }

  private void start() {
    report(TaskState.STARTING, "starting");
    run(
        Step.START,
        () -> engine.start(task),
        unit -> report(Outcomes.reached(status, TaskState.RUNNING, "started", unit)),
        error -> fail(Step.START, error));
  }

  private void stop() {
    // Also before PREPARING: after a crash the record may be older than what the engine did.
    run(
        Step.STOP,
        () -> engine.stop(task),
        unit -> report(Outcomes.reached(status, TaskState.SHUTDOWN, "shutdown", unit)),
        error -> retry(Step.STOP, error));
  }

  private void delete() {
    boolean mayRun =
        status.getState().getNumber() >= TaskState.PREPARING_VALUE
            && !Step.ended(status.getState());
    run(
        Step.DELETE,
        () -> mayRun ? stopped().thenCompose(unit -> engine.remove(id())) : engine.remove(id()),
        done -> {
          close(); // or the removal would begin anew
          sink.gone(this);
        },
        error -> retry(Step.DELETE, error));
  }

  /**
   * Stops the task; once that has failed a few times, goes on to the removal, which ends it too.
   */
  private CompletionStage<Unit> stopped() {
    CompletionStage<Unit> stopped = begin(() -> engine.stop(task));
    return retries < STOPS_BEFORE_REMOVAL ? stopped : stopped.exceptionally(error -> Unit.NONE);
  }

  private void exited(Exit exit) {
    report(Outcomes.exited(status, exit));
  }

  /** An engine that is away has said nothing: the task waits in its state and is told why. */
  private void fail(Step step, Throwable error) {
    if (!Outcomes.isAway(error)) {
      fail(error);
      return;
    }
    TaskStatus.Builder waiting = Outcomes.waiting(status, error);
    if (step != Step.AWAIT && !waiting.getErr().equals(status.getErr())) {
      report(waiting);
    }
    retry(step, error);
  }

  /**
   * An operation failed. It may have left something running, or found what an earlier life of this
   * daemon started; neither must outlive its task.
   */
  private void fail(Throwable error) {
    failing = true;
    run(
        Step.STOP,
        () -> engine.stop(task),
        unit -> reportFailure(error),
        away -> {
          reportFailure(error);
          sweep(1);
        });
  }

  /**
   * Makes sure that nothing of an ended task runs, as soon as the engine can be asked: one that is
   * away must not delay the report of a failure.
   */
  private void sweep(int attempt) {
    var _ =
        loop.schedule(
            attempt == 0 ? Duration.ZERO : wait(attempt),
            () -> {
              if (!closed && !removed) {
                begin(() -> engine.stop(task))
                    .whenComplete(
                        (unit, away) ->
                            loop.execute(
                                () -> {
                                  if (away != null) {
                                    sweep(attempt + 1);
                                  }
                                }));
              }
            });
  }

  private void reportFailure(Throwable error) {
    failing = false;
    report(Outcomes.failed(status, error));
  }

  private static Duration wait(int attempt) {
    return Duration.ofMillis(Math.min(RETRY_MAX.toMillis(), 500L << Math.min(attempt, 10)));
  }

  private void retry(Step step, Throwable error) {
    Duration grown = wait(retries);
    boolean soon = Outcomes.isAway(error) && grown.compareTo(AWAY_RETRY_MAX) > 0;
    Duration wait = soon ? AWAY_RETRY_MAX : grown;
    if (retries++ == 0) {
      LOG.warn("task {}: {} failed and is tried again: {}", id(), step, Outcomes.text(error));
    }
    busy = step;
    long mine = ++turn;
    loop.schedule(
        wait,
        () -> {
          if (mine == turn) {
            take(step);
          }
        });
  }

  /** Runs one engine operation; its outcome counts only if nothing overtook it. */
  private <T> void run(
      Step step,
      Supplier<CompletionStage<T>> operation,
      Consumer<T> done,
      Consumer<Throwable> failed) {
    busy = step;
    long mine = ++turn;
    begin(operation)
        .whenComplete(
            (value, error) ->
                loop.execute(
                    () -> {
                      if (mine == turn) {
                        settle(() -> done.accept(value), error, failed);
                      }
                    }));
  }

  /** An engine that throws at once has a bug: that fails this task, not its neighbours. */
  private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> operation) {
    try {
      return operation.get();
    } catch (RuntimeException fault) {
      LOG.error("the engine failed; this task fails with it", fault);
      return CompletableFuture.failedFuture(fault);
    }
  }

  private void settle(Runnable done, @Nullable Throwable error, Consumer<Throwable> failed) {
    busy = Step.HOLD;
    if (error == null) {
      done.run();
    } else {
      failed.accept(error);
    }
    if (busy == Step.HOLD) {
      advance();
    }
  }

  private void report(TaskState state, String message) {
    if (state.getNumber() > status.getState().getNumber()) {
      report(status.toBuilder().setState(state).setMessage(message).setErr(""));
    }
  }

  private void report(TaskStatus.Builder next) {
    if (next.getState().getNumber() < status.getState().getNumber()) {
      throw new IllegalStateException(
          "task " + id() + " would go from " + status.getState() + " to " + next.getState());
    }
    Instant now = clock.now();
    status =
        next.setTimestamp(
                Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
            .build();
    sink.changed(this);
  }

  private String id() {
    return task.getId();
  }
}
