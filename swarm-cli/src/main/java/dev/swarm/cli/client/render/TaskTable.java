package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Output of {@code service ps}, {@code node ps} and {@code task ls}. */
public final class TaskTable {
  private static final String USUAL =
      "table {{.ID}}\t{{.Name}}\t{{.Image}}\t{{.Node}}\t{{.DesiredState}}\t{{.CurrentState}}"
          + "\t{{.Error}}\t{{.Ports}}";

  private static final int ERROR_WIDTH_MAX = 30;
  private static final String HISTORY = " \\_ ";
  private static final Set<String> CALLED_OFF = Set.of("shutdown", "remove");

  /**
   * @param format the user's, empty for the usual table
   * @param full whether to leave ids, images and errors uncut
   * @param serviceName from a service's id to what to show for it
   * @param nodeName from a node's id to what to show for it
   * @param now against which times are told
   */
  public record Options(
      String format,
      boolean full,
      Function<String, String> serviceName,
      Function<String, String> nodeName,
      Instant now) {}

  private record Named(JsonNode task, String name, Instant created) {}

  private final Options options;

  private TaskTable(Options options) {
    this.options = options;
  }

  /** Tasks by name, the newest of a slot first and those before it marked as its history. */
  public static String render(Iterable<JsonNode> tasks, Options options) {
    Map<String, String> heads = new LinkedHashMap<>();
    for (String field : List.of("ID", "Name", "Image", "Node", "Error", "Ports")) {
      heads.put(field, field.toUpperCase(Locale.ROOT));
    }
    heads.put("DesiredState", "DESIRED STATE");
    heads.put("CurrentState", "CURRENT STATE");
    List<JsonNode> rows = new TaskTable(options).rows(tasks);
    return new Listing(USUAL, heads).render(options.format(), rows);
  }

  private List<JsonNode> rows(Iterable<JsonNode> tasks) {
    List<Named> named = new ArrayList<>();
    tasks.forEach(
        task -> named.add(new Named(task, name(task), Phrases.time(task.path("CreatedAt")))));
    named.sort(TaskTable::byNameThenNewest);
    boolean table = options.format().isEmpty() || options.format().startsWith(Listing.TABLE);
    List<JsonNode> rows = new ArrayList<>(named.size());
    String previous = "";
    for (Named entry : named) {
      boolean history = table && entry.name().equals(previous);
      rows.add(row(entry.task(), (history ? HISTORY : "") + entry.name()));
      previous = entry.name();
    }
    return rows;
  }

  private static int byNameThenNewest(Named a, Named b) {
    int names = NaturalOrder.NATURAL.compare(a.name(), b.name());
    return names != 0 ? names : b.created().compareTo(a.created());
  }

  private String name(JsonNode task) {
    String service = options.serviceName().apply(task.path("ServiceID").asText());
    long slot = task.path("Slot").asLong();
    return service + "." + (slot != 0 ? Long.toString(slot) : task.path("NodeID").asText());
  }

  private JsonNode row(JsonNode task, String name) {
    JsonNode status = task.path("Status");
    String id = task.path("ID").asText();
    String since =
        Phrases.ago(Phrases.time(status.path("Timestamp")), options.now()).toLowerCase(Locale.ROOT);
    return Listing.row(
        Map.of(
            "ID", options.full() ? id : Phrases.shortId(id),
            "Name", name,
            "Image", Phrases.image(task.path("Spec"), !options.full()),
            "Node", options.nodeName().apply(task.path("NodeID").asText()),
            "DesiredState", Phrases.capital(task.path("DesiredState").asText()),
            "CurrentState", Phrases.capital(status.path("State").asText()) + " " + since,
            "Error", error(errorOf(task)),
            "Ports", Ports.ofTask(status.path("PortStatus").path("Ports"))));
  }

  /**
   * What is wrong with it. The usual table, uncut, also says why a task was called off that had
   * nothing wrong with it: that is for people, who find it nowhere else.
   */
  private String errorOf(JsonNode task) {
    String error = task.path("Status").path("Err").asText();
    boolean calledOff = CALLED_OFF.contains(task.path("DesiredState").asText());
    return error.isEmpty() && options.full() && options.format().isEmpty() && calledOff
        ? task.path("Reason").asText()
        : error;
  }

  private String error(String error) {
    if (error.isEmpty()) {
      return "";
    }
    return "\"" + (options.full() ? error : Width.cut(error, ERROR_WIDTH_MAX)) + "\"";
  }
}
