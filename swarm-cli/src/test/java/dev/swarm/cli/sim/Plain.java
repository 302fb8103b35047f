package dev.swarm.cli.sim;

import dev.swarm.core.store.Table;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Snapshots as plain lists and maps, which compare by what is in them. */
final class Plain {
  private Plain() {}

  static Object of(Object value) {
    if (value instanceof Table<?, ?> table) {
      Map<Object, Object> map = new HashMap<>();
      table.entries().forEach(entry -> map.put(entry.getKey(), of(entry.getValue())));
      return map;
    }
    if (value instanceof Record record
        && record.getClass().getName().startsWith("dev.swarm.core.store.")) {
      Map<Object, Object> parts = new HashMap<>();
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        try {
          parts.put(component.getName(), of(component.getAccessor().invoke(record)));
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(e.getMessage(), e);
        }
      }
      return parts;
    }
    return value;
  }

  /** Where two of them differ, for people. */
  static String difference(Object a, Object b) {
    if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
      List<String> found = new ArrayList<>();
      left.forEach(
          (key, value) -> {
            Object other = right.get(key);
            if (!Objects.equals(value, other)) {
              found.add(
                  key + ": " + (other == null ? value + " / none" : difference(value, other)));
            }
          });
      right.keySet().stream()
          .filter(key -> !left.containsKey(key))
          .forEach(key -> found.add(key + ": none / " + right.get(key)));
      return found.toString();
    }
    return a + " / " + b;
  }
}
