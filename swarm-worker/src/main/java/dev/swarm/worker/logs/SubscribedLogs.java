package dev.swarm.worker.logs;

import com.google.protobuf.Timestamp;
import dev.swarm.core.port.AgentLink.LogPublication;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.LogOptions;
import docker.swarmkit.v1.LogContext;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.LogStream;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One subscription and its publication. Each log is read only as fast as the manager takes it: at
 * most {@link #WINDOW} messages of a task wait here. Touched only from the event loop.
 */
final class SubscribedLogs {
  static final int WINDOW = 64;
  private static final int BATCH_MESSAGES_MAX = 64;
  private static final int BATCH_BYTES_MAX = 512 << 10;
  private static final Duration NOT_READY_RETRY = Duration.ofMillis(20);

  private final SubscriptionMessage message;
  private final LogPublication publication;
  private final Engine engine;
  private final EventLoop loop;
  private final Runnable done;
  private final LinkedHashMap<String, Source> sources = new LinkedHashMap<>();
  private final ArrayDeque<Line> queue = new ArrayDeque<>();
  private boolean offered;
  private boolean over;
  private boolean flushing;
  private Cancellable timer = () -> {};

  private record Line(Source source, LogMessage message) {}

  SubscribedLogs(
      SubscriptionMessage message,
      LogPublication publication,
      Engine engine,
      EventLoop loop,
      Runnable done) {
    this.message = message;
    this.publication = publication;
    this.engine = engine;
    this.loop = loop;
    this.done = done;
  }

  LogSelector selector() {
    return message.getSelector();
  }

  boolean follows() {
    return message.getOptions().getFollow();
  }

  /** Reads the log of {@code task}, unless that was begun already. */
  void add(Task task) {
    if (over || sources.containsKey(task.getId())) {
      return;
    }
    Source source = new Source(task);
    sources.put(task.getId(), source);
    engine.logs(task, options(message.getOptions()), source);
  }

  /** All tasks there are have been added; those that follow may come later. */
  void offered() {
    offered = true;
    wake();
  }

  /** The subscriber is gone or satisfied: end in good order. */
  void finish() {
    if (over) {
      return;
    }
    publication.send(
        PublishLogsMessage.newBuilder().setSubscriptionId(message.getId()).setClose(true).build());
    publication.complete();
    cancel();
  }

  void cancel() {
    if (over) {
      return;
    }
    over = true;
    timer.cancel();
    queue.clear();
    sources.values().forEach(Source::cancel);
    done.run();
  }

  private void wake() {
    if (!flushing && !over) {
      flushing = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    flushing = false;
    if (over) {
      return;
    }
    if (publication.ended()) {
      cancel();
      return;
    }
    while (!queue.isEmpty() && publication.ready()) {
      publication.send(batch());
    }
    boolean allRead = sources.values().stream().allMatch(source -> source.ended);
    if (queue.isEmpty() && offered && allRead && !follows()) {
      finish();
    } else if (!queue.isEmpty()) {
      flushing = true;
      timer = loop.schedule(NOT_READY_RETRY, this::flush);
    }
  }

  private PublishLogsMessage batch() {
    PublishLogsMessage.Builder batch =
        PublishLogsMessage.newBuilder().setSubscriptionId(message.getId());
    int bytes = 0;
    while (!queue.isEmpty()
        && batch.getMessagesCount() < BATCH_MESSAGES_MAX
        && bytes < BATCH_BYTES_MAX) {
      Line line = queue.removeFirst();
      bytes += line.message().getData().size();
      batch.addMessages(line.message());
      line.source().taken();
    }
    return batch.build();
  }

  private static LogOptions options(LogSubscriptionOptions wanted) {
    List<LogStream> streams = new ArrayList<>(wanted.getStreamsList());
    boolean all = streams.isEmpty();
    // On the wire −1 − n means the last n lines; 0 and above mean all.
    long tail = wanted.getTail() < 0 ? -wanted.getTail() - 1 : -1;
    Timestamp since = wanted.getSince();
    return new LogOptions(
        all || streams.contains(LogStream.LOG_STREAM_STDOUT),
        all || streams.contains(LogStream.LOG_STREAM_STDERR),
        wanted.getFollow(),
        tail,
        wanted.hasSince() && since.getSeconds() > 0
            ? Optional.of(Instant.ofEpochSecond(since.getSeconds(), since.getNanos()))
            : Optional.empty());
  }

  /** The log of one task; its callbacks come on the engine's thread. */
  private final class Source implements Flow.Subscriber<LogMessage> {
    private final LogContext context;
    private Flow.@Nullable Subscription upstream;
    private boolean ended;

    Source(Task task) {
      context =
          LogContext.newBuilder()
              .setServiceId(task.getServiceId())
              .setNodeId(task.getNodeId())
              .setTaskId(task.getId())
              .build();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      loop.execute(
          () -> {
            upstream = subscription;
            if (over) {
              subscription.cancel();
            } else {
              subscription.request(WINDOW);
            }
          });
    }

    @Override
    public void onNext(LogMessage line) {
      LogMessage full = line.toBuilder().setContext(context).build();
      loop.execute(
          () -> {
            if (!over) {
              queue.add(new Line(this, full));
              wake();
            }
          });
    }

    @Override
    public void onError(Throwable error) {
      onComplete();
    }

    @Override
    public void onComplete() {
      loop.execute(
          () -> {
            ended = true;
            wake();
          });
    }

    void taken() {
      if (upstream != null) {
        upstream.request(1);
      }
    }

    void cancel() {
      if (upstream != null) {
        upstream.cancel();
      }
    }
  }
}
