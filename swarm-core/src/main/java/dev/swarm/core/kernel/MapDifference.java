package dev.swarm.core.kernel;

import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Difference between two maps, or two sets. Both are gone through side by side, in the natural
 * order of their keys: tables of ten thousand rows that differ in one are the common case.
 */
final class MapDifference {
  private MapDifference() {}

  /** Those that are only in {@code want}, or have another value there. */
  static <K extends Comparable<K>, V> void missing(
      SortedMap<K, V> have, SortedMap<K, V> want, BiConsumer<K, V> consumer) {
    if (have != want) {
      Cursor<K, V> held = new Cursor<>(have);
      want.forEach(
          (key, value) -> {
            if (!value.equals(held.at(key))) {
              consumer.accept(key, value);
            }
          });
    }
  }

  /** Those whose keys are only in {@code have}. */
  static <K extends Comparable<K>, V> void surplus(
      SortedMap<K, V> have, SortedMap<K, V> want, BiConsumer<K, V> consumer) {
    if (have != want) {
      Cursor<K, V> wanted = new Cursor<>(want);
      have.forEach(
          (key, value) -> {
            if (wanted.at(key) == null) {
              consumer.accept(key, value);
            }
          });
    }
  }

  /** Those that are in {@code all} and not in {@code known}. */
  static <T> void only(SortedSet<T> all, SortedSet<T> known, Consumer<T> consumer) {
    if (all != known) {
      all.forEach(
          one -> {
            if (!known.contains(one)) {
              consumer.accept(one);
            }
          });
    }
  }

  /** Finds keys that are asked for in order. */
  private static final class Cursor<K extends Comparable<K>, V> {
    private final Iterator<Map.Entry<K, V>> rest;
    private Map.@Nullable Entry<K, V> next;

    Cursor(SortedMap<K, V> map) {
      rest = map.entrySet().iterator();
      step();
    }

    private void step() {
      next = rest.hasNext() ? rest.next() : null;
    }

    @Nullable V at(K key) {
      while (next != null && next.getKey().compareTo(key) < 0) {
        step();
      }
      return next != null && next.getKey().compareTo(key) == 0 ? next.getValue() : null;
    }
  }
}
