package dev.swarm.worker.engine.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Node;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.worker.assignment.AssignmentSet;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.docker.FakeDocker.Reply;
import dev.swarm.worker.engine.docker.FakeDocker.Request;
import dev.swarm.worker.secret.SecretFiles;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stories of an engine that is away, or that tells of less than others do. */
class DockerEngineTest {
  private static final String INFO =
      "{\"NCPU\":3,\"MemTotal\":5000,\"Architecture\":\"x86_64\",\"OSType\":\"linux\","
          + "\"ServerVersion\":\"28.5\",\"Plugins\":{\"Network\":[\"bridge\"]}}";

  @TempDir Path directory;
  private final VirtualTime clock = new VirtualTime();
  private FakeDocker docker;
  private DockerEngine engine;
  private volatile String state = "created";

  @BeforeEach
  void start() throws IOException {
    docker = new FakeDocker(directory);
    docker.answer = this::answer;
    engine =
        new DockerEngine(
            docker.address(), () -> "n1", new SecretFiles(directory.resolve("s")), clock, true);
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
    docker.close();
  }

  /** An engine with one container, of task t1. */
  private Optional<Reply> answer(Request request) {
    if (request.is("GET", "/info")) {
      return Optional.of(Reply.ok(INFO));
    }
    if (request.is("POST", "/containers/create")) {
      return Optional.of(new Reply(201, "{\"Id\":\"c1\"}"));
    }
    if (request.is("GET", "/containers/json")) {
      return Optional.of(Reply.ok("[{\"Id\":\"c1\",\"State\":\"" + state + "\"}]"));
    }
    if (request.is("POST", "/containers/c1/start")) {
      state = "running";
      return Optional.of(new Reply(204, ""));
    }
    if (request.is("GET", "/containers/c1/json")) {
      return Optional.of(
          Reply.ok(
              "{\"Id\":\"c1\",\"State\":{\"Status\":\"%s\",\"Running\":%b,\"ExitCode\":7}}"
                  .formatted(state, state.equals("running"))));
    }
    return Optional.of(Reply.ok("[]"));
  }

  private static Task task() {
    Task.Builder task = Task.newBuilder().setId("t1").setNodeId("n1").setSlot(1);
    task.getSpecBuilder().getContainerBuilder().setImage("busybox");
    task.getServiceAnnotationsBuilder().setName("web");
    return task.build();
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static EngineException failure(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    return assertInstanceOf(
        EngineException.class, assertThrows(CompletionException.class, future::join).getCause());
  }

  private long asked(String method, String prefix) {
    return docker.requests.stream().filter(request -> request.is(method, prefix)).count();
  }

  @Test
  void anEngineStartedAnewIsAskedOverNewConnections() throws Exception {
    List<CompletionStage<EngineOffer>> atOnce =
        List.of(engine.describe(), engine.describe(), engine.describe());
    atOnce.forEach(DockerEngineTest::done);
    docker.stop();
    docker.begin();
    done(engine.prepare(task(), AssignmentSet.EMPTY));
    done(engine.start(task()));
    assertEquals("running", state);
  }

  @Test
  void whatIsNotAnsweredHasNotFailed() throws Exception {
    docker.answer =
        request -> request.is("POST", "/containers/create") ? Optional.empty() : answer(request);
    assertTrue(failure(engine.prepare(task(), AssignmentSet.EMPTY)).isAway());
    docker.stop();
    assertTrue(failure(engine.prepare(task(), AssignmentSet.EMPTY)).isAway());
    assertTrue(failure(engine.start(task())).isAway());
    assertTrue(failure(engine.await(task())).isAway());
    assertTrue(failure(engine.remove("t1")).isAway());
    docker.begin();
    // It had made the container all the same.
    docker.answer =
        request ->
            request.is("POST", "/containers/create")
                ? Optional.of(new Reply(409, "{\"message\":\"the name is in use\"}"))
                : answer(request);
    assertFalse(
        failure(engine.prepare(task(), AssignmentSet.EMPTY)).isAway(),
        "the removal has overtaken it");
    assertEquals(
        "c1", done(engine.prepare(other(), AssignmentSet.EMPTY)).container().getContainerId());
  }

  private static Task other() {
    return task().toBuilder().setId("t2").build();
  }

  @Test
  void aStartThatWasNotAnsweredIsNotASecondRun() throws Exception {
    done(engine.prepare(task(), AssignmentSet.EMPTY));
    docker.answer =
        request -> {
          Optional<Reply> reply = answer(request);
          return request.is("POST", "/containers/c1/start") ? Optional.empty() : reply;
        };
    assertTrue(failure(engine.start(task())).isAway());
    state = "exited";
    docker.answer = this::answer;
    done(engine.start(task()));
    assertEquals(1, asked("POST", "/containers/c1/start"));
  }

  @Test
  void anEnginesOwnRefusalIsAFailure() {
    docker.answer =
        request ->
            request.is("POST", "/containers/create")
                ? Optional.of(new Reply(404, "{\"message\":\"no such image\"}"))
                : answer(request);
    CompletionException refused =
        assertThrows(
            CompletionException.class, () -> done(engine.prepare(task(), AssignmentSet.EMPTY)));
    assertTrue(String.valueOf(refused.getMessage()).contains("no such image"));
  }

  @Test
  void aNodeSaysThatItsEngineIsAwayAndKeepsTheRest() throws Exception {
    EngineOffer there = done(engine.describe());
    assertEquals(List.of("container", "bridge"), names(there));
    docker.stop();
    assertTrue(failure(engine.describe()).isAway(), "it may be back in a moment");
    clock.pass(EngineAvailability.AWAY_AFTER);
    EngineOffer away = done(engine.describe());
    assertEquals(List.of(Node.ENGINE_AWAY, "bridge"), names(away));
    assertEquals(there.resources(), away.resources());
    docker.begin();
    assertEquals(there, done(engine.describe()));
  }

  private static List<String> names(EngineOffer offer) {
    return offer.engine().getPluginsList().stream()
        .sorted((a, b) -> b.getType().compareTo(a.getType()))
        .map(PluginDescription::getName)
        .toList();
  }

  @Test
  void anEnginesEndIsNoticedWithoutAnEvent() {
    done(engine.prepare(task(), AssignmentSet.EMPTY));
    done(engine.start(task()));
    CompletionStage<Exit> exit = engine.await(task());
    state = "exited";
    engine.checkContainers();
    assertEquals(7, done(exit).unit().container().getExitCode());
  }

  @Test
  void labelsAreAskedForInTheFormThatAllEnginesRead() {
    done(engine.describe());
    String events =
        docker.requests.stream()
            .filter(request -> request.target().startsWith("/events"))
            .findFirst()
            .orElseThrow()
            .target();
    assertTrue(events.contains("com.docker.swarm.task%3D%22"), events);
  }
}
