package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.worker.engine.Unit;
import dev.swarm.worker.secret.FileMount;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The engine's containers of tasks, which carry the labels that Docker's own swarm mode gives them.
 * Calls block and throw {@link ApiException}; safe for use by many threads.
 */
final class TaskContainers {
  private static final String OF_ANY_TASK = "com.docker.swarm.task=";
  private static final String OF_TASK = ContainerRequest.LABEL + "task.id=";
  private static final String OF_NODE = ContainerRequest.LABEL + "node.id=";
  private static final long GRACE_SECONDS_DEFAULT = 10;

  private final EngineApi api;

  TaskContainers(EngineApi api) {
    this.api = api;
  }

  /**
   * @return the new container's id
   */
  String create(Task task, List<FileMount> files, List<ContainerNetwork> places) {
    String id =
        api.post(
                "/containers/create?name=" + EngineApi.escape(ContainerRequest.name(task)),
                ContainerRequest.of(task, files, places))
            .path("Id")
            .asText();
    connect(id, places);
    return id;
  }

  /**
   * Puts a container on those networks that it is not on yet: engines of all versions take more
   * than one only once there is a container.
   */
  void connect(String containerId, List<ContainerNetwork> places) {
    List<ContainerNetwork> further =
        places.stream().skip(1).filter(place -> !place.predefined()).toList();
    if (further.isEmpty()) {
      return;
    }
    Container container = inspect(containerId);
    for (ContainerNetwork place : further) {
      if (!container.isOn(place.network())) {
        ObjectNode body = EngineApi.JSON.createObjectNode().put("Container", containerId);
        body.set("EndpointConfig", place.endpoint());
        api.post("/networks/" + EngineApi.escape(place.network()) + "/connect", body);
      }
    }
  }

  void start(String containerId) {
    api.post("/containers/" + containerId + "/start", EngineApi.JSON.createObjectNode());
  }

  Container inspect(String containerId) {
    return new Container(api.get("/containers/" + containerId + "/json"));
  }

  /** The id of a task's container. */
  Optional<String> find(String taskId) {
    JsonNode first = list(OF_TASK + taskId).path(0).path("Id");
    return first.isTextual() ? Optional.of(first.asText()) : Optional.empty();
  }

  /** The ids of the tasks that have a container on this node, in order. */
  List<String> tasksOf(String nodeId) {
    return StreamSupport.stream(list(OF_NODE + nodeId).spliterator(), false)
        .map(c -> c.path("Labels").path(ContainerRequest.LABEL + "task.id").asText())
        .filter(id -> !id.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  /** What the engine's list says of every container of a task, of this node or an earlier one. */
  JsonNode ofAllTasks() {
    return list(OF_ANY_TASK);
  }

  /** Stops a container, if it is there and runs, with its task's grace. */
  Unit end(Task task, String containerId) {
    try {
      return end(task, inspect(containerId));
    } catch (ApiException e) {
      if (e.status() == 404) {
        return Unit.NONE;
      }
      throw e;
    }
  }

  /** Stops a container with its task's grace and says what is left of it. */
  Unit end(Task task, Container container) {
    if (container.isRunning()) {
      try {
        api.postSlowly("/containers/" + container.id() + "/stop?t=" + graceSeconds(task));
      } catch (ApiException e) {
        if (e.status() != 304 && e.status() != 404) {
          throw e;
        }
      }
    }
    return inspect(container.id()).unit(task);
  }

  private static long graceSeconds(Task task) {
    ContainerSpec spec = task.getSpec().getContainer();
    com.google.protobuf.Duration grace = spec.getStopGracePeriod();
    return spec.hasStopGracePeriod()
        ? grace.getSeconds() + (grace.getNanos() > 0 ? 1 : 0)
        : GRACE_SECONDS_DEFAULT;
  }

  /** Removes whatever containers a task has, running or not. */
  void delete(String taskId) {
    for (JsonNode container : list(OF_TASK + taskId)) {
      try {
        api.delete("/containers/" + container.path("Id").asText() + "?v=1&force=1");
      } catch (ApiException e) {
        // Gone already, or somebody else is removing it.
        if (e.status() != 404 && e.status() != 409) {
          throw e;
        }
      }
    }
  }

  private JsonNode list(String label) {
    ObjectNode filter = EngineApi.JSON.createObjectNode();
    ContainerRequest.strings(filter, "label", List.of(label));
    return api.get("/containers/json?all=1&filters=" + EngineApi.escape(filter.toString()));
  }
}
