package dev.swarm.cli.client.command.stack;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects the parts of a Compose file that have no effect on a swarm, to tell each once. For one
 * thread.
 */
final class Notes {
  private final TreeSet<String> unsupported = new TreeSet<>();
  private final TreeMap<String, String> deprecated = new TreeMap<>();
  private final Set<String> warnings = new LinkedHashSet<>();

  void unsupported(String key) {
    unsupported.add(key);
  }

  void deprecated(String key, String reason) {
    deprecated.put(key, reason);
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  /** Texts for the user, each ending in a line feed. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    if (!unsupported.isEmpty()) {
      texts.add("Ignoring unsupported options: " + String.join(", ", unsupported) + "\n\n");
    }
    if (!deprecated.isEmpty()) {
      List<String> lines = new ArrayList<>();
      deprecated.forEach((key, reason) -> lines.add(key + ": " + reason));
      texts.add("Ignoring deprecated options:\n\n" + String.join("\n\n", lines) + "\n\n");
    }
    warnings.forEach(warning -> texts.add(warning + "\n"));
    return texts;
  }
}
