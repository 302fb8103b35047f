package dev.swarm.manager.members;

import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.tls.Caller;
import dev.swarm.manager.tls.CallerAddress;
import docker.swarmkit.v1.NodeRole;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One manager that is called, "own", and another that may lead, "other"; in memory. */
final class TwoManagers implements AutoCloseable {
  private static final Caller WORKER =
      new Caller.Node(
          new PeerCertificate(new PeerIdentity("ours", NodeRole.WORKER, "w"), "1f"),
          NodeRole.WORKER);

  final FakeLog log = new FakeLog();
  final ManualTime time = new ManualTime();
  volatile boolean leads;
  volatile Metadata passedOn = new Metadata();
  final AtomicInteger dialled = new AtomicInteger();
  final LeaderChannel leader = new LeaderChannel(log, "own", this::dial);
  final LeaderGate gate = new LeaderGate(() -> leads, leader::get, time);
  private final Semaphore arrived = new Semaphore(0);
  private final List<Server> servers = new ArrayList<>();
  final ManagedChannel channel;

  TwoManagers(ServerServiceDefinition own, ServerServiceDefinition other) {
    String otherName = InProcessServerBuilder.generateName();
    log.peers.add(new Peer("own", "nowhere"));
    log.peers.add(new Peer("other", otherName));
    start(otherName, ServerInterceptors.intercept(other, new CallerAddress(), noted()));
    String ownName = InProcessServerBuilder.generateName();
    start(ownName, ServerInterceptors.intercept(own, gate, new CallerAddress(), connected()));
    channel = InProcessChannelBuilder.forName(ownName).build();
  }

  private void start(String name, ServerServiceDefinition service) {
    try {
      servers.add(InProcessServerBuilder.forName(name).addService(service).build().start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ManagedChannel dial(Peer peer) {
    dialled.incrementAndGet();
    return InProcessChannelBuilder.forName(peer.address()).build();
  }

  void otherLeads() {
    log.leader("other", false);
  }

  /** What a real connection would tell: a worker at an address. Counts what the gate has seen. */
  private ServerInterceptor connected() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        ServerCall.Listener<Q> listener =
            Contexts.interceptCall(
                Context.current().withValue(Caller.KEY, WORKER), located(call), headers, next);
        arrived.release();
        return listener;
      }
    };
  }

  private static <Q, R> ServerCall<Q, R> located(ServerCall<Q, R> call) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public Attributes getAttributes() {
        try {
          var address = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
          return super.getAttributes().toBuilder()
              .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress(address, 4567))
              .build();
        } catch (UnknownHostException e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  private ServerInterceptor noted() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        passedOn = headers;
        return next.startCall(call, headers);
      }
    };
  }

  /** Returns when so many more calls have come to this manager's gate and past it, or are held. */
  void arrived(int calls) {
    try {
      if (!arrived.tryAcquire(calls, 30, TimeUnit.SECONDS)) {
        throw new AssertionError("the call has not come");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Heard call(MethodDescriptor<String, String> method, String word) {
    Heard heard = new Heard();
    var call = channel.newCall(method, CallOptions.DEFAULT);
    if (method.getType() == MethodDescriptor.MethodType.UNARY) {
      ClientCalls.asyncUnaryCall(call, word, heard);
    } else {
      ClientCalls.asyncServerStreamingCall(call, word, heard);
    }
    return heard;
  }

  Heard say(String word, Metadata headers, CallOptions options) {
    Heard heard = new Heard();
    var call =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers))
            .newCall(Words.SAY, options);
    ClientCalls.asyncUnaryCall(call, word, heard);
    return heard;
  }

  StreamObserver<String> stream(MethodDescriptor<String, String> method, Heard heard) {
    var call = channel.newCall(method, CallOptions.DEFAULT);
    return method.getType() == MethodDescriptor.MethodType.CLIENT_STREAMING
        ? ClientCalls.asyncClientStreamingCall(call, heard)
        : ClientCalls.asyncBidiStreamingCall(call, heard);
  }

  @Override
  public void close() {
    gate.close();
    leader.close();
    channel.shutdownNow();
    servers.forEach(Server::shutdownNow);
  }
}
