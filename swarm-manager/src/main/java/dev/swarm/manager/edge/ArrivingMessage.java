package dev.swarm.manager.edge;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of the message that one call has received in part, as a share of its node's budget. They
 * are counted on the thread of the connection, and taken on those of calls.
 */
final class ArrivingMessage extends ServerStreamTracer {
  private static final Context.Key<ArrivingMessage> KEY = Context.key("arriving");

  private final AtomicLong mine = new AtomicLong();
  private volatile @Nullable AtomicLong budget;
  private volatile Runnable overdrawn = () -> {};
  private volatile boolean over;

  /** That of the call which is handled now; none where there is no connection. */
  static Optional<ArrivingMessage> current() {
    return Optional.ofNullable(KEY.get());
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  void count(AtomicLong ofNode, Runnable whenOverdrawn) {
    overdrawn = whenOverdrawn;
    budget = ofNode;
    ofNode.addAndGet(mine.get());
  }

  @Override
  public void inboundWireSize(long bytes) {
    if (over) {
      return;
    }
    mine.addAndGet(bytes);
    AtomicLong shared = budget;
    if (shared != null && shared.addAndGet(bytes) > MessageBudgets.WORKER_BYTES_MAX) {
      over = true;
      taken(); // for the node's other calls, which this one shall not end
      overdrawn.run();
    }
  }

  /** The message is with its service. */
  void taken() {
    long bytes = mine.getAndSet(0);
    AtomicLong shared = budget;
    if (shared != null) {
      shared.addAndGet(-bytes);
    }
  }

  @Override
  public void streamClosed(Status status) {
    taken();
  }
}
