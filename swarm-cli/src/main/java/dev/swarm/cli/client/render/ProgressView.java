package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.core.text.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Progress of a service towards what it wants, as lines to show.
 *
 * @param converged whether every task wanted is running or has ended for good, or every task of a
 *     job is complete
 * @param failures how often a place failed that is neither running nor given up: the most of any
 * @param ending how places ended for good, if any did
 */
public record ProgressView(
    List<Line> lines, boolean converged, int failures, Optional<Ending> ending) {
  /**
   * Places whose last task ended by itself and that get no other: their restart policy asks for
   * none.
   *
   * @param all whether no place is left
   * @param reason why, for people; empty if all of them ended well
   */
  public record Ending(boolean all, String reason) {
    public boolean failed() {
      return !reason.isEmpty();
    }
  }

  /** The tasks of one slot, or of one node: the one that counts, and what failed before it. */
  private record Place(JsonNode current, List<JsonNode> failed, boolean over) {
    static Place of(List<JsonNode> tasks) {
      JsonNode current = tasks.getFirst();
      for (JsonNode task : tasks) {
        current = ProgressView.current(current, task);
      }
      List<JsonNode> failed = tasks.stream().filter(ProgressView::isFailed).toList();
      boolean over = tasks.stream().allMatch(task -> state(task) >= COMPLETE);
      JsonNode shown = over ? newest(tasks) : current;
      return new Place(shown, failed, over && state(shown) != SHUTDOWN);
    }

    private static JsonNode newest(List<JsonNode> tasks) {
      return tasks.stream()
          .max(Comparator.comparing((JsonNode task) -> task.path("CreatedAt").asText()))
          .orElseThrow();
    }

    boolean isOverWell() {
      return over && state(current) == COMPLETE;
    }

    boolean isBad() {
      return over && isFailed(current);
    }

    /** Whether it is at work on nothing but trying again. */
    boolean isTriedAgain() {
      return !over && !failed.isEmpty() && state(current) < RUNNING;
    }

    String error() {
      return failed.isEmpty() ? "" : newest(failed).path("Status").path("Err").asText();
    }
  }

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
  private static final int SHUTDOWN = STATES.indexOf("shutdown");
  private static final int FAILED = STATES.indexOf("failed");
  private static final int TRIES_COUNTED_MAX = 3;
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
    TreeMap<Long, List<JsonNode>> bySlot = new TreeMap<>();
    for (JsonNode task : tasks) {
      String node = task.path("NodeID").asText();
      boolean counts = node.isEmpty() || activeNodes.contains(node) || state(task) >= COMPLETE;
      if (known(task) && counts) {
        bySlot.computeIfAbsent(task.path("Slot").asLong(), slot -> new ArrayList<>()).add(task);
      }
    }
    List<Place> places = bySlot.values().stream().map(Place::of).toList();
    long done = places.stream().filter(place -> isThere(place) || place.over()).count();
    long running = places.stream().filter(ProgressView::isThere).count();
    List<Line> lines = new ArrayList<>();
    lines.add(overall(running, replicas, rollingBack));
    if (replicas <= LINES_MAX) {
      for (int i = 0; i < replicas; i++) {
        String id = i + 1 + "/" + replicas;
        lines.add(i < places.size() ? line(id, places.get(i), RUNNING + 1) : Line.plain(id, ""));
      }
    }
    return new ProgressView(lines, done == replicas, failures(places), ending(places, replicas));
  }

  private static ProgressView global(
      Iterable<JsonNode> tasks, Set<String> activeNodes, boolean rollingBack) {
    TreeMap<String, List<JsonNode>> byNode = new TreeMap<>();
    for (JsonNode task : tasks) {
      if (known(task)) {
        byNode.computeIfAbsent(task.path("NodeID").asText(), id -> new ArrayList<>()).add(task);
      }
    }
    byNode.keySet().retainAll(activeNodes);
    if (byNode.isEmpty()) {
      return waiting("overall progress", "waiting for new tasks");
    }
    TreeMap<String, Place> places = new TreeMap<>();
    byNode.forEach((node, own) -> places.put(node, Place.of(own)));
    long running = places.values().stream().filter(ProgressView::isThere).count();
    long over = places.values().stream().filter(Place::over).count();
    List<Line> lines = new ArrayList<>();
    lines.add(overall(running, places.size(), rollingBack));
    if (places.size() <= LINES_MAX) {
      places.forEach((node, place) -> lines.add(line(Phrases.shortId(node), place, RUNNING + 1)));
    }
    return new ProgressView(
        lines,
        running + over == places.size(),
        failures(places.values()),
        ending(places.values(), places.size()));
  }

  private static ProgressView waiting(String id, String text) {
    return new ProgressView(List.of(Line.plain(id, text)), false, 0, Optional.empty());
  }

  private static ProgressView job(JsonNode service, Iterable<JsonNode> tasks) {
    long iteration = service.path("JobStatus").path("JobIteration").path("Index").asLong();
    JsonNode replicated = service.path("Spec").path("Mode").path("ReplicatedJob");
    boolean global = !replicated.isObject();
    Map<String, List<JsonNode>> byPlace = new TreeMap<>(NaturalOrder.NATURAL);
    for (JsonNode task : tasks) {
      if (known(task) && task.path("JobIteration").path("Index").asLong() == iteration) {
        String key = global ? task.path("NodeID").asText() : task.path("Slot").asText();
        byPlace.computeIfAbsent(key, k -> new ArrayList<>()).add(task);
      }
    }
    if (global && byPlace.isEmpty()) {
      return waiting("job progress", "waiting for tasks");
    }
    Map<String, Place> places = new TreeMap<>(NaturalOrder.NATURAL);
    byPlace.forEach((key, own) -> places.put(key, Place.of(own)));
    long total = global ? places.size() : replicated.path("TotalCompletions").asLong(1);
    long complete = places.values().stream().filter(Place::isOverWell).count();
    long active = places.values().stream().filter(p -> state(p.current()) < COMPLETE).count();
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
      places.forEach(
          (key, place) -> {
            String id =
                global
                    ? Phrases.shortId(key)
                    : place.current().path("Slot").asLong() + 1 + "/" + total;
            lines.add(line(id, place, COMPLETE + 1));
          });
    }
    boolean stuck = places.values().stream().anyMatch(Place::isBad);
    return new ProgressView(
        lines,
        complete == total,
        failures(places.values()),
        // The rest of a job is not begun where some of it can never be completed.
        stuck ? ending(places.values(), places.size()) : Optional.empty());
  }

  private static int failures(Collection<Place> places) {
    return places.stream()
        .filter(Place::isTriedAgain)
        .mapToInt(place -> place.failed().size())
        .max()
        .orElse(0);
  }

  private static Optional<Ending> ending(Collection<Place> places, long wanted) {
    List<Place> over = places.stream().filter(Place::over).toList();
    if (over.isEmpty()) {
      return Optional.empty();
    }
    List<Place> bad = over.stream().filter(Place::isBad).toList();
    String reason =
        bad.isEmpty()
            ? ""
            : bad.size()
                + " of "
                + wanted
                + (wanted == 1 ? " task" : " tasks")
                + " failed, and the restart policy asks for no other try: "
                + Printable.of(bad.getFirst().error());
    return Optional.of(new Ending(over.size() >= wanted, reason));
  }

  private static Line overall(long running, long wanted, boolean rollingBack) {
    String counts = running + " out of " + wanted + " tasks";
    return Line.plain("overall progress", rollingBack ? "rolling back update: " + counts : counts);
  }

  private static Line line(String id, Place place, int states) {
    JsonNode task = place.current();
    String error = task.path("Status").path("Err").asText();
    if (error.isEmpty() && place.isTriedAgain()) {
      error = place.error() + tries(place.failed().size());
    }
    if (!error.isEmpty()) {
      return Line.plain(id, cut(error));
    }
    int state = state(task);
    boolean shown = state < states && desired(task) <= COMPLETE;
    String name = task.path("Status").path("State").asText();
    String padded = name + " ".repeat(Math.max(0, STATE_WIDTH - name.length()));
    return shown ? new Line(id, padded, state + 1, states) : Line.plain(id, padded);
  }

  /** From the third on no more is counted: a line that changes for ever tells nothing new. */
  private static String tries(int failed) {
    return switch (Math.min(failed, TRIES_COUNTED_MAX)) {
      case 1 -> " (tried once)";
      case TRIES_COUNTED_MAX -> " (tried again and again)";
      default -> " (tried twice)";
    };
  }

  private static String cut(String error) {
    return Width.cut(Printable.of(error), ERROR_WIDTH_MAX);
  }

  private static boolean isThere(Place place) {
    return isRunning(place.current());
  }

  /** Whether the task ended, and not well. */
  public static boolean isFailed(JsonNode task) {
    return state(task) >= FAILED;
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
