package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.stack.Value.Mapping;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Shape of a mapping with known keys. An unknown one is an error; {@code x-} keys are the user's
 * own, and kept.
 */
final class Fields implements ComposeShape {
  /** What becomes of one key. */
  private interface Rule {
    void apply(Value value, Place key, Map<String, Value> out, Notes notes);
  }

  private static final int SUGGESTION_DISTANCE_MAX = 2;

  private final Map<String, Rule> rules = new TreeMap<>();

  Fields field(String name, ComposeShape shape) {
    rules.put(
        name,
        (value, key, out, notes) -> {
          if (!Value.isNull(value)) {
            out.put(name, shape.read(value, notes));
          }
        });
    return this;
  }

  /** Keys that mean nothing here and do no harm; kept as they are for who reads the file next. */
  Fields silent(String... names) {
    for (String name : names) {
      rules.put(name, (value, key, out, notes) -> out.put(name, value));
    }
    return this;
  }

  /** Keys that a swarm cannot honour; kept as they are. */
  Fields unsupported(String... names) {
    for (String name : names) {
      rules.put(
          name,
          (value, key, out, notes) -> {
            notes.unsupported(name);
            out.put(name, value);
          });
    }
    return this;
  }

  Fields deprecated(String name, String reason) {
    rules.put(
        name,
        (value, key, out, notes) -> {
          notes.deprecated(name, reason);
          out.put(name, value);
        });
    return this;
  }

  /** Keys that would make a difference if they were only left out. */
  Fields forbidden(String advice, String... names) {
    for (String name : names) {
      rules.put(
          name,
          (value, key, out, notes) -> {
            throw key.error("this option is not supported in a swarm: " + advice);
          });
    }
    return this;
  }

  @Override
  public Mapping read(Value value, Notes notes) {
    if (Value.isNull(value)) {
      return Mapping.empty(value.place());
    }
    if (!(value instanceof Mapping mapping)) {
      throw value.place().error("must be a mapping, not " + value.noun());
    }
    Map<String, Value> out = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              Place key = mapping.keys().getOrDefault(name, entry.place());
              Rule rule = rules.get(name);
              if (rule != null) {
                rule.apply(entry, key, out, notes);
              } else if (name.startsWith("x-")) {
                out.put(name, entry);
              } else {
                throw key.error("unknown key \"" + name + "\"" + advice(name));
              }
            });
    return new Mapping(mapping.place(), out, mapping.keys());
  }

  private String advice(String name) {
    Optional<String> close =
        rules.keySet().stream()
            .filter(known -> distance(known, name) <= SUGGESTION_DISTANCE_MAX)
            .findFirst();
    return close
        .map(known -> "; did you mean \"" + known + "\"?")
        .orElse("; take it out, or begin its name with \"x-\"");
  }

  /** How many letters have to be put in, taken out or changed. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
