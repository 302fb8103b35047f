package dev.swarm.worker.engine.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.model.Network;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.worker.assignment.AssignmentSet;
import dev.swarm.worker.engine.docker.FakeDocker.Reply;
import dev.swarm.worker.engine.docker.FakeDocker.Request;
import dev.swarm.worker.secret.SecretFiles;
import docker.swarmkit.v1.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A place that was given away, and the tasks of others that come and go around it. */
class AttachmentEngineTest {
  @TempDir Path directory;
  private FakeDocker docker;
  private DockerEngine tasks;
  private AttachmentEngine places;

  @BeforeEach
  void start() throws IOException {
    docker = new FakeDocker(directory);
    docker.answer = this::answer;
    SecretFiles secrets = new SecretFiles(directory.resolve("secrets"));
    tasks = new DockerEngine(docker.address(), () -> "n1", secrets, new VirtualTime(), true);
    places = tasks.attachments();
  }

  @AfterEach
  void stop() throws IOException {
    places.close();
    tasks.close();
    docker.close();
  }

  /** An engine with the bridge of network X. */
  private Optional<Reply> answer(Request request) {
    if (request.is("GET", "/networks")) {
      return Optional.of(Reply.ok("[{\"Id\":\"b1\",\"Name\":\"x\"}]"));
    }
    return Optional.of(request.is("DELETE", "/") ? new Reply(204, "") : Reply.ok("[]"));
  }

  private static Task attachment() {
    Task.Builder task = Task.newBuilder().setId("t1").setNodeId("n1");
    task.getSpecBuilder().getAttachmentBuilder().setContainerId("c1");
    var attachment = task.addNetworksBuilder().addAddresses("10.0.1.5/24");
    attachment
        .getNetworkBuilder()
        .setId("nx")
        .getSpecBuilder()
        .getAnnotationsBuilder()
        .setName("x");
    attachment
        .getNetworkBuilder()
        .getDriverStateBuilder()
        .setName("overlay")
        .putOptions(Network.WITHIN_NODE, "true");
    return task.build();
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private List<String> removedNetworks() {
    return docker.requests.stream()
        .filter(request -> request.is("DELETE", "/networks/"))
        .map(Request::target)
        .toList();
  }

  @Test
  void aNetworkStaysForWhoWasPromisedAPlaceOnIt() {
    var _ = done(places.prepare(attachment(), AssignmentSet.EMPTY));
    var _ = tasks.remove("another").toCompletableFuture().join();
    assertEquals(List.of(), removedNetworks());
    var _ = places.remove("t1").toCompletableFuture().join();
    assertEquals(List.of("/networks/b1"), removedNetworks());
  }
}
