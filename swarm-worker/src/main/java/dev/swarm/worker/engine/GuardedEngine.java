package dev.swarm.worker.engine;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.Reason;
import dev.swarm.core.spec.Defaults;
import dev.swarm.v1.ProcessSpec;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps an engine and holds it to its contract: every call returns a stage, and a stage that is not
 * completed in time fails. An engine that throws, gives null or falls silent costs the operation it
 * was asked for and nothing else. Safe for use by many threads.
 *
 * <p>A preparation, a start and a running program may take as long as they like: a stop overtakes
 * them.
 */
public final class GuardedEngine implements Engine {
  /** A look at what is there. */
  static final java.time.Duration LOOK = java.time.Duration.ofSeconds(30);

  static final java.time.Duration DESCRIBE = java.time.Duration.ofSeconds(10);

  /** Beyond the task's own grace period. */
  static final java.time.Duration END = java.time.Duration.ofSeconds(30);

  private static final java.time.Duration GRACE_MAX = java.time.Duration.ofDays(1);
  private static final Logger LOG = LoggerFactory.getLogger(GuardedEngine.class);

  private final Engine engine;
  private final EventLoop loop;

  /**
   * @param loop measures how long the engine takes
   */
  public GuardedEngine(Engine engine, EventLoop loop) {
    this.engine = engine;
    this.loop = loop;
  }

  @Override
  public boolean runs(TaskSpec spec) {
    return engine.runs(spec);
  }

  @Override
  public CompletionStage<EngineOffer> describe() {
    return within(DESCRIBE, "describe itself", engine::describe);
  }

  @Override
  public void whenOfferChanges(Runnable changed) {
    try {
      engine.whenOfferChanges(changed);
    } catch (RuntimeException | Error fault) {
      LOG.error(
          "the engine failed when asked to report changes; its description is read now and then"
              + " instead",
          fault);
    }
  }

  @Override
  public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
    return checked("prepare the task", () -> engine.prepare(task, dependencies));
  }

  @Override
  public CompletionStage<Unit> start(Task task) {
    return checked("start the task", () -> engine.start(task));
  }

  @Override
  public CompletionStage<Exit> await(Task task) {
    return checked("say how the task ended", () -> engine.await(task));
  }

  @Override
  public CompletionStage<Unit> stop(Task task) {
    return within(grace(task).plus(END), "stop the task", () -> engine.stop(task));
  }

  @Override
  public CompletionStage<Void> remove(String taskId) {
    return limited(END, "remove the task", begin("remove the task", () -> engine.remove(taskId)));
  }

  @Override
  public CompletionStage<List<String>> list() {
    return within(LOOK, "list its tasks", engine::list).thenApply(List::copyOf);
  }

  @Override
  public void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    OnceSubscriber once = new OnceSubscriber(subscriber);
    once.limit =
        loop.schedule(
            LOOK,
            () -> once.onError(new EngineException("the engine did not begin to deliver the log")));
    try {
      engine.logs(task, options, once);
    } catch (RuntimeException | Error fault) {
      LOG.error("the engine failed when asked for a log", fault);
      once.onError(fault("deliver the log", Reason.of(fault)));
    }
  }

  @Override
  public void close() {
    engine.close();
  }

  /** How long the task may take to end when it is asked to. */
  public static java.time.Duration grace(Task task) {
    java.time.Duration grace =
        wireGrace(task.getSpec())
            .map(wire -> java.time.Duration.ofSeconds(wire.getSeconds(), wire.getNanos()))
            .orElse(Defaults.STOP_GRACE_PERIOD);
    return grace.compareTo(GRACE_MAX) > 0 ? GRACE_MAX : grace;
  }

  private static Optional<Duration> wireGrace(TaskSpec spec) {
    Any payload = spec.getGeneric().getPayload();
    if (payload.is(ProcessSpec.class)) {
      try {
        ProcessSpec process = payload.unpack(ProcessSpec.class);
        return process.hasStopGracePeriod()
            ? Optional.of(process.getStopGracePeriod())
            : Optional.empty();
      } catch (InvalidProtocolBufferException e) {
        return Optional.empty(); // such a process is never started
      }
    }
    ContainerSpec container = spec.getContainer();
    return container.hasStopGracePeriod()
        ? Optional.of(container.getStopGracePeriod())
        : Optional.empty();
  }

  private <T> CompletionStage<T> within(
      java.time.Duration limit, String what, Supplier<CompletionStage<T>> call) {
    return limited(limit, what, checked(what, call));
  }

  /** Fails a stage that completes with nothing. */
  private static <T> CompletionStage<T> checked(String what, Supplier<CompletionStage<T>> call) {
    return begin(what, call)
        .thenApply(
            value -> {
              @Nullable T given = value;
              if (given == null) {
                throw fault(what, "it gave null");
              }
              return given;
            });
  }

  private static <T> CompletionStage<T> begin(String what, Supplier<CompletionStage<T>> call) {
    @Nullable CompletionStage<T> stage;
    try {
      stage = call.get();
    } catch (EngineException e) {
      return CompletableFuture.failedFuture(e);
    } catch (RuntimeException | Error e) {
      LOG.error("the engine failed: it could not {}", what, e);
      return CompletableFuture.failedFuture(fault(what, Reason.of(e)));
    }
    return stage == null ? CompletableFuture.failedFuture(fault(what, "it gave no stage")) : stage;
  }

  private static EngineException fault(String what, String how) {
    return new EngineException("the engine could not " + what + ": " + how);
  }

  private <T> CompletionStage<T> limited(
      java.time.Duration limit, String what, CompletionStage<T> stage) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Cancellable timer =
        loop.schedule(
            limit,
            () ->
                result.completeExceptionally(
                    fault(what, "no answer within " + limit.toSeconds() + " s")));
    stage.whenComplete(
        (value, error) -> {
          timer.cancel();
          if (error == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(error);
          }
        });
    return result;
  }

  /** A subscriber that hears of one end only, and wants nothing from who comes after it. */
  private static final class OnceSubscriber implements Flow.Subscriber<LogMessage> {
    private final Flow.Subscriber<LogMessage> behind;
    private final AtomicBoolean over = new AtomicBoolean();

    private volatile Cancellable limit = () -> {};

    private OnceSubscriber(Flow.Subscriber<LogMessage> behind) {
      this.behind = behind;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      limit.cancel();
      if (over.get()) {
        subscription.cancel();
      } else {
        behind.onSubscribe(subscription);
      }
    }

    @Override
    public void onNext(LogMessage message) {
      if (!over.get()) {
        behind.onNext(message);
      }
    }

    @Override
    public void onError(Throwable error) {
      if (over.compareAndSet(false, true)) {
        limit.cancel();
        behind.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (over.compareAndSet(false, true)) {
        limit.cancel();
        behind.onComplete();
      }
    }
  }
}
