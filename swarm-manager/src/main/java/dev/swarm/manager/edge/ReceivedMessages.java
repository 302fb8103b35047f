package dev.swarm.manager.edge;

import com.google.protobuf.Message;
import dev.swarm.core.wire.Bounds;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards parsing and handling of received messages. One that cannot be parsed is answered with
 * INVALID_ARGUMENT, which costs its sender's call and a line of log; one that exceeds the bounds
 * likewise, without the line; a fault in handling one is answered with INTERNAL and logged as ours.
 * gRPC alone would take all of them for the same, and print its own stack.
 */
public final class ReceivedMessages {
  private static final Logger LOG = LoggerFactory.getLogger(ReceivedMessages.class);

  private final RemoteLog log;
  private final MessageBudgets budgets;
  private final LineBudget faults =
      LineBudget.real(
          (method, more) -> LOG.error("… and {} more faults in {} within a minute", more, method));

  ReceivedMessages(RemoteLog log, MessageBudgets budgets) {
    this.log = log;
    this.budgets = budgets;
  }

  /** In place of a message that is none. */
  private record Malformed(String why) {}

  /**
   * The same service, with its messages guarded.
   *
   * @param bounds of its messages; none where only what bounds a whole message does
   */
  public ServerServiceDefinition guard(ServerServiceDefinition service, Optional<Bounds> bounds) {
    ServiceDescriptor.Builder described =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    var methods = service.getMethods().stream().map(method -> guard(method, bounds)).toList();
    methods.forEach(method -> described.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder guarded = ServerServiceDefinition.builder(described.build());
    methods.forEach(guarded::addMethod);
    return guarded.build();
  }

  private <Q, R> ServerMethodDefinition<Object, R> guard(
      ServerMethodDefinition<Q, R> method, Optional<Bounds> bounds) {
    MethodDescriptor<Q, R> original = method.getMethodDescriptor();
    MethodDescriptor<Object, R> lenient =
        original.toBuilder(new Lenient<>(original), original.getResponseMarshaller()).build();
    return ServerMethodDefinition.create(
        lenient,
        (call, headers) ->
            start(new Cuttable<>(call, original), headers, method.getServerCallHandler(), bounds));
  }

  private <Q, R> ServerCall.Listener<Object> start(
      Cuttable<Q, R> call,
      Metadata headers,
      ServerCallHandler<Q, R> handler,
      Optional<Bounds> bounds) {
    Optional<ArrivingMessage> arriving = ArrivingMessage.current();
    arriving.ifPresent(one -> budgets.count(one, call.getAttributes(), () -> overdrawn(call)));
    try {
      return new Guarded<>(call, handler.startCall(call, headers), bounds, arriving);
    } catch (RuntimeException e) {
      fault(call, e);
      return new ServerCall.Listener<>() {};
    }
  }

  private void overdrawn(Cuttable<?, ?> call) {
    log.note(address(call), "sends more messages at once than one node may");
    call.cut(
        Status.RESOURCE_EXHAUSTED.withDescription(
            "too many messages of this node are under way; finish one before the next"));
  }

  private void fault(Cuttable<?, ?> call, RuntimeException fault) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (faults.admits(method)) {
      LOG.error("a fault while a call of {} from {} was handled", method, address(call), fault);
    }
    call.cut(
        Status.INTERNAL.withDescription("this manager failed to handle the call: see its log"));
  }

  private static String address(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress at
            && at.getAddress() != null
        ? at.getAddress().getHostAddress()
        : "this machine";
  }

  private record Lenient<Q>(MethodDescriptor<Q, ?> original)
      implements MethodDescriptor.Marshaller<Object> {
    @Override
    public InputStream stream(Object message) {
      throw new UnsupportedOperationException("a server sends no requests");
    }

    @Override
    public Object parse(InputStream bytes) {
      try {
        return original.parseRequest(bytes);
      } catch (StatusRuntimeException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new Malformed(String.valueOf(cause.getMessage()));
      }
    }
  }

  /** A call that can be ended from here while its service, on other threads, still answers it. */
  private static final class Cuttable<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final MethodDescriptor<Q, R> method;
    private boolean cut;

    @SuppressWarnings("unchecked") // what it is asked for is answered by the method below
    Cuttable(ServerCall<Object, R> wire, MethodDescriptor<Q, R> method) {
      super((ServerCall<Q, R>) wire);
      this.method = method;
    }

    synchronized void cut(Status status) {
      if (!cut) {
        cut = true;
        super.close(status, new Metadata());
      }
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
      return method;
    }

    @Override
    public synchronized boolean isCancelled() {
      return cut || super.isCancelled();
    }

    @Override
    public synchronized boolean isReady() {
      return !cut && super.isReady();
    }

    @Override
    public synchronized void request(int messages) {
      if (!cut) {
        super.request(messages);
      }
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!cut) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(R message) {
      if (!cut) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!cut) {
        super.close(status, trailers);
      }
    }
  }

  /** Hands on what is well formed and within bounds. */
  private final class Guarded<Q, R> extends ServerCall.Listener<Object> {
    private final Cuttable<Q, R> call;
    private final ServerCall.Listener<Q> service;
    private final Optional<Bounds> bounds;
    private final Optional<ArrivingMessage> arriving;
    private boolean over;

    Guarded(
        Cuttable<Q, R> call,
        ServerCall.Listener<Q> service,
        Optional<Bounds> bounds,
        Optional<ArrivingMessage> arriving) {
      this.call = call;
      this.service = service;
      this.bounds = bounds;
      this.arriving = arriving;
    }

    @Override
    public void onMessage(Object message) {
      arriving.ifPresent(ArrivingMessage::taken);
      if (message instanceof Malformed(String why)) {
        malformed(why);
      } else {
        attempt(() -> take(message));
      }
    }

    @SuppressWarnings("unchecked") // the marshaller makes nothing else
    private void take(Object message) {
      Optional<String> problem =
          message instanceof Message known
              ? bounds.flatMap(within -> within.problem(known))
              : Optional.empty();
      if (problem.isPresent()) {
        end(Status.INVALID_ARGUMENT.withDescription(problem.get()));
      } else {
        service.onMessage((Q) message);
      }
    }

    private void malformed(String why) {
      if (over) {
        return;
      }
      String method = call.getMethodDescriptor().getFullMethodName();
      log.note(address(call), "sent a malformed message to " + method + ": " + why);
      end(Status.INVALID_ARGUMENT.withDescription("malformed message: " + why));
    }

    private void end(Status status) {
      call.cut(status);
      over = true;
      service.onCancel();
    }

    private void attempt(Runnable handling) {
      if (over) {
        return;
      }
      try {
        handling.run();
      } catch (RuntimeException e) {
        fault(call, e);
        over = true;
        service.onCancel();
      }
    }

    @Override
    public void onHalfClose() {
      attempt(service::onHalfClose);
    }

    @Override
    public void onReady() {
      attempt(service::onReady);
    }

    @Override
    public void onCancel() {
      attempt(service::onCancel);
    }

    @Override
    public void onComplete() {
      attempt(service::onComplete);
    }
  }
}
