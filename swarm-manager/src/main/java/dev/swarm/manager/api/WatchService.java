package dev.swarm.manager.api;

import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.CommitListener;
import docker.swarmkit.v1.WatchGrpc;
import docker.swarmkit.v1.WatchMessage;
import docker.swarmkit.v1.WatchRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * Streams changes of the cluster's state to clients, from the moment that they asked: the first,
 * empty message says that the stream has begun. A client that reads too slowly, and every client
 * after this manager's state was replaced as a whole, is ended with an error: it has missed
 * changes, and looks at everything again before it watches anew.
 */
public final class WatchService extends WatchGrpc.WatchImplBase
    implements CommitListener, AutoCloseable {
  private static final int WATCHERS_MAX = 1000;

  private final Executor executor;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /**
   * @param executor writes messages, off the log's thread
   */
  public WatchService(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchMessage> observer) {
    if (request.hasResumeFrom()) {
      refuse(
          observer,
          Status.FAILED_PRECONDITION,
          "changes of the past are not kept: list the objects, and watch from now on");
      return;
    }
    WatchFilter filter;
    try {
      filter = WatchFilter.parse(request.getEntriesList());
    } catch (IllegalArgumentException e) {
      refuse(observer, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
      return;
    }
    if (watchers.size() >= WATCHERS_MAX) {
      refuse(observer, Status.RESOURCE_EXHAUSTED, "this manager is watched by too many clients");
      return;
    }
    begin(
        new Watcher(
            (ServerCallStreamObserver<WatchMessage>) observer,
            filter,
            request.getIncludeOldObject(),
            executor,
            watchers::remove));
  }

  private void begin(Watcher watcher) {
    watchers.add(watcher);
    watcher.begin();
    if (closed) {
      endAll("this manager stops");
    }
  }

  private static void refuse(StreamObserver<?> observer, Status status, String why) {
    observer.onError(status.withDescription(why).asRuntimeException());
  }

  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    if (watchers.isEmpty()) {
      return;
    }
    watchers.forEach(watcher -> watcher.offer(snapshot, deltas));
  }

  @Override
  public void restored(Snapshot snapshot) {
    endAll("this manager's state was replaced by another's: changes were missed");
  }

  private void endAll(String why) {
    watchers.forEach(watcher -> watcher.end(Status.ABORTED.withDescription(why)));
  }

  @Override
  public void close() {
    closed = true;
    watchers.forEach(
        watcher -> watcher.end(Status.UNAVAILABLE.withDescription("this manager stops")));
  }
}
