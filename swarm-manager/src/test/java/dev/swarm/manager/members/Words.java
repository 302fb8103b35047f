package dev.swarm.manager.members;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.swarm.manager.tls.CallerAddress;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that has a method of each kind and says which manager gave it. */
final class Words {
  static final Metadata.Key<String> TRAILER =
      Metadata.Key.of("why", Metadata.ASCII_STRING_MARSHALLER);

  /** Answered with what was asked. */
  static final MethodDescriptor<String, String> SAY = method(MethodType.UNARY, "Say");

  /** Asked for a number, sends as many words. */
  static final MethodDescriptor<String, String> COUNT =
      method(MethodType.SERVER_STREAMING, "Count");

  /** Answered with everything that was sent. */
  static final MethodDescriptor<String, String> COLLECT =
      method(MethodType.CLIENT_STREAMING, "Collect");

  /** Word by word. */
  static final MethodDescriptor<String, String> TALK = method(MethodType.BIDI_STREAMING, "Talk");

  private final String manager;
  final AtomicInteger calls = new AtomicInteger();
  final CompletableFuture<Void> hanging = new CompletableFuture<>();
  final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  volatile String address = "";
  volatile boolean hasDeadline;

  Words(String manager) {
    this.manager = manager;
  }

  private static MethodDescriptor<String, String> method(MethodType type, String name) {
    return MethodDescriptor.newBuilder(new Text(), new Text())
        .setType(type)
        .setFullMethodName("test.Words/" + name)
        .build();
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("test.Words")
        .addMethod(SAY, ServerCalls.asyncUnaryCall(this::say))
        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(this::count))
        .addMethod(COLLECT, ServerCalls.asyncClientStreamingCall(this::collect))
        .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(this::talk))
        .build();
  }

  private void began(StreamObserver<String> answer) {
    calls.incrementAndGet();
    address = CallerAddress.current();
    hasDeadline = Context.current().getDeadline() != null;
    ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(() -> cancelled.complete(null));
  }

  private void say(String word, StreamObserver<String> answer) {
    began(answer);
    switch (word) {
      case "hang" -> hanging.complete(null);
      case "fail" -> answer.onError(failure());
      default -> {
        answer.onNext(manager + ": " + word);
        answer.onCompleted();
      }
    }
  }

  private static RuntimeException failure() {
    Metadata trailers = new Metadata();
    trailers.put(TRAILER, "because");
    return Status.ALREADY_EXISTS.withDescription("that is taken").asRuntimeException(trailers);
  }

  private void count(String number, StreamObserver<String> answer) {
    began(answer);
    boolean hangs = number.startsWith("-");
    for (int i = 0; i < Math.abs(Integer.parseInt(number)); i++) {
      answer.onNext(manager + ": " + i);
    }
    if (hangs) {
      hanging.complete(null);
    } else {
      answer.onCompleted();
    }
  }

  private StreamObserver<String> collect(StreamObserver<String> answer) {
    began(answer);
    List<String> words = new ArrayList<>();
    return new StreamObserver<>() {
      @Override
      public void onNext(String word) {
        words.add(word);
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        answer.onNext(manager + ": " + String.join(" ", words));
        answer.onCompleted();
      }
    };
  }

  private StreamObserver<String> talk(StreamObserver<String> answer) {
    began(answer);
    return new StreamObserver<>() {
      @Override
      public void onNext(String word) {
        if (word.equals("fail")) {
          answer.onError(failure());
        } else {
          answer.onNext(manager + ": " + word);
        }
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }
}
