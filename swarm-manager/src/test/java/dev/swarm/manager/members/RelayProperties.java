package dev.swarm.manager.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** What is passed on arrives whole and in order, and no faster than it is taken. */
class RelayProperties {

  /** One end of a call: sends so many words while it may, and takes what comes bit by bit. */
  private abstract static class End {
    private final int toSend;
    private final Random random;
    private int sent;
    private boolean ended;
    private int allowed;
    final List<String> heard = new ArrayList<>();

    End(int toSend, long seed) {
      this.toSend = toSend;
      random = new Random(seed);
    }

    abstract boolean isReady();

    abstract void send(String word);

    abstract void end();

    abstract void allow(int count);

    /** On the call's own executor, like all that follows. */
    void sendWhileReady() {
      while (!ended && sent < toSend && isReady()) {
        send("word " + sent);
        sent++;
      }
      if (!ended && sent == toSend) {
        ended = true;
        end();
      }
    }

    void allowSome() {
      int count = 1 + random.nextInt(7);
      allowed += count;
      allow(count);
    }

    void hear(String word) {
      heard.add(word);
      allowed--;
      if (allowed == 0) {
        allowSome();
      }
    }

    int sent() {
      return sent;
    }
  }

  private static final class Caller extends End {
    private final ClientCall<String, String> call;
    final CompletableFuture<Status> closed = new CompletableFuture<>();

    Caller(ClientCall<String, String> call, int toSend, long seed) {
      super(toSend, seed);
      this.call = call;
    }

    void start() {
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(String word) {
              hear(word);
            }

            @Override
            public void onReady() {
              sendWhileReady();
            }

            @Override
            public void onClose(Status status, @Nullable Metadata trailers) {
              closed.complete(status);
            }
          },
          new Metadata());
    }

    @Override
    boolean isReady() {
      return call.isReady();
    }

    @Override
    void send(String word) {
      call.sendMessage(word);
    }

    @Override
    void end() {
      call.halfClose();
    }

    @Override
    void allow(int count) {
      call.request(count);
    }
  }

  /** Ends the call once it has both heard and said everything. */
  private static final class Leader extends End {
    private final ServerCall<String, String> call;
    private boolean said;
    private boolean heardAll;

    Leader(ServerCall<String, String> call, int toSend, long seed) {
      super(toSend, seed);
      this.call = call;
    }

    ServerCall.Listener<String> listener() {
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(String word) {
          hear(word);
        }

        @Override
        public void onReady() {
          sendWhileReady();
        }

        @Override
        public void onHalfClose() {
          heardAll = true;
          closeWhenDone();
        }
      };
    }

    private void closeWhenDone() {
      if (said && heardAll) {
        call.close(Status.OK.withDescription("well"), new Metadata());
      }
    }

    @Override
    boolean isReady() {
      return call.isReady();
    }

    @Override
    void send(String word) {
      call.sendMessage(word);
    }

    @Override
    void end() {
      said = true;
      closeWhenDone();
    }

    @Override
    void allow(int count) {
      call.request(count);
    }
  }

  private static ServerServiceDefinition talk(ServerCallHandler<String, String> handler) {
    return ServerServiceDefinition.builder("test.Words").addMethod(Words.TALK, handler).build();
  }

  private static ServerServiceDefinition leading(Consumer<Leader> began, int toSend, long seed) {
    return talk(
        (call, headers) -> {
          Leader leader = new Leader(call, toSend, seed);
          began.accept(leader);
          call.sendHeaders(new Metadata());
          leader.allowSome();
          leader.sendWhileReady();
          return leader.listener();
        });
  }

  private static List<String> words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "word " + i).toList();
  }

  @Property(tries = 100)
  void nothingIsLostOrReordered(
      @ForAll @IntRange(max = 2000) int there,
      @ForAll @IntRange(max = 2000) int back,
      @ForAll long seed) {
    CompletableFuture<Leader> began = new CompletableFuture<>();
    var uncalled = talk((call, headers) -> new ServerCall.Listener<>() {});
    try (var managers = new TwoManagers(uncalled, leading(began::complete, back, seed))) {
      managers.otherLeads();
      Caller caller =
          new Caller(managers.channel.newCall(Words.TALK, CallOptions.DEFAULT), there, ~seed);
      caller.start();
      caller.allowSome();
      Status status = Heard.await(caller.closed);
      assertEquals(Status.Code.OK, status.getCode(), status::toString);
      assertEquals("well", status.getDescription());
      assertEquals(words(there), Heard.await(began).heard);
      assertEquals(words(back), caller.heard);
    }
  }

  /** Over sockets, with more on its way than the windows of HTTP/2 hold. */
  @Property(tries = 2)
  void nothingIsLostOverConnections(@ForAll long seed) throws IOException {
    int count = 20_000;
    CompletableFuture<Leader> began = new CompletableFuture<>();
    Server leader = listening(leading(began::complete, count, seed));
    ManagedChannel toLeader = connected(leader);
    Server own = listening(talk((call, headers) -> Relay.start(call, headers, toLeader)));
    ManagedChannel channel = connected(own);
    try {
      Caller caller = new Caller(channel.newCall(Words.TALK, CallOptions.DEFAULT), count, ~seed);
      caller.start();
      caller.allowSome();
      Status status = Heard.await(caller.closed);
      assertEquals(Status.Code.OK, status.getCode(), status::toString);
      assertEquals("well", status.getDescription());
      assertEquals(words(count), Heard.await(began).heard);
      assertEquals(words(count), caller.heard);
    } finally {
      channel.shutdownNow();
      toLeader.shutdownNow();
      own.shutdownNow();
      leader.shutdownNow();
    }
  }

  private static Server listening(ServerServiceDefinition service) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(service)
        .build()
        .start();
  }

  private static ManagedChannel connected(Server server) {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
        .usePlaintext()
        .build();
  }

  /** Deterministic: everything that can happen happens before {@code start} returns. */
  @Property(tries = 50)
  void whoSendsWaitsForWhoTakes(@ForAll @IntRange(max = 40) int taken) throws IOException {
    List<ServerCall<String, String>> there = new ArrayList<>();
    List<Integer> arrived = new ArrayList<>();
    String leaderName = InProcessServerBuilder.generateName();
    Server leader =
        InProcessServerBuilder.forName(leaderName)
            .directExecutor()
            .addService(
                talk(
                    (call, headers) -> {
                      there.add(call);
                      return new ServerCall.Listener<>() {
                        @Override
                        public void onMessage(String word) {
                          arrived.add(arrived.size());
                        }
                      };
                    }))
            .build()
            .start();
    ManagedChannel toLeader = InProcessChannelBuilder.forName(leaderName).directExecutor().build();
    String ownName = InProcessServerBuilder.generateName();
    Server own =
        InProcessServerBuilder.forName(ownName)
            .directExecutor()
            .addService(talk((call, headers) -> Relay.start(call, headers, toLeader)))
            .build()
            .start();
    ManagedChannel channel = InProcessChannelBuilder.forName(ownName).directExecutor().build();
    try {
      Caller caller = new Caller(channel.newCall(Words.TALK, CallOptions.DEFAULT), 1000, 0);
      caller.start();
      assertTrue(caller.sent() <= 2, () -> "sent before any was wanted: " + caller.sent());
      for (int i = 1; i <= taken; i++) {
        there.getFirst().request(1);
        assertEquals(i, arrived.size());
        int bound = i + 2;
        assertTrue(caller.sent() <= bound, () -> caller.sent() + " of " + bound);
      }
    } finally {
      channel.shutdownNow();
      toLeader.shutdownNow();
      own.shutdownNow();
      leader.shutdownNow();
    }
  }

  /** The other way round, and the leader's refusal overtakes nothing. */
  @Property(tries = 50)
  void whatTheLeaderSaidBeforeItRefusedIsHeard(
      @ForAll @IntRange(max = 500) int said, @ForAll long seed) {
    ExecutorService elsewhere = Executors.newSingleThreadExecutor();
    var refusing =
        talk(
            (call, headers) -> {
              elsewhere.execute(
                  () -> {
                    call.sendHeaders(new Metadata());
                    words(said).forEach(call::sendMessage);
                    call.close(Status.ABORTED.withDescription("enough"), new Metadata());
                  });
              return new ServerCall.Listener<>() {};
            });
    var uncalled = talk((call, headers) -> new ServerCall.Listener<>() {});
    try (var managers = new TwoManagers(uncalled, refusing)) {
      managers.otherLeads();
      Caller caller =
          new Caller(managers.channel.newCall(Words.TALK, CallOptions.DEFAULT), 0, seed);
      caller.start();
      caller.allowSome();
      Status status = Heard.await(caller.closed);
      assertEquals(Status.Code.ABORTED, status.getCode());
      assertEquals("enough", status.getDescription());
      assertEquals(words(said), caller.heard);
    } finally {
      elsewhere.shutdownNow();
    }
  }
}
