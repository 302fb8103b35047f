package dev.swarm.manager;

import com.google.protobuf.Message;
import docker.swarmkit.v1.CAGrpc;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.HealthGrpc;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.ResourceAllocatorGrpc;
import docker.swarmkit.v1.WatchGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Calls a manager as a program may that is not one of ours: any bytes, to any method. */
final class Calls {
  private static final int ANSWER_SECONDS_MAX = 60;

  /** How a log stream ends of which a part is missing, on stock managers too. */
  private static final String INCOMPLETE = "warning: incomplete log stream";

  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          ControlGrpc.getServiceDescriptor(),
          DispatcherGrpc.getServiceDescriptor(),
          CAGrpc.getServiceDescriptor(),
          NodeCAGrpc.getServiceDescriptor(),
          LogBrokerGrpc.getServiceDescriptor(),
          LogsGrpc.getServiceDescriptor(),
          ResourceAllocatorGrpc.getServiceDescriptor(),
          WatchGrpc.getServiceDescriptor(),
          HealthGrpc.getServiceDescriptor());

  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] bytes) {
          return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private Calls() {}

  /**
   * What a call came to.
   *
   * @param message the first one that was answered
   */
  record Answer(Status status, Optional<byte[]> message) {
    boolean isOurMistake() {
      return switch (status.getCode()) {
        case UNKNOWN -> !String.valueOf(status.getDescription()).startsWith(INCOMPLETE);
        case INTERNAL, DATA_LOSS -> true;
        default -> false;
      };
    }
  }

  /** Every method of every service. */
  static Stream<MethodDescriptor<?, ?>> methods() {
    return SERVICES.stream().flatMap(service -> service.getMethods().stream());
  }

  static Message prototype(MethodDescriptor<?, ?> method) {
    if (method.getRequestMarshaller() instanceof PrototypeMarshaller<?> marshaller
        && marshaller.getMessagePrototype() instanceof Message message) {
      return message;
    }
    throw new IllegalStateException("no message: " + method);
  }

  /**
   * Sends the messages, and waits for the first answer or the end; a stream that is silent is ended
   * after {@code meanwhile}.
   */
  static Answer call(
      Channel channel, MethodDescriptor<?, ?> method, List<byte[]> messages, Runnable meanwhile) {
    MethodDescriptor<byte[], byte[]> raw = method.toBuilder(BYTES, BYTES).build();
    ClientCall<byte[], byte[]> call =
        channel.newCall(
            raw, CallOptions.DEFAULT.withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS));
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    call.start(new Heard(answer), new Metadata());
    call.request(1);
    messages.forEach(call::sendMessage);
    call.halfClose();
    if (method.getType() == MethodType.SERVER_STREAMING) {
      meanwhile.run();
      call.cancel("enough", null);
    }
    return answer.join();
  }

  /** Begins a call, and goes before it has said all. */
  static void half(Channel channel, MethodDescriptor<?, ?> method, List<byte[]> messages) {
    ClientCall<byte[], byte[]> call =
        channel.newCall(method.toBuilder(BYTES, BYTES).build(), CallOptions.DEFAULT);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    call.start(new Heard(answer), new Metadata());
    messages.forEach(call::sendMessage);
    call.cancel("gone", null);
    var _ = answer.join();
  }

  private static final class Heard extends ClientCall.Listener<byte[]> {
    private final CompletableFuture<Answer> answer;
    private volatile Optional<byte[]> first = Optional.empty();

    Heard(CompletableFuture<Answer> answer) {
      this.answer = answer;
    }

    @Override
    public void onMessage(byte[] message) {
      first = Optional.of(message);
    }

    @Override
    public void onClose(Status status, @Nullable Metadata trailers) {
      answer.complete(new Answer(status, first));
    }
  }
}
