package dev.swarm.manager.members;

import static docker.swarmkit.v1.NodeRole.MANAGER;
import static docker.swarmkit.v1.NodeRole.WORKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.tls.Caller;
import dev.swarm.v1.EnterManagerRequest;
import dev.swarm.v1.EnterManagerResponse;
import dev.swarm.v1.PrepareManagerRequest;
import dev.swarm.v1.PrepareManagerResponse;
import docker.swarmkit.v1.HealthCheckRequest;
import docker.swarmkit.v1.HealthCheckResponse;
import docker.swarmkit.v1.HealthGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a manager comes into the log. */
class ManagersServiceTest {
  private static final String ADDRESS = "10.0.0.2:2377";
  private static final ByteString KEYS = ByteString.copyFromUtf8("data keys");

  private final FakeLog log = new FakeLog();
  private final FakeCluster cluster = new FakeCluster();
  private final List<Peer> dialled = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Server> servers = new ArrayList<>();
  private String answering = "nobody listens here";
  private final ManagersService service =
      new ManagersService(cluster, log, () -> KEYS, this::dial, Runnable::run, log::addPeer);

  ManagersServiceTest() {
    log.leader("self", true);
    log.peers.add(new Peer("self", "10.0.0.1:2377"));
    cluster.put("m", MANAGER, MANAGER);
    cluster.put("coming", WORKER, MANAGER);
    cluster.put("leaving", MANAGER, WORKER);
    cluster.put("w", WORKER, WORKER);
  }

  @AfterEach
  void close() {
    servers.forEach(Server::shutdownNow);
    channels.forEach(channel -> assertTrue(channel.isShutdown()));
  }

  private ManagedChannel dial(Peer peer) {
    dialled.add(peer);
    ManagedChannel channel = InProcessChannelBuilder.forName(answering).build();
    channels.add(channel);
    return channel;
  }

  /** Somebody answers at the address, well or not. */
  private void listen(Status status) throws IOException {
    answering = InProcessServerBuilder.generateName();
    servers.add(
        InProcessServerBuilder.forName(answering)
            .addService(
                new HealthGrpc.HealthImplBase() {
                  @Override
                  public void check(
                      HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
                    if (status.isOk()) {
                      out.onNext(HealthCheckResponse.getDefaultInstance());
                      out.onCompleted();
                    } else {
                      out.onError(status.asRuntimeException());
                    }
                  }
                })
            .build()
            .start());
  }

  private static final class Answer<T> implements StreamObserver<T> {
    final List<T> values = new ArrayList<>();
    final List<Status> ends = new ArrayList<>();

    @Override
    public void onNext(T value) {
      values.add(value);
    }

    @Override
    public void onError(Throwable failure) {
      ends.add(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ends.add(Status.OK);
    }

    T value() {
      assertEquals(List.of(Status.OK), ends);
      assertEquals(1, values.size());
      return values.getFirst();
    }

    String refusal(Code code) {
      assertEquals(List.of(), values);
      assertEquals(1, ends.size());
      assertEquals(code, ends.getFirst().getCode());
      return String.valueOf(ends.getFirst().getDescription());
    }
  }

  private static Caller caller(String id) {
    return new Caller.Node(
        new PeerCertificate(new PeerIdentity("ours", MANAGER, id), "1f"), MANAGER);
  }

  private Answer<EnterManagerResponse> enter(Caller caller, String address) {
    Answer<EnterManagerResponse> answer = new Answer<>();
    var request = EnterManagerRequest.newBuilder().setAddr(address).build();
    Context.current().withValue(Caller.KEY, caller).run(() -> service.enter(request, answer));
    return answer;
  }

  private Answer<PrepareManagerResponse> prepare(Caller caller) {
    Answer<PrepareManagerResponse> answer = new Answer<>();
    Context.current()
        .withValue(Caller.KEY, caller)
        .run(() -> service.prepare(PrepareManagerRequest.getDefaultInstance(), answer));
    return answer;
  }

  @Test
  void theKeysAreForThoseWhoAreToBeManagers() {
    for (String id : List.of("m", "coming")) {
      var answer = prepare(caller(id));
      log.open("propose").complete(null);
      assertEquals(KEYS, answer.value().getDataKeys());
    }
    for (String id : List.of("w", "leaving", "unknown")) {
      assertEquals(
          "node " + id + " is not to be a manager of this swarm",
          prepare(caller(id)).refusal(Code.PERMISSION_DENIED));
    }
    prepare(Caller.Anonymous.INSTANCE).refusal(Code.PERMISSION_DENIED);
  }

  @Test
  void oneThatDoesNotVoteIsToldThatItsOldLogIsVoid() {
    var answer = prepare(caller("coming"));
    assertEquals(List.of(), answer.ends);
    log.open("propose").complete(null);
    assertTrue(answer.value().getOutside());
    log.peers.add(new Peer("coming", ADDRESS));
    assertFalse(prepare(caller("coming")).value().getOutside());
  }

  /** It would delete what a majority may still count on. */
  @Test
  void aLeaderThatCannotCommitTellsNobodyThatItsOldLogIsVoid() {
    var answer = prepare(caller("coming"));
    log.open("propose").completeExceptionally(new IOException("no majority"));
    assertEquals(
        "this manager cannot tell now whether node coming is a voter: no majority",
        answer.refusal(Code.UNAVAILABLE));
  }

  @Test
  void onlyThoseWhoAreToBeManagersEnter() throws IOException {
    listen(Status.OK);
    for (String id : List.of("w", "leaving", "unknown")) {
      assertEquals(
          "node " + id + " is not to be a manager of this swarm",
          enter(caller(id), ADDRESS).refusal(Code.PERMISSION_DENIED));
    }
    enter(Caller.Anonymous.INSTANCE, ADDRESS).refusal(Code.PERMISSION_DENIED);
    assertEquals(List.of(), log.asked);
    assertEquals(List.of(), dialled);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "host:",
        ":2377",
        "host:0",
        "host:00000",
        "host:65536",
        "host:99999",
        "host:123456",
        "host:-1",
        "host:2377 ",
        " host:2377",
        "host:2377\n",
        "ho st:2377",
        "http://host:2377",
        "host/x:2377",
        "user@host:2377",
        "2001:db8::1:2377",
        "[2001:db8::1]",
        "[]:2377",
        "host:２３７７",
        "tcp://host:2377",
        "host:02377",
      })
  void whatIsNoAddressIsRefused(String address) {
    String why = enter(caller("m"), address).refusal(Code.INVALID_ARGUMENT);
    assertTrue(why.startsWith("a manager's address is host:port, and this "), why);
    assertEquals(List.of(), log.asked);
    assertEquals(List.of(), dialled);
  }

  @Test
  void anAddressHasABound() {
    enter(caller("m"), "x".repeat(296) + ":2377").refusal(Code.INVALID_ARGUMENT);
    enter(caller("m"), "x".repeat(1 << 20) + ":2377").refusal(Code.INVALID_ARGUMENT);
    enter(caller("m"), "x".repeat(295) + ":2377").refusal(Code.FAILED_PRECONDITION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ADDRESS,
        "host-1.example_net:1",
        "HOST:65535",
        "[2001:db8::1]:2377",
        "[fe80::1%eth0]:2377"
      })
  void whoAnswersAtItsAddressEnters(String address) throws IOException {
    listen(Status.OK);
    var answer = enter(caller("m"), address);
    assertEquals(List.of(new Peer("m", address)), dialled);
    assertEquals(List.of(), answer.ends);
    log.open("add m at " + address).complete(null);
    answer.value();
  }

  /** It may not know this manager yet, but it is there. */
  @Test
  void aRefusalIsAnAnswerToo() throws IOException {
    listen(Status.PERMISSION_DENIED);
    enter(caller("coming"), ADDRESS);
    log.assertOpen("add coming at " + ADDRESS);
  }

  @Test
  void whoIsNotToBeReachedIsKeptOut() {
    String why = enter(caller("m"), ADDRESS).refusal(Code.FAILED_PRECONDITION);
    assertTrue(
        why.startsWith(
            "could not connect to prospective new cluster member using its advertised address "
                + ADDRESS
                + ": "),
        why);
    assertFalse(why.endsWith(": "), why);
    assertEquals(List.of(), log.asked);
  }

  /** A connection that opens and says nothing of use. */
  @ParameterizedTest
  @ValueSource(strings = {"UNAVAILABLE", "DEADLINE_EXCEEDED"})
  void whoDoesNotAnswerIsKeptOut(Code code) throws IOException {
    listen(code.toStatus().withDescription("starting"));
    String why = enter(caller("m"), ADDRESS).refusal(Code.FAILED_PRECONDITION);
    assertTrue(why.contains("starting"), why);
    assertEquals(List.of(), log.asked);
  }

  /** It asks until it is sure; the log has the last word. */
  @Test
  void aVoterAtItsAddressIsNotDialledAgain() {
    log.peers.add(new Peer("m", ADDRESS));
    var answer = enter(caller("m"), ADDRESS);
    assertEquals(List.of(), dialled);
    log.open("add m at " + ADDRESS).complete(null);
    answer.value();
  }

  @Test
  void aVoterThatMovesIsDialledWhereItIsNow() throws IOException {
    listen(Status.OK);
    log.peers.add(new Peer("m", ADDRESS));
    enter(caller("m"), "10.0.0.9:2377");
    assertEquals(List.of(new Peer("m", "10.0.0.9:2377")), dialled);
    log.assertOpen("add m at 10.0.0.9:2377");
  }

  @Test
  void whatTheLogRefusesIsSaid() throws IOException {
    listen(Status.OK);
    var answer = enter(caller("m"), ADDRESS);
    log.open("add m at " + ADDRESS)
        .completeExceptionally(
            new CompletionException(new IOException("another change is under way")));
    assertEquals(
        "the manager cannot be added yet: another change is under way",
        answer.refusal(Code.UNAVAILABLE));
  }
}
