package dev.swarm.manager.members;

import dev.swarm.core.port.Cancellable;
import io.grpc.Context;
import io.grpc.ServerCall;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A call that waits until there is a leader to pass it on to. Nothing of it is read before: a
 * caller's messages stay where they are.
 */
final class PendingCall<Q, R> {
  private final ServerCall<Q, R> call;
  private final Supplier<Optional<ServerCall.Listener<Q>>> begin;
  private final Consumer<PendingCall<Q, R>> over;
  private final Context context = Context.current();
  private Optional<ServerCall.Listener<Q>> begun = Optional.empty(); // under this
  private Cancellable patience = () -> {}; // under this
  private boolean done; // under this
  private boolean ready; // under this
  private boolean halfClosed; // under this

  /**
   * @param begin starts the call where there is a leader now; runs in the caller's context
   * @param over told once, when this call is held no longer
   */
  PendingCall(
      ServerCall<Q, R> call,
      Supplier<Optional<ServerCall.Listener<Q>>> begin,
      Consumer<PendingCall<Q, R>> over) {
    this.call = call;
    this.begin = begin;
    this.over = over;
  }

  ServerCall.Listener<Q> listener() {
    return new Events();
  }

  void tryToBegin() {
    synchronized (this) {
      if (done) {
        return;
      }
      context.run(() -> begun = begin.get());
      if (begun.isEmpty()) {
        return;
      }
      begun.ifPresent(listener -> context.run(() -> catchUp(listener)));
      done = true;
    }
    over();
  }

  /** Cancels {@code end} when this call is held no longer. */
  void endsWith(Cancellable end) {
    boolean late;
    synchronized (this) {
      late = done;
      patience = end;
    }
    if (late) {
      end.cancel();
    }
  }

  private void over() {
    Cancellable end;
    synchronized (this) {
      end = patience;
    }
    end.cancel();
    over.accept(this);
  }

  /** Tells what needs no message to have been read, and so has happened by now. */
  private void catchUp(ServerCall.Listener<Q> listener) {
    if (ready) {
      listener.onReady();
    }
    if (halfClosed) {
      listener.onHalfClose();
    }
  }

  void refuse() {
    synchronized (this) {
      if (done) {
        return;
      }
      done = true;
      begun = Optional.of(LeaderGate.refuse(call));
    }
    over();
  }

  private synchronized Optional<ServerCall.Listener<Q>> begun() {
    return begun;
  }

  private final class Events extends ServerCall.Listener<Q> {
    @Override
    public void onMessage(Q message) {
      begun().ifPresent(listener -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      Optional<ServerCall.Listener<Q>> listener;
      synchronized (PendingCall.this) {
        halfClosed = true;
        listener = begun;
      }
      listener.ifPresent(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onCancel() {
      Optional<ServerCall.Listener<Q>> listener;
      synchronized (PendingCall.this) {
        done = true;
        listener = begun;
      }
      over();
      listener.ifPresent(ServerCall.Listener::onCancel);
    }

    @Override
    public void onComplete() {
      begun().ifPresent(ServerCall.Listener::onComplete);
    }

    @Override
    public void onReady() {
      Optional<ServerCall.Listener<Q>> listener;
      synchronized (PendingCall.this) {
        ready = true;
        listener = begun;
      }
      listener.ifPresent(ServerCall.Listener::onReady);
    }
  }
}
