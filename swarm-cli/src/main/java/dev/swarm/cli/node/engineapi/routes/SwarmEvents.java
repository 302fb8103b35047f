package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import docker.swarmkit.v1.WatchActionKind;
import docker.swarmkit.v1.WatchGrpc;
import docker.swarmkit.v1.WatchMessage;
import docker.swarmkit.v1.WatchRequest;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The swarm's events while this node is a manager: the last ones, and those to come. Watches the
 * leader all the time, so that the last ones are there when a client asks; events between a change
 * of leader and the watch of the new one are lost.
 */
public final class SwarmEvents {
  /** Of tasks, and of everything else: many tasks must not push the one service out. */
  public static final int KEPT_MAX = 256;

  private static final Logger LOG = LoggerFactory.getLogger(SwarmEvents.class);
  private static final long RETRY_MILLIS = 500;
  private static final List<String> KINDS =
      List.of("node", "service", "task", "network", "secret", "config");
  private static final int ALL_ACTIONS =
      WatchActionKind.WATCH_ACTION_CREATE_VALUE
          | WatchActionKind.WATCH_ACTION_UPDATE_VALUE
          | WatchActionKind.WATCH_ACTION_REMOVE_VALUE;

  private final LocalMembership node;
  private final Supplier<Channel> leader;
  private final SwarmEventReader reader;
  private final Context serving;
  private final Scheduler scheduler;
  private final List<Consumer<SwarmEvent>> followers = new CopyOnWriteArrayList<>();

  // Guarded by this:
  private final ArrayDeque<SwarmEvent> keptOfTasks = new ArrayDeque<>();
  private final ArrayDeque<SwarmEvent> kept = new ArrayDeque<>();
  private boolean watching;
  private boolean retrying;

  /**
   * @param serving ends everything when it is cancelled
   */
  public SwarmEvents(
      LocalMembership node,
      Supplier<Channel> leader,
      SwarmEventReader reader,
      Context serving,
      Scheduler scheduler) {
    this.node = node;
    this.leader = leader;
    this.reader = reader;
    this.serving = serving;
    this.scheduler = scheduler;
  }

  /** Makes sure that the leader is watched if this node is a manager; looks again by itself. */
  public void attend() {
    Channel channel;
    synchronized (this) {
      if (watching || serving.isCancelled()) {
        return;
      }
      try {
        if (!node.status().controlAvailable()) {
          retryLater();
          return;
        }
        channel = leader.get();
      } catch (ApiRejection e) {
        retryLater();
        return;
      }
      watching = true;
    }
    Context.CancellableContext call = serving.withCancellation();
    call.run(() -> WatchGrpc.newStub(channel).watch(request(), new Changes(call)));
  }

  private static WatchRequest request() {
    WatchRequest.Builder request = WatchRequest.newBuilder().setIncludeOldObject(true);
    KINDS.forEach(kind -> request.addEntriesBuilder().setKind(kind).setActionValue(ALL_ACTIONS));
    return request.build();
  }

  private synchronized void retryLater() {
    if (!retrying && !serving.isCancelled() && scheduler.isRunning()) {
      retrying = true;
      var _ = scheduler.schedule(this::retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void retry() {
    synchronized (this) {
      retrying = false;
    }
    attend();
  }

  private final class Changes implements StreamObserver<WatchMessage> {
    private final Context.CancellableContext call;

    Changes(Context.CancellableContext call) {
      this.call = call;
    }

    @Override
    public void onNext(WatchMessage message) {
      message
          .getEventsList()
          .forEach(change -> reader.read(change).ifPresent(SwarmEvents.this::add));
    }

    @Override
    public void onError(Throwable failure) {
      LOG.debug("the leader is no longer watched: {}", failure.toString());
      over();
    }

    @Override
    public void onCompleted() {
      over();
    }

    private void over() {
      call.cancel(null);
      synchronized (SwarmEvents.this) {
        watching = false;
      }
      retryLater();
    }
  }

  private synchronized void add(SwarmEvent event) {
    ArrayDeque<SwarmEvent> to = event.type().equals("task") ? keptOfTasks : kept;
    if (to.size() == KEPT_MAX) {
      to.remove();
    }
    to.add(event);
    followers.forEach(follower -> follower.accept(event));
  }

  /**
   * Adds a follower, who hears of every event after those returned, one at a time, and must be
   * quick.
   *
   * @return the last events, oldest first
   */
  synchronized List<SwarmEvent> follow(Consumer<SwarmEvent> follower) {
    followers.add(follower);
    List<SwarmEvent> last = new ArrayList<>(kept);
    last.addAll(keptOfTasks);
    last.sort(Comparator.comparing(SwarmEvent::at));
    return last;
  }

  void unfollow(Consumer<SwarmEvent> follower) {
    followers.remove(follower);
  }
}
