package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.client.command.stack.Value.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges one file over another. Mappings are merged key by key, lists are joined, other values
 * replaced; lists of things that have a key of their own are merged by it.
 */
final class Merge {
  /** Lists by name, and what tells their entries apart. */
  private static final Map<String, String> KEYED =
      Map.of("ports", "published", "volumes", "target", "secrets", "source", "configs", "source");

  /** Whose later value replaces the earlier one as a whole. */
  private static final Set<String> WHOLE =
      Set.of("command", "entrypoint", "test", "aliases", "env_file");

  private Merge() {}

  static Mapping merge(Mapping base, Mapping over) {
    Map<String, Value> entries = new LinkedHashMap<>(base.entries());
    Map<String, Place> keys = new LinkedHashMap<>(base.keys());
    over.entries()
        .forEach(
            (key, value) -> {
              Value old = entries.get(key);
              entries.put(key, old == null ? value : merge(key, old, value));
            });
    keys.putAll(over.keys());
    return new Mapping(base.place(), entries, keys);
  }

  private static Value merge(String key, Value base, Value over) {
    if (base instanceof Mapping old && over instanceof Mapping next) {
      return key.equals("logging") && hasOtherDriver(old, next) ? next : merge(old, next);
    }
    if (base instanceof Sequence old && over instanceof Sequence next) {
      if (WHOLE.contains(key)) {
        return next.items().isEmpty() ? old : next;
      }
      return new Sequence(next.place(), items(KEYED.getOrDefault(key, ""), old, next));
    }
    return Value.isNull(over) && !Value.isNull(base) && !(base instanceof Scalar) ? base : over;
  }

  /** Options of one driver mean nothing to another. */
  private static boolean hasOtherDriver(Mapping base, Mapping over) {
    String old = base.text("driver").orElse("");
    String next = over.text("driver").orElse("");
    return !old.isEmpty() && !next.isEmpty() && !old.equals(next);
  }

  private static List<Value> items(String keyField, Sequence base, Sequence over) {
    List<Value> items = new ArrayList<>();
    for (Value item : base.items()) {
      String key = key(keyField, item);
      boolean replaced =
          !key.isEmpty() && over.items().stream().anyMatch(o -> key(keyField, o).equals(key));
      if (!replaced) {
        items.add(item);
      }
    }
    items.addAll(over.items());
    return items;
  }

  private static String key(String field, Value item) {
    return item instanceof Mapping mapping ? mapping.text(field).orElse("") : "";
  }
}
