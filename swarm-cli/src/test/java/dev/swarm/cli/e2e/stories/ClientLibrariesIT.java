package dev.swarm.cli.e2e.stories;

import static dev.swarm.cli.e2e.lab.Swarms.LIMIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerSpec;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import com.github.dockerjava.api.model.Service;
import com.github.dockerjava.api.model.ServiceModeConfig;
import com.github.dockerjava.api.model.ServiceReplicatedModeOptions;
import com.github.dockerjava.api.model.ServiceSpec;
import com.github.dockerjava.api.model.Task;
import com.github.dockerjava.api.model.TaskSpec;
import com.github.dockerjava.api.model.TaskState;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Programs;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Until;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Libraries that programs use on Docker's socket: a service's whole life, on ours. */
@NeedsHosts
final class ClientLibrariesIT {
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(3);
  private static final long SECOND = 1_000_000_000L;

  private static Lab lab;
  private static Host host;

  @BeforeAll
  static void swarm() {
    lab = Lab.open("client-libraries");
    host = lab.host("manager0");
    Swarms.init(host);
  }

  @AfterAll
  static void end() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void dockerJava() throws Exception {
    lab.journal().step("docker-java");
    List<Event> events = new CopyOnWriteArrayList<>();
    try (DockerClient docker = dockerJavaClient();
        var stream = docker.eventsCmd().withEventTypeFilter("service", "task").exec(into(events))) {
      assertTrue(stream.awaitStarted(LIMIT.toSeconds(), TimeUnit.SECONDS));
      String id = docker.createServiceCmd(spec(1, "one")).exec().getId();
      awaitEvent(events, EventType.SERVICE, "create", id);
      awaitRunning(docker, 1, "one");
      assertTrue(
          events.stream()
              .map(Event::getActor)
              .anyMatch(
                  actor ->
                      actor != null
                          && actor.getAttributes() != null
                          && id.equals(actor.getAttributes().get("service.id"))
                          && "running".equals(actor.getAttributes().get("state"))),
          events::toString);

      Service before = docker.inspectServiceCmd("from-java").exec();
      long version = Objects.requireNonNull(Objects.requireNonNull(before.getVersion()).getIndex());
      docker.updateServiceCmd(id, spec(3, "two")).withVersion(version).exec();
      awaitEvent(events, EventType.SERVICE, "update", id);
      awaitRunning(docker, 3, "two");
      DockerException stale =
          assertThrows(
              DockerException.class,
              () -> docker.updateServiceCmd(id, spec(2, "three")).withVersion(version).exec());
      assertTrue(String.valueOf(stale.getMessage()).contains("update out of sequence"));
      List<Service> listed = docker.listServicesCmd().withNameFilter(List.of("from-java")).exec();
      assertEquals(List.of(id), listed.stream().map(Service::getId).toList());

      docker.removeServiceCmd("from-java").exec();
      awaitEvent(events, EventType.SERVICE, "remove", id);
      assertThrows(NotFoundException.class, () -> docker.inspectServiceCmd(id).exec());
      assertThrows(
          BadRequestException.class,
          () -> docker.createServiceCmd(spec(1, "x").withName("no name")).exec());
    }
  }

  private static DockerClient dockerJavaClient() {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(host.daemon().url())
            .build();
    return DockerClientImpl.getInstance(
        config, new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
  }

  private static ResultCallback.Adapter<Event> into(List<Event> events) {
    return new ResultCallback.Adapter<>() {
      @Override
      public void onNext(Event event) {
        events.add(event);
      }
    };
  }

  private static ServiceSpec spec(long replicas, String word) {
    ContainerSpec container =
        new ContainerSpec()
            .withImage("busybox:latest")
            .withCommand(List.of("sleep", "100000"))
            .withEnv(List.of("WORD=" + word))
            .withStopGracePeriod(SECOND);
    return new ServiceSpec()
        .withName("from-java")
        .withTaskTemplate(new TaskSpec().withContainerSpec(container))
        .withMode(
            new ServiceModeConfig()
                .withReplicated(
                    new ServiceReplicatedModeOptions().withReplicas(Math.toIntExact(replicas))));
  }

  private static void awaitEvent(List<Event> events, EventType type, String action, String id) {
    Until.holds(
        "an event: " + type + " " + action,
        LIMIT,
        () ->
            events.stream()
                .anyMatch(
                    event ->
                        event.getType() == type
                            && action.equals(event.getAction())
                            && id.equals(Objects.requireNonNull(event.getActor()).getId())));
  }

  private static void awaitRunning(DockerClient docker, int count, String word) {
    Until.holds(
        count + " tasks run with " + word,
        LIMIT,
        () -> {
          List<Task> tasks =
              docker
                  .listTasksCmd()
                  .withServiceFilter("from-java")
                  .withStateFilter(TaskState.RUNNING)
                  .exec();
          long running =
              tasks.stream()
                  .filter(task -> task.getStatus().getState() == TaskState.RUNNING)
                  .map(task -> Objects.requireNonNull(task.getSpec()).getContainerSpec())
                  .filter(container -> List.of("WORD=" + word).equals(container.getEnv()))
                  .count();
          return running == count && tasks.size() == count;
        });
  }

  @Test
  void dockerode() throws IOException {
    lab.journal().step("dockerode");
    Path directory = Files.createDirectories(lab.directory().resolve("dockerode"));
    for (String file : List.of("package.json", "package-lock.json", "story.js")) {
      try (InputStream in =
          Objects.requireNonNull(getClass().getResourceAsStream("dockerode/" + file))) {
        Files.copy(in, directory.resolve(file));
      }
    }
    install(directory);
    Output story =
        Programs.run(
            List.of(
                "node",
                directory.resolve("story.js").toString(),
                host.daemon().url().substring("unix://".length())));
    lab.journal().ran(story);
    assertEquals(
        List.of(
            "event: created",
            "event: one task runs",
            "event: updated",
            "event: three tasks run",
            "refused: update out of sequence",
            "event: removed",
            "done"),
        story.ok().lines().toList());
  }

  /** Exactly what the lock file says, nothing of it run. */
  private static void install(Path directory) {
    Output installed =
        Programs.run(
            List.of(
                "sh",
                "-c",
                "cd \"$0\" && npm ci --ignore-scripts --no-audit --no-fund",
                directory.toString()),
            Map.of(),
            INSTALL_LIMIT);
    lab.journal().ran(installed);
    boolean mustWork = Boolean.parseBoolean(System.getenv("CI"));
    assumeTrue(mustWork || installed.succeeded(), () -> "npm does not work here: " + installed);
    installed.ok();
  }
}
