package dev.swarm.manager.api;

import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.WatchMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stream of changes to one client that watches. Commits wait in a bounded queue until the client
 * takes more; turning them into messages, which takes time, is done on the executor, by one thread
 * at a time.
 */
final class Watcher {
  /** Objects that wait for a client; those of one commit more may be added. */
  static final int OBJECTS_MAX = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

  private record Commit(Snapshot snapshot, List<Delta> deltas, int objects) {}

  private final ServerCallStreamObserver<WatchMessage> observer;
  private final WatchFilter filter;
  private final boolean withOld;
  private final Executor executor;
  private final Consumer<Watcher> ended;

  // Guarded by this:
  private final ArrayDeque<Commit> waiting = new ArrayDeque<>();
  private int objects;
  private boolean draining = true; // until it begins
  private boolean over;
  private @Nullable Status end;

  Watcher(
      ServerCallStreamObserver<WatchMessage> observer,
      WatchFilter filter,
      boolean withOld,
      Executor executor,
      Consumer<Watcher> ended) {
    this.observer = observer;
    this.filter = filter;
    this.withOld = withOld;
    this.executor = executor;
    this.ended = ended;
    observer.setOnCancelHandler(this::cancelled);
    observer.setOnReadyHandler(this::wakeUp);
  }

  /** Sends the empty message; what is offered before comes after it. */
  void begin() {
    synchronized (this) {
      waiting.addFirst(new Commit(Snapshot.EMPTY, List.of(), 0));
    }
    executor.execute(this::drain);
  }

  /** Called on the log's thread. */
  void offer(Snapshot snapshot, List<Delta> deltas) {
    int count = deltas.stream().mapToInt(Watcher::size).sum();
    synchronized (this) {
      if (over || end != null) {
        return;
      }
      if (objects > OBJECTS_MAX) {
        waiting.clear();
        end =
            Status.RESOURCE_EXHAUSTED.withDescription(
                "this client reads too slowly: changes were missed");
      } else {
        waiting.add(new Commit(snapshot, deltas, count));
        objects += count;
      }
    }
    wakeUp();
  }

  private static int size(Delta delta) {
    return delta.clusters().size()
        + delta.nodes().size()
        + delta.services().size()
        + delta.tasks().size()
        + delta.networks().size()
        + delta.secrets().size()
        + delta.configs().size();
  }

  /** Ends the stream with an error once what the client can take now was sent. */
  void end(Status status) {
    synchronized (this) {
      if (end == null) {
        end = status;
      }
    }
    wakeUp();
  }

  private synchronized void cancelled() {
    over = true;
    waiting.clear();
    ended.accept(this);
  }

  private synchronized void wakeUp() {
    if (!draining && !over) {
      draining = true;
      executor.execute(this::drain);
    }
  }

  private void drain() {
    for (Optional<Commit> next = next(); next.isPresent(); next = next()) {
      WatchMessage message;
      try {
        message = message(next.get());
      } catch (RuntimeException fault) {
        LOG.error(
            "a fault while changes were sent to a client that watches; its stream ends", fault);
        fail();
        return;
      }
      if (message.getEventsCount() > 0 || next.get().deltas().isEmpty()) {
        observer.onNext(message);
      }
    }
  }

  /** A change that cannot be told is one missed. */
  private synchronized void fail() {
    waiting.clear();
    draining = false;
    end(Status.INTERNAL.withDescription("a fault in the manager; see its log"));
  }

  /** What to send now; otherwise the drain ends, and with it the stream if it is to end. */
  private synchronized Optional<Commit> next() {
    if (!over && observer.isReady() && !waiting.isEmpty()) {
      Commit commit = waiting.remove();
      objects -= commit.objects();
      return Optional.of(commit);
    }
    draining = false;
    Status status = end;
    if (!over && status != null) {
      over = true;
      waiting.clear();
      ended.accept(this);
      observer.onError(status.asRuntimeException());
    }
    return Optional.empty();
  }

  private WatchMessage message(Commit commit) {
    WatchMessage.Builder message = WatchMessage.newBuilder();
    commit
        .deltas()
        .forEach(
            delta ->
                filter.select(
                    delta, commit.snapshot().networks()::find, withOld, message::addEvents));
    if (message.getEventsCount() > 0) {
      message.setVersion(ToWire.version(commit.snapshot().index()));
    }
    return message.build();
  }
}
