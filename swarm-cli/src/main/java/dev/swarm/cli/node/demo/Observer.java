package dev.swarm.cli.node.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.http.ApiClient;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Sleeper;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Watches the cluster through a daemon's socket, as any client could, to know when the story can go
 * on.
 */
final class Observer implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(25);

  private final DemoNode node;
  private final Sleeper sleeper;
  private final ApiClient api;

  Observer(DemoNode node, Sleeper sleeper) {
    this.node = node;
    this.sleeper = sleeper;
    api = new ApiClient(node.endpoint());
  }

  /** A task of the service that is running and meant to. */
  record RunningTask(String id, String node) {}

  /** Something that will be so soon. */
  interface Condition {
    boolean holds() throws IOException, DemoFailure;
  }

  /**
   * Looks until {@code condition} holds. A daemon that cannot be asked just now is asked again.
   *
   * @param what the sentence for the case that it never does
   */
  void await(String what, Duration within, Condition condition)
      throws DemoFailure, InterruptedException {
    long start = sleeper.nanoTime();
    while (true) {
      String trouble = "";
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException e) {
        trouble = ": " + e.getMessage();
      }
      node.requireAlive();
      if (sleeper.nanoTime() - start > within.toNanos()) {
        throw new DemoFailure(what + " within " + within.toSeconds() + " s" + trouble);
      }
      sleeper.rest(LOOK_EVERY);
    }
  }

  boolean answers() throws IOException {
    return api.get(Target.of("info")).isObject();
  }

  /** Whether the node is in a swarm, or on its way into one. */
  boolean isInSwarm() throws IOException {
    String state = api.get(Target.of("info")).path("Swarm").path("LocalNodeState").asText();
    return !state.isEmpty() && !state.equals("inactive");
  }

  String workerToken() throws IOException {
    return api.get(Target.of("swarm")).path("JoinTokens").path("Worker").asText();
  }

  /** Each node's state by its host name: {@code ready}, {@code down}, … */
  Map<String, String> nodeStates() throws IOException {
    Map<String, String> states = new TreeMap<>();
    for (JsonNode each : api.get(Target.of("nodes"))) {
      states.put(hostname(each), each.path("Status").path("State").asText());
    }
    return states;
  }

  /** The service's running tasks by their slots. */
  Map<Integer, RunningTask> running(String service) throws IOException {
    Map<String, String> names = new TreeMap<>();
    for (JsonNode each : api.get(Target.of("nodes"))) {
      names.put(each.path("ID").asText(), hostname(each));
    }
    Map<Integer, RunningTask> running = new TreeMap<>();
    for (JsonNode task : tasks(service)) {
      if (task.path("DesiredState").asText().equals("running")
          && task.path("Status").path("State").asText().equals("running")) {
        String on = task.path("NodeID").asText();
        running.put(
            task.path("Slot").asInt(),
            new RunningTask(
                task.path("ID").asText(), Optional.ofNullable(names.get(on)).orElse(on)));
      }
    }
    return running;
  }

  private JsonNode tasks(String service) throws IOException {
    ObjectNode filters = Json.object();
    filters.putObject("service").put(service, true);
    return api.get(Target.of("tasks").with("filters", Json.text(filters)));
  }

  private static String hostname(JsonNode node) {
    return node.path("Description").path("Hostname").asText();
  }

  @Override
  public void close() throws IOException {
    api.close();
  }
}
