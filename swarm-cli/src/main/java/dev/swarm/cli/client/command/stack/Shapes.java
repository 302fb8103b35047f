package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.flag.Durations;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.client.command.stack.Value.Kind;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.client.command.stack.Value.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Shapes that Compose files are made of. */
final class Shapes {
  /** A string; a number is one, too. */
  static final ComposeShape TEXT = (value, notes) -> text(value);

  static final ComposeShape BOOLEAN = (value, notes) -> bool(value);
  static final ComposeShape INTEGER = (value, notes) -> integer(value);

  /** A share such as 0.25. */
  static final ComposeShape RATIO = checked(Numbers::ratio);

  /** {@code 1m30s}. */
  static final ComposeShape DURATION = checked(Shapes::duration);

  /** {@code 64M}, or a number of bytes. */
  static final ComposeShape BYTES = checked(Numbers::bytes);

  /** {@code 0.5}. */
  static final ComposeShape CPUS = checked(Numbers::nanoCpus);

  static final ComposeShape TEXTS = list(TEXT);
  static final ComposeShape TEXT_OR_TEXTS = oneOr(TEXTS);

  /** A list, or one string of shell words. */
  static final ComposeShape COMMAND = Shapes::command;

  /** {@code key: value}, or a list of {@code key=value}; what has no value is empty. */
  static final ComposeShape LABELS = pairs(false);

  /** The same; what has no value stays without one. */
  static final ComposeShape VARIABLES = pairs(true);

  /** Options of a driver: strings by name. */
  static final ComposeShape OPTIONS = map(Shapes::option);

  private Shapes() {}

  private static Scalar text(Value value) {
    if (value instanceof Scalar scalar
        && scalar.kind() != Kind.BOOLEAN
        && scalar.kind() != Kind.NULL) {
      return new Scalar(scalar.place(), Kind.TEXT, scalar.text(), scalar.substituted());
    }
    boolean bool = value instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN;
    throw value
        .place()
        .error("must be a string, not " + value.noun() + (bool ? "; put it in quotes" : ""));
  }

  private static Value option(Value value, Notes notes) {
    return Value.isNull(value) ? Scalar.text(value.place(), "") : word(value);
  }

  /** A string, a number or a boolean, as it is written. */
  private static Scalar word(Value value) {
    return value instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN
        ? Scalar.text(scalar.place(), scalar.text())
        : text(value);
  }

  private static Scalar bool(Value value) {
    if (value instanceof Scalar scalar) {
      if (scalar.kind() == Kind.BOOLEAN) {
        return scalar;
      }
      String word = scalar.text().toLowerCase(Locale.ROOT);
      if (scalar.kind() == Kind.TEXT) {
        return switch (word) {
          case "y", "yes", "true", "on" -> new Scalar(scalar.place(), Kind.BOOLEAN, "true", false);
          case "n", "no", "false", "off" ->
              new Scalar(scalar.place(), Kind.BOOLEAN, "false", false);
          default -> throw scalar.place().error("\"" + scalar.text() + "\" must be true or false");
        };
      }
    }
    throw value.place().error("must be true or false, not " + value.noun());
  }

  /** Digits in quotes are a number, too, in octal where they begin with 0. */
  private static Scalar integer(Value value) {
    if (value instanceof Scalar scalar) {
      if (scalar.kind() == Kind.INTEGER && scalar.text().matches("-?\\d{1,18}")) {
        return new Scalar(scalar.place(), Kind.INTEGER, scalar.text(), false);
      }
      if (scalar.kind() == Kind.TEXT && scalar.text().matches("-?\\d{1,18}")) {
        return Scalar.integer(scalar.place(), number(scalar));
      }
      if (scalar.kind() == Kind.TEXT) {
        throw scalar.place().error("\"" + scalar.text() + "\" must be a whole number");
      }
    }
    throw value.place().error("must be a whole number, not " + value.noun());
  }

  private static long number(Scalar scalar) {
    try {
      return Numbers.signed(scalar.text());
    } catch (IllegalArgumentException e) {
      throw scalar.place().error("\"" + scalar.text() + "\" must be a whole number");
    }
  }

  private static void duration(String text) {
    Durations.parsePositiveNanos(text);
  }

  /** A string that {@code reader} can make sense of; it throws with a reason otherwise. */
  static ComposeShape checked(Consumer<String> reader) {
    return (value, notes) -> {
      Scalar scalar = text(value);
      try {
        reader.accept(scalar.text());
      } catch (Unexpected e) {
        throw scalar.place().error("must be " + e.getMessage());
      } catch (IllegalArgumentException e) {
        throw scalar.place().error(String.valueOf(e.getMessage()));
      }
      return scalar;
    };
  }

  static ComposeShape oneOf(String... words) {
    List<String> all = List.of(words);
    return (value, notes) -> {
      Scalar scalar = text(value);
      if (!all.contains(scalar.text())) {
        throw scalar
            .place()
            .error("\"" + scalar.text() + "\" must be one of " + String.join(", ", all));
      }
      return scalar;
    };
  }

  static ComposeShape list(ComposeShape item) {
    return (value, notes) -> {
      if (!(value instanceof Sequence sequence)) {
        throw value.place().error("must be a list, not " + value.noun());
      }
      List<Value> items = new ArrayList<>();
      sequence.items().forEach(each -> items.add(item.read(each, notes)));
      return new Sequence(sequence.place(), items);
    };
  }

  /** A list, or its only item without the list. */
  static ComposeShape oneOr(ComposeShape list) {
    return (value, notes) ->
        list.read(
            value instanceof Scalar ? new Sequence(value.place(), List.of(value)) : value, notes);
  }

  static ComposeShape map(ComposeShape entry) {
    return (value, notes) -> {
      if (Value.isNull(value)) {
        return Mapping.empty(value.place());
      }
      if (!(value instanceof Mapping mapping)) {
        throw value.place().error("must be a mapping, not " + value.noun());
      }
      Map<String, Value> entries = new LinkedHashMap<>();
      mapping.entries().forEach((key, each) -> entries.put(key, entry.read(each, notes)));
      return new Mapping(mapping.place(), entries, mapping.keys());
    };
  }

  private static Value command(Value value, Notes notes) {
    if (!(value instanceof Scalar)) {
      return TEXTS.read(value, notes);
    }
    Scalar line = text(value);
    try {
      List<Value> words = new ArrayList<>();
      Words.shell(line.text()).forEach(word -> words.add(Scalar.text(line.place(), word)));
      return new Sequence(line.place(), words);
    } catch (IllegalArgumentException e) {
      throw line.place().error(String.valueOf(e.getMessage()));
    }
  }

  private static ComposeShape pairs(boolean allowNone) {
    ComposeShape entry =
        (value, notes) ->
            !Value.isNull(value)
                ? word(value)
                : allowNone ? (Scalar) value : Scalar.text(value.place(), "");
    ComposeShape mapping = map(entry);
    return (value, notes) ->
        mapping.read(value instanceof Sequence list ? asMapping(list) : value, notes);
  }

  private static Mapping asMapping(Sequence list) {
    Map<String, Value> entries = new LinkedHashMap<>();
    Map<String, Place> keys = new LinkedHashMap<>();
    for (Value item : list.items()) {
      Words.Pair pair = Words.pair(text(item).text());
      Kind kind = pair.hasValue() ? Kind.TEXT : Kind.NULL;
      entries.put(pair.key(), new Scalar(item.place(), kind, pair.value(), false));
      keys.put(pair.key(), item.place());
    }
    return new Mapping(list.place(), entries, keys);
  }
}
