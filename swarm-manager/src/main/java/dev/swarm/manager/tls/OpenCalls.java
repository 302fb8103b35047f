package dev.swarm.manager.tls;

import dev.swarm.core.model.IssuedCertificates;
import dev.swarm.core.model.Node;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.CommitListener;
import docker.swarmkit.v1.NodeRole;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Judges every call from the port where it is served, by the cluster's record, and every stream
 * again whenever the record of a node behind it has changed: one that has no right to go on ends
 * with the reason. Calls within this JVM are this manager's own and are not judged.
 */
public final class OpenCalls implements ServerInterceptor, CommitListener {
  private final Authority authority;
  private final Executor executor;
  private final Map<String, Set<Stretch<?, ?>>> streams = new ConcurrentHashMap<>();

  /**
   * @param executor ends streams, off the log's thread
   */
  public OpenCalls(Authority authority, Executor executor) {
    this.authority = authority;
    this.executor = executor;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    CallerCredentials presented = CallerCredentials.KEY.get();
    if (presented == null) {
      return next.startCall(call, headers);
    }
    String method = call.getMethodDescriptor().getFullMethodName();
    return switch (authority.decide(method, presented)) {
      case Authority.Verdict.Granted(Caller caller) -> {
        Context context = Context.current().withValue(Caller.KEY, caller);
        yield call.getMethodDescriptor().getType() == MethodType.UNARY
            ? Contexts.interceptCall(context, call, headers, next)
            : begin(new Stretch<>(call, presented), context, headers, next);
      }
      case Authority.Verdict.Denied denied -> Refusals.close(call, denied);
      case Authority.Verdict.AskAnother other -> Refusals.close(call, other);
    };
  }

  /** How many streams rest on the rights of {@code node}. */
  public int of(String node) {
    return streams.getOrDefault(node, Set.of()).size();
  }

  private <Q, R> ServerCall.Listener<Q> begin(
      Stretch<Q, R> stretch, Context context, Metadata headers, ServerCallHandler<Q, R> next) {
    ServerCall.Listener<Q> listener =
        stretch.listener(Contexts.interceptCall(context, stretch, headers, next));
    // Not before: of a stream whose service fails to begin nobody hears the end.
    stretch.nodes().forEach(node -> note(node, stretch));
    // What was committed between the verdict and now has not found this stream here.
    judge(stretch);
    return listener;
  }

  private void note(String node, Stretch<?, ?> stretch) {
    streams.compute(
        node,
        (id, some) -> {
          Set<Stretch<?, ?>> all = some == null ? ConcurrentHashMap.newKeySet() : some;
          all.add(stretch);
          return all;
        });
  }

  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    if (streams.isEmpty()) {
      return;
    }
    for (Delta delta : deltas) {
      for (Changed<Node> changed : delta.nodes()) {
        Set<Stretch<?, ?>> affected = streams.get(changed.latest().id().value());
        if (affected != null && rightsMayDiffer(changed)) {
          executor.execute(() -> affected.forEach(this::judge));
        }
      }
    }
  }

  private static boolean rightsMayDiffer(Changed<Node> changed) {
    if (changed.before().isEmpty() || changed.after().isEmpty()) {
      return true;
    }
    NodeRole before = changed.before().get().role();
    IssuedCertificates issued = changed.before().get().issued();
    return before != changed.after().get().role() || !issued.equals(changed.after().get().issued());
  }

  @Override
  public void restored(Snapshot snapshot) {
    streams.values().forEach(some -> executor.execute(() -> some.forEach(this::judge)));
  }

  private void judge(Stretch<?, ?> stretch) {
    switch (authority.decide(stretch.method(), stretch.presented)) {
      case Authority.Verdict.Granted _ -> {
        // It goes on, as what it began as: no stream offers more to a manager than to a worker.
      }
      case Authority.Verdict.Denied denied -> stretch.end(Refusals.status(denied));
      case Authority.Verdict.AskAnother other -> stretch.end(Refusals.status(other));
    }
  }

  private void over(Stretch<?, ?> stretch) {
    stretch
        .nodes()
        .forEach(
            node ->
                streams.computeIfPresent(
                    node,
                    (id, some) -> {
                      some.remove(stretch);
                      return some.isEmpty() ? null : some;
                    }));
  }

  /** A stream that can be ended from outside, beside the service that knows nothing of it. */
  private final class Stretch<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final CallerCredentials presented;
    private boolean closed; // under this
    private boolean cutOff; // under this

    Stretch(ServerCall<Q, R> call, CallerCredentials presented) {
      super(call);
      this.presented = presented;
    }

    String method() {
      return getMethodDescriptor().getFullMethodName();
    }

    /** On whose rights it rests. */
    List<String> nodes() {
      Stream<Optional<PeerCertificate>> certificates =
          switch (presented) {
            case CallerCredentials.Directly(var peer) -> Stream.of(peer);
            case CallerCredentials.Forwarded(var forwarder, var origin) ->
                Stream.of(forwarder, origin);
          };
      return certificates
          .flatMap(Optional::stream)
          .map(certificate -> certificate.holder().nodeId())
          .distinct()
          .toList();
    }

    ServerCall.Listener<Q> listener(ServerCall.Listener<Q> service) {
      return new SimpleForwardingServerCallListener<>(service) {
        @Override
        public void onCancel() {
          over(Stretch.this);
          super.onCancel();
        }

        @Override
        public void onComplete() {
          over(Stretch.this);
          if (isCutOff()) {
            // The service did not end it, and has to learn that there is nobody to serve any more.
            super.onCancel();
          } else {
            super.onComplete();
          }
        }
      };
    }

    void end(Status why) {
      synchronized (this) {
        if (!closed) {
          closed = true;
          cutOff = true;
          super.close(why, new Metadata());
        }
      }
    }

    private synchronized boolean isCutOff() {
      return cutOff;
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!cutOff) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(R message) {
      if (!cutOff) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }

    @Override
    public boolean isReady() {
      return !isCutOff() && super.isReady();
    }

    @Override
    public boolean isCancelled() {
      return isCutOff() || super.isCancelled();
    }
  }
}
