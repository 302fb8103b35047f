package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds a field of a spec that two changes set to different values. */
final class Overlap {
  /** A counter that only says "once more": two who say so do not contradict each other. */
  private static final String FORCE = "ForceUpdate";

  private Overlap() {}

  /**
   * The first field that {@code ours} and {@code theirs} both made something else of, and not the
   * same. Lists are one field.
   *
   * @param before what both began with
   */
  static Optional<String> first(JsonNode before, JsonNode ours, JsonNode theirs) {
    return first("", before, ours, theirs);
  }

  private static Optional<String> first(
      String path, JsonNode before, JsonNode ours, JsonNode theirs) {
    if (ours.equals(before) || theirs.equals(before) || ours.equals(theirs)) {
      return Optional.empty();
    }
    if (!isMap(before) || !isMap(ours) || !isMap(theirs)) {
      return Optional.of(path);
    }
    Set<String> names = new TreeSet<>();
    ours.fieldNames().forEachRemaining(names::add);
    before.fieldNames().forEachRemaining(names::add);
    names.remove(FORCE);
    for (String name : names) {
      Optional<String> clash =
          first(
              path.isEmpty() ? name : path + "." + name,
              before.path(name),
              ours.path(name),
              theirs.path(name));
      if (clash.isPresent()) {
        return clash;
      }
    }
    return Optional.empty();
  }

  /** What is not there yet is a map without entries. */
  private static boolean isMap(JsonNode node) {
    return node.isObject() || node instanceof MissingNode;
  }
}
