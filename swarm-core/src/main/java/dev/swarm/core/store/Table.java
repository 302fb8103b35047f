package dev.swarm.core.store;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import kotlinx.collections.immutable.ExtensionsKt;
import kotlinx.collections.immutable.PersistentMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map whose next version shares the unchanged parts. The only class that knows which
 * library's map it is. Its order is that of hashes: sort before deciding anything by it.
 */
public final class Table<K, V> {
  private static final Table<?, ?> EMPTY = new Table<>(ExtensionsKt.persistentHashMapOf());

  private final PersistentMap<K, V> map;

  private Table(PersistentMap<K, V> map) {
    this.map = map;
  }

  @SuppressWarnings("unchecked")
  public static <K, V> Table<K, V> empty() {
    return (Table<K, V>) EMPTY;
  }

  public Optional<V> find(K key) {
    return Optional.ofNullable(map.get(key));
  }

  /** The value, or null; for the hot paths. */
  public @Nullable V get(K key) {
    return map.get(key);
  }

  public V getOrDefault(K key, V fallback) {
    V found = map.get(key);
    return found == null ? fallback : found;
  }

  public boolean contains(K key) {
    return map.containsKey(key);
  }

  public int size() {
    return map.size();
  }

  public boolean isEmpty() {
    return map.isEmpty();
  }

  /** In no order that a decision may rest on. */
  public Collection<V> values() {
    return map.values();
  }

  /** In no order that a decision may rest on. */
  public Collection<K> keys() {
    return map.keySet();
  }

  /** In no order that a decision may rest on. */
  public Collection<Map.Entry<K, V>> entries() {
    return map.entrySet();
  }

  public Stream<V> stream() {
    return map.values().stream();
  }

  public Builder<K, V> edit() {
    return new Builder<>(this);
  }

  /** A run of changes that copies each touched part of the map once. Not for several threads. */
  public static final class Builder<K, V> {
    private Table<K, V> base;
    private PersistentMap.@Nullable Builder<K, V> edits;

    private Builder(Table<K, V> base) {
      this.base = base;
    }

    private PersistentMap.Builder<K, V> edits() {
      if (edits == null) {
        edits = base.map.builder();
      }
      return edits;
    }

    public @Nullable V get(K key) {
      return edits == null ? base.map.get(key) : edits.get(key);
    }

    public boolean contains(K key) {
      return edits == null ? base.map.containsKey(key) : edits.containsKey(key);
    }

    public boolean isEmpty() {
      return edits == null ? base.map.isEmpty() : edits.isEmpty();
    }

    public void put(K key, V value) {
      edits().put(key, value);
    }

    public @Nullable V remove(K key) {
      return edits().remove(key);
    }

    /** Puts what {@code change} makes of the value, or removes it where that is null. */
    public void compute(K key, Function<@Nullable V, @Nullable V> change) {
      V next = change.apply(get(key));
      if (next == null) {
        remove(key);
      } else {
        put(key, next);
      }
    }

    public Table<K, V> build() {
      if (edits != null) {
        PersistentMap<K, V> edited = edits.build();
        if (edited != base.map) {
          base = new Table<>(edited);
        }
        edits = null;
      }
      return base;
    }
  }
}
