package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened to an object of the swarm.
 *
 * @param type as in {@code service}
 * @param action {@code create}, {@code update} or {@code remove}
 * @param id of the object
 * @param attributes its name, and what an update changed as {@code replicas.old} and {@code .new}
 * @param labels the object's, for filters only
 */
record SwarmEvent(
    String type,
    String action,
    String id,
    Map<String, String> attributes,
    Map<String, String> labels,
    Instant at) {
  static final String SCOPE = "swarm";
  private static final long NANOS = 1_000_000_000L;

  String name() {
    return attributes.getOrDefault("name", "");
  }

  long timeNano() {
    return at.getEpochSecond() * NANOS + at.getNano();
  }

  ObjectNode json() {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("Type", type).put("Action", action);
    ObjectNode actor = out.putObject("Actor").put("ID", id);
    ObjectNode shown = actor.putObject("Attributes");
    new TreeMap<>(attributes).forEach(shown::put);
    out.put("scope", SCOPE);
    out.put("time", at.getEpochSecond());
    out.put("timeNano", timeNano());
    return out;
  }
}
