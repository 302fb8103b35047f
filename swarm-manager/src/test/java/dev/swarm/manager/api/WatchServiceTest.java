package dev.swarm.manager.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Secret;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.SelectBy;
import docker.swarmkit.v1.Version;
import docker.swarmkit.v1.WatchActionKind;
import docker.swarmkit.v1.WatchGrpc;
import docker.swarmkit.v1.WatchMessage;
import docker.swarmkit.v1.WatchRequest;
import docker.swarmkit.v1.WatchRequest.WatchEntry;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchServiceTest {
  private static final int ALL = 7;

  private final WatchService service = new WatchService(Runnable::run);
  private final ManagedChannel channel =
      InProcessChannelBuilder.forName("watch-" + hashCode()).directExecutor().build();
  private Server server;
  private Snapshot snapshot = Snapshot.EMPTY;

  @BeforeEach
  void start() throws IOException {
    server =
        InProcessServerBuilder.forName("watch-" + hashCode())
            .directExecutor()
            .addService(service)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  /** A client that takes as many messages as it says. */
  private static final class Client implements ClientResponseObserver<WatchRequest, WatchMessage> {
    final List<WatchMessage> messages = new ArrayList<>();
    Optional<Status> end = Optional.empty();
    private final boolean eager;
    private Optional<ClientCallStreamObserver<WatchRequest>> call = Optional.empty();

    Client(boolean eager) {
      this.eager = eager;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> started) {
      call = Optional.of(started);
      if (!eager) {
        started.disableAutoRequestWithInitial(1);
      }
    }

    void take(int count) {
      call.orElseThrow().request(count);
    }

    void leave() {
      call.orElseThrow().cancel("enough", null);
    }

    List<WatchMessage.Event> events() {
      return messages.stream().flatMap(m -> m.getEventsList().stream()).toList();
    }

    @Override
    public void onNext(WatchMessage message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      end = Optional.of(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end = Optional.of(Status.OK);
    }
  }

  private Client watch(WatchRequest.Builder request) {
    Client client = new Client(true);
    WatchGrpc.newStub(channel).watch(request.build(), client);
    return client;
  }

  private static WatchRequest.Builder of(String kind, int actions, SelectBy... filters) {
    return WatchRequest.newBuilder()
        .addEntries(
            WatchEntry.newBuilder()
                .setKind(kind)
                .setActionValue(actions)
                .addAllFilters(List.of(filters)));
  }

  private void commit(Change... changes) {
    Snapshot.Step step = snapshot.apply(snapshot.index() + 1, Instant.EPOCH, List.of(changes));
    snapshot = step.snapshot();
    service.committed(snapshot, List.of(step.delta()));
  }

  private static Change put(String id, String name, String data) {
    docker.swarmkit.v1.Config.Builder config = docker.swarmkit.v1.Config.newBuilder();
    config
        .getSpecBuilder()
        .setData(ByteString.copyFromUtf8(data))
        .getAnnotationsBuilder()
        .setName(name);
    return new Change.PutConfig(new Config(id, Meta.NONE, config.build()));
  }

  @Test
  void itBeginsWithAnEmptyMessage() {
    Client client = watch(of("config", ALL));
    assertEquals(List.of(WatchMessage.getDefaultInstance()), client.messages);
  }

  @Test
  void changesComeInOrderWithTheirVersion() {
    Client client = watch(of("config", ALL).setIncludeOldObject(true));
    commit(put("c1", "one", "a"), put("c2", "two", "a"));
    commit(put("c1", "one", "b"));
    commit(new Change.RemoveConfig("c2"));
    assertEquals(
        List.of(
            "WATCH_ACTION_CREATE c1",
            "WATCH_ACTION_CREATE c2",
            "WATCH_ACTION_UPDATE c1",
            "WATCH_ACTION_REMOVE c2"),
        client.events().stream()
            .map(event -> event.getAction() + " " + event.getObject().getConfig().getId())
            .toList());
    assertEquals(
        List.of(0L, 1L, 2L, 3L),
        client.messages.stream().map(m -> m.getVersion().getIndex()).toList());
    WatchMessage.Event update = client.events().get(2);
    assertEquals("a", update.getOldObject().getConfig().getSpec().getData().toStringUtf8());
    assertEquals("b", update.getObject().getConfig().getSpec().getData().toStringUtf8());
  }

  @Test
  void onlyWhatWasAskedForComes() {
    SelectBy one = SelectBy.newBuilder().setName("one").build();
    SelectBy prefix = SelectBy.newBuilder().setIdPrefix("c").build();
    Client named = watch(of("config", ALL, one, prefix));
    Client created = watch(of("config", WatchActionKind.WATCH_ACTION_CREATE_VALUE));
    Client others = watch(of("network", ALL));
    commit(put("c1", "one", "a"), put("c2", "two", "a"), put("x1", "one", "a"));
    commit(put("c1", "one", "b"));
    assertEquals(2, named.events().size());
    assertFalse(named.events().getLast().hasOldObject(), "old objects were not asked for");
    assertEquals(3, created.events().size());
    assertEquals(1, others.messages.size());
  }

  @Test
  void secretsDoNotTravel() {
    Client client = watch(of("secret", ALL));
    docker.swarmkit.v1.Secret.Builder secret = docker.swarmkit.v1.Secret.newBuilder();
    secret.getSpecBuilder().setData(ByteString.copyFromUtf8("hush"));
    commit(new Change.PutSecret(new Secret("s1", Meta.NONE, secret.build())));
    assertEquals("s1", client.events().getFirst().getObject().getSecret().getId());
    assertFalse(client.messages.toString().contains("hush"));
  }

  @Test
  void mistakesAreRefused() {
    SelectBy slot = SelectBy.newBuilder().setServiceId("s").build();
    Stream.of(
            of("", ALL),
            of("planet", ALL),
            of("node", 0),
            of("node", ALL, slot),
            of("node", ALL, SelectBy.getDefaultInstance()))
        .forEach(
            request ->
                assertEquals(Status.Code.INVALID_ARGUMENT, refusal(request), request.toString()));
    assertEquals(
        Status.Code.FAILED_PRECONDITION,
        refusal(of("node", ALL).setResumeFrom(Version.newBuilder().setIndex(1))));
  }

  private Status.Code refusal(WatchRequest.Builder request) {
    var stub = WatchGrpc.newBlockingStub(channel);
    return assertThrows(StatusRuntimeException.class, () -> stub.watch(request.build()).hasNext())
        .getStatus()
        .getCode();
  }

  @Test
  void aSlowClientIsToldThatItMissedSomething() {
    Client slow = new Client(false);
    WatchGrpc.newStub(channel).watch(of("config", ALL).build(), slow);
    Client quick = watch(of("config", ALL));
    int commits = 0;
    for (; commits < Watcher.OBJECTS_MAX / 1000 + 2; commits++) {
      commit(
          IntStream.range(0, 1000)
              .mapToObj(i -> put("c" + i, "n" + i, Long.toString(snapshot.index())))
              .toArray(Change[]::new));
    }
    assertEquals(commits * 1000, quick.events().size());
    slow.take(1000);
    assertEquals(Optional.of(Status.Code.RESOURCE_EXHAUSTED), slow.end.map(Status::getCode));
  }

  @Test
  void whoWatchedAStateThatWasReplacedMissedSomething() {
    Client client = watch(of("config", ALL));
    service.restored(Snapshot.EMPTY);
    assertEquals(Optional.of(Status.Code.ABORTED), client.end.map(Status::getCode));
  }

  @Test
  void itEndsWithTheManagerAndWithTheClient() {
    Client left = watch(of("config", ALL));
    left.leave();
    Client client = watch(of("config", ALL));
    service.close();
    assertEquals(Optional.of(Status.Code.UNAVAILABLE), client.end.map(Status::getCode));
    commit(put("c1", "one", "a"));
    assertEquals(1, left.messages.size());
    assertTrue(client.events().isEmpty());
  }
}
