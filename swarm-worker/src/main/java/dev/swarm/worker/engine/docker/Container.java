package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.ContainerStatus;
import docker.swarmkit.v1.Task;
import java.util.List;

/** A container as the engine described it at one moment. */
record Container(JsonNode inspected) {
  private static final List<String> LOG_ATTRIBUTES =
      List.of("labels", "labels-regex", "env", "env-regex", "tag");

  String id() {
    return inspected.path("Id").asText();
  }

  private JsonNode state() {
    return inspected.path("State");
  }

  boolean isRunning() {
    return state().path("Running").asBoolean();
  }

  /** Whether it has never been started. */
  boolean isNew() {
    return state().path("Status").asText().equals("created");
  }

  boolean hasHealth() {
    return state().path("Health").isObject();
  }

  boolean isUnhealthy() {
    return health().equals("unhealthy");
  }

  /** Whether its health is known, or it has none to wait for. */
  boolean isSettled() {
    return !health().equals("starting");
  }

  private String health() {
    return state().path("Health").path("Status").asText();
  }

  boolean hasTty() {
    return inspected.path("Config").path("Tty").asBoolean();
  }

  /** Whether its log driver was told to keep attributes with each line. */
  boolean logsAttributes() {
    JsonNode options = inspected.path("HostConfig").path("LogConfig").path("Config");
    return LOG_ATTRIBUTES.stream().anyMatch(options::has);
  }

  /** Whether it is on the network that the engine knows by that name. */
  boolean isOn(String network) {
    return inspected.path("NetworkSettings").path("Networks").has(network);
  }

  /** What it is to its task. */
  Unit unit(Task task) {
    return new Unit(
        ContainerStatus.newBuilder()
            .setContainerId(id())
            .setPid(state().path("Pid").asInt())
            .setExitCode(state().path("ExitCode").asInt())
            .build(),
        Ports.published(task, inspected));
  }

  /** How it ended. */
  Exit exit(Task task) {
    return Exit.of(unit(task), state().path("Error").asText());
  }
}
