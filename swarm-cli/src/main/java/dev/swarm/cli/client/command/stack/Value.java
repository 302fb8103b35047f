package dev.swarm.cli.client.command.stack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value in a Compose file, with its position. Immutable. */
sealed interface Value {
  Place place();

  /** What a user calls such a value. */
  String noun();

  /** What a plain word can mean. */
  enum Kind {
    TEXT("a string"),
    INTEGER("a number"),
    DECIMAL("a number"),
    BOOLEAN("a boolean"),
    NULL("null");

    private final String noun;

    Kind(String noun) {
      this.noun = noun;
    }
  }

  /**
   * @param substituted whether a variable was put in, after which a number is still text
   */
  record Scalar(Place place, Kind kind, String text, boolean substituted) implements Value {
    static Scalar text(Place place, String text) {
      return new Scalar(place, Kind.TEXT, text, false);
    }

    static Scalar integer(Place place, long number) {
      return new Scalar(place, Kind.INTEGER, Long.toString(number), false);
    }

    boolean isNull() {
      return kind == Kind.NULL;
    }

    @Override
    public String noun() {
      return kind.noun;
    }
  }

  /** A list. */
  record Sequence(Place place, List<Value> items) implements Value {
    @Override
    public String noun() {
      return "a list";
    }
  }

  /**
   * A mapping, in the order of the file.
   *
   * @param keys where each key stands
   */
  record Mapping(Place place, Map<String, Value> entries, Map<String, Place> keys)
      implements Value {
    static Mapping empty(Place place) {
      return new Mapping(place, Map.of(), Map.of());
    }

    Optional<Value> get(String key) {
      return Optional.ofNullable(entries.get(key)).filter(value -> !isNull(value));
    }

    /** The mapping at {@code key}, an empty one if there is none. */
    Mapping child(String key) {
      return get(key).map(Mapping.class::cast).orElse(empty(place.member(key)));
    }

    /** The items at {@code key}, none if there is no list. */
    List<Value> items(String key) {
      return get(key).map(Sequence.class::cast).map(Sequence::items).orElse(List.of());
    }

    Optional<Scalar> scalar(String key) {
      return get(key).map(Scalar.class::cast);
    }

    Optional<String> text(String key) {
      return scalar(key).map(Scalar::text);
    }

    boolean on(String key) {
      return text(key).map("true"::equals).orElse(false);
    }

    Optional<Long> number(String key) {
      return text(key).map(Long::valueOf);
    }

    List<String> texts(String key) {
      return items(key).stream().map(item -> ((Scalar) item).text()).toList();
    }

    /** The mapping at {@code key} as strings, null as emptiness. */
    Map<String, String> map(String key) {
      Map<String, String> map = new LinkedHashMap<>();
      child(key).entries().forEach((name, value) -> map.put(name, ((Scalar) value).text()));
      return map;
    }

    Mapping with(String key, Value value) {
      Map<String, Value> changed = new LinkedHashMap<>(entries);
      Map<String, Place> places = new LinkedHashMap<>(keys);
      changed.put(key, value);
      places.putIfAbsent(key, value.place());
      return new Mapping(place, changed, places);
    }

    Mapping without(String key) {
      Map<String, Value> changed = new LinkedHashMap<>(entries);
      changed.remove(key);
      return new Mapping(place, changed, keys);
    }

    @Override
    public String noun() {
      return "a mapping";
    }
  }

  static boolean isNull(Value value) {
    return value instanceof Scalar scalar && scalar.isNull();
  }
}
