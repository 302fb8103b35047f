package dev.swarm.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far a service is from what it wants, as lines to show.
 *
 * @param converged whether every task wanted is running, or every job task complete
 */
public record ProgressView(List<Line> lines, boolean converged) {
  /**
   * One line, {@code id: text}, with a bar when {@code barTotal} is not 0.
   *
   * @param id what it is about; lines of one id replace each other
   */
  public record Line(String id, String text, int bar, int barTotal) {
    public static Line plain(String id, String text) {
      return new Line(id, text, 0, 0);
    }
  }

  private static final List<String> STATES =
      List.of(
          "new",
          "allocated",
          "pending",
          "assigned",
          "accepted",
          "preparing",
          "ready",
          "starting",
          "running",
          "complete",
          "shutdown",
          "failed",
          "rejected");
  private static final int RUNNING = STATES.indexOf("running");
  private static final int COMPLETE = STATES.indexOf("complete");
  private static final int STATE_WIDTH = 9;
  private static final int LINES_MAX = 20;
  private static final int ERROR_WIDTH_MAX = 75;

  /**
   * @param tasks the service's up-to-date tasks
   * @param activeNodes ids of the nodes that are not down
   * @param rollingBack whether an update is being taken back
   */
  public static ProgressView of(
      JsonNode service, Iterable<JsonNode> tasks, Set<String> activeNodes, boolean rollingBack) {
    JsonNode mode = service.path("Spec").path("Mode");
    if (mode.has("ReplicatedJob") || mode.has("GlobalJob")) {
      return job(service, tasks);
    }
    return mode.has("Global")
        ? global(tasks, activeNodes, rollingBack)
        : replicated(mode.path("Replicated"), tasks, activeNodes, rollingBack);
  }

  private static ProgressView replicated(
      JsonNode mode, Iterable<JsonNode> tasks, Set<String> activeNodes, boolean rollingBack) {
    long replicas = mode.path("Replicas").asLong(1);
    TreeMap<Long, JsonNode> bySlot = new TreeMap<>();
    for (JsonNode task : tasks) {
      String node = task.path("NodeID").asText();
      if (known(task) && (node.isEmpty() || activeNodes.contains(node))) {
        bySlot.merge(task.path("Slot").asLong(), task, ProgressView::current);
      }
    }
    long running = bySlot.values().stream().filter(ProgressView::isRunning).count();
    List<Line> lines = new ArrayList<>();
    lines.add(overall(running, replicas, rollingBack));
    if (replicas <= LINES_MAX) {
      List<JsonNode> slots = List.copyOf(bySlot.values());
      for (int i = 0; i < replicas; i++) {
        String id = i + 1 + "/" + replicas;
        lines.add(i < slots.size() ? line(id, slots.get(i), RUNNING + 1) : Line.plain(id, ""));
      }
    }
    return new ProgressView(lines, running == replicas);
  }

  private static ProgressView global(
      Iterable<JsonNode> tasks, Set<String> activeNodes, boolean rollingBack) {
    TreeMap<String, JsonNode> byNode = new TreeMap<>();
    for (JsonNode task : tasks) {
      if (known(task)) {
        byNode.merge(task.path("NodeID").asText(), task, ProgressView::current);
      }
    }
    byNode.keySet().retainAll(activeNodes);
    if (byNode.isEmpty()) {
      return new ProgressView(
          List.of(Line.plain("overall progress", "waiting for new tasks")), false);
    }
    long running = byNode.values().stream().filter(ProgressView::isRunning).count();
    List<Line> lines = new ArrayList<>();
    lines.add(overall(running, byNode.size(), rollingBack));
    if (byNode.size() <= LINES_MAX) {
      byNode.forEach((node, task) -> lines.add(line(Phrases.shortId(node), task, RUNNING + 1)));
    }
    return new ProgressView(lines, running == byNode.size());
  }

  private static ProgressView job(JsonNode service, Iterable<JsonNode> tasks) {
    long iteration = service.path("JobStatus").path("JobIteration").path("Index").asLong();
    JsonNode replicated = service.path("Spec").path("Mode").path("ReplicatedJob");
    boolean global = !replicated.isObject();
    Map<String, JsonNode> current = new TreeMap<>(NaturalOrder.NATURAL);
    for (JsonNode task : tasks) {
      if (known(task) && task.path("JobIteration").path("Index").asLong() == iteration) {
        String key = global ? task.path("NodeID").asText() : task.path("Slot").asText();
        current.merge(key, task, (a, b) -> state(a) <= state(b) ? a : b);
      }
    }
    if (global && current.isEmpty()) {
      return new ProgressView(List.of(Line.plain("job progress", "waiting for tasks")), false);
    }
    long total = global ? current.size() : replicated.path("TotalCompletions").asLong(1);
    long complete = current.values().stream().filter(t -> state(t) == COMPLETE).count();
    long active = current.values().stream().filter(t -> state(t) < COMPLETE).count();
    List<Line> lines = new ArrayList<>();
    lines.add(
        new Line(
            "job progress",
            complete + " out of " + total + " complete",
            (int) complete,
            (int) total));
    if (!global) {
      long atOnce = Math.min(total - complete, replicated.path("MaxConcurrent").asLong(total));
      lines.add(Line.plain("active tasks", active + " out of " + atOnce + " tasks"));
    }
    if (total <= LINES_MAX) {
      current.forEach(
          (key, task) -> {
            String id =
                global ? Phrases.shortId(key) : task.path("Slot").asLong() + 1 + "/" + total;
            lines.add(line(id, task, COMPLETE + 1));
          });
    }
    return new ProgressView(lines, complete == total);
  }

  private static Line overall(long running, long wanted, boolean rollingBack) {
    String counts = running + " out of " + wanted + " tasks";
    return Line.plain("overall progress", rollingBack ? "rolling back update: " + counts : counts);
  }

  private static Line line(String id, JsonNode task, int states) {
    String error = task.path("Status").path("Err").asText();
    if (!error.isEmpty()) {
      return Line.plain(id, Width.cut(Listing.printable(error), ERROR_WIDTH_MAX));
    }
    int state = state(task);
    boolean shown = state < states && desired(task) <= COMPLETE;
    String name = task.path("Status").path("State").asText();
    String padded = name + " ".repeat(Math.max(0, STATE_WIDTH - name.length()));
    return shown ? new Line(id, padded, state + 1, states) : Line.plain(id, padded);
  }

  /** Of two tasks in one slot the one meant to live longer; of two alike the one less far. */
  private static JsonNode current(JsonNode a, JsonNode b) {
    int order = Integer.compare(desired(a), desired(b));
    return order < 0 || (order == 0 && state(a) <= state(b)) ? a : b;
  }

  private static boolean known(JsonNode task) {
    return state(task) >= 0 && desired(task) >= 0;
  }

  private static boolean isRunning(JsonNode task) {
    return state(task) == RUNNING && desired(task) <= RUNNING;
  }

  private static int state(JsonNode task) {
    return STATES.indexOf(task.path("Status").path("State").asText());
  }

  private static int desired(JsonNode task) {
    return STATES.indexOf(task.path("DesiredState").asText());
  }
}
