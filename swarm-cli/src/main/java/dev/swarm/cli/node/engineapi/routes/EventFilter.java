package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.QueryFilters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filter of the events that a client asked for, by the rules of the engine's own filters. */
record EventFilter(QueryFilters filters) {
  /** Filters that take an id or a name, or the beginning of one, of whatever the event is about. */
  private static final List<String> BY_NAME =
      List.of(
          "config",
          "container",
          "daemon",
          "network",
          "node",
          "plugin",
          "secret",
          "service",
          "task",
          "volume");

  boolean admits(SwarmEvent event) {
    return isAmong("type", event.type())
        && isAmong("event", event.action())
        && isAmong("scope", SwarmEvent.SCOPE)
        && (isAmong("image", event.id()) || isAmong("image", image(event)))
        && BY_NAME.stream().allMatch(filter -> beginsAs(filter, event))
        && filters.pairs("label").entrySet().stream().allMatch(label -> has(event, label));
  }

  private static String image(SwarmEvent event) {
    return event.attributes().getOrDefault("image", "");
  }

  private boolean isAmong(String filter, String value) {
    List<String> wanted = filters.get(filter);
    return wanted.isEmpty() || wanted.contains(value);
  }

  private boolean beginsAs(String filter, SwarmEvent event) {
    List<String> wanted = filters.get(filter);
    return wanted.isEmpty()
        || wanted.stream()
            .anyMatch(begin -> event.id().startsWith(begin) || event.name().startsWith(begin));
  }

  private static boolean has(SwarmEvent event, Map.Entry<String, String> label) {
    String key = label.getKey();
    return Optional.ofNullable(event.attributes().get(key))
        .or(() -> Optional.ofNullable(event.labels().get(key)))
        .filter(value -> label.getValue().isEmpty() || label.getValue().equals(value))
        .isPresent();
  }
}
