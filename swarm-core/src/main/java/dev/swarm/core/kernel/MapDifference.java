package dev.swarm.core.kernel;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Difference between two maps, or two sets. */
final class MapDifference {
  private MapDifference() {}

  /** Those that are only in {@code want}, or have another value there. */
  static <K, V> void missing(
      SortedMap<K, V> have, SortedMap<K, V> want, BiConsumer<K, V> consumer) {
    if (have != want) {
      want.forEach(
          (key, value) -> {
            if (!value.equals(have.get(key))) {
              consumer.accept(key, value);
            }
          });
    }
  }

  /** Those whose keys are only in {@code have}. */
  static <K, V> void surplus(
      SortedMap<K, V> have, SortedMap<K, V> want, BiConsumer<K, V> consumer) {
    if (have != want) {
      have.forEach(
          (key, value) -> {
            if (!want.containsKey(key)) {
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
}
