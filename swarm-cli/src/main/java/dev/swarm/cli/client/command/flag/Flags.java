package dev.swarm.cli.client.command.flag;

import dev.swarm.cli.terminal.Flag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The flags of one command line. Asking for a flag the command never declared is our bug. */
public final class Flags {
  private final Map<String, Flag> declared;
  private final Map<String, List<String>> given;

  /**
   * @param given the values by flag name, as typed, {@code "true"} and {@code "false"} for switches
   */
  public Flags(Map<String, Flag> declared, Map<String, List<String>> given) {
    this.declared = declared;
    this.given = given;
  }

  /** Whether the command has such a flag at all. */
  public boolean knows(String name) {
    return declared.containsKey(name);
  }

  /** Whether the user typed it, whatever its value. */
  public boolean has(String name) {
    return given.containsKey(flag(name).name());
  }

  public boolean hasAny(String... names) {
    for (String name : names) {
      if (knows(name) && has(name)) {
        return true;
      }
    }
    return false;
  }

  /** The names the user typed. */
  public Iterable<String> names() {
    return given.keySet();
  }

  public boolean on(String name) {
    return last(name).map("true"::equals).orElse(false);
  }

  public String text(String name) {
    return last(name).orElse("");
  }

  /** Every value given, in order. */
  public List<String> all(String name) {
    return given.getOrDefault(flag(name).name(), List.of());
  }

  /**
   * The flag's value read by {@code reader}, which throws {@link IllegalArgumentException} with a
   * reason when it cannot.
   */
  public <T> Optional<T> value(String name, Function<String, T> reader) {
    return last(name).map(text -> read(name, text, reader));
  }

  /** Every value read by {@code reader}. */
  public <T> List<T> values(String name, Function<String, T> reader) {
    return all(name).stream().map(text -> read(name, text, reader)).toList();
  }

  private <T> T read(String name, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw UsageError.value(flag(name), text, e);
    }
  }

  private Optional<String> last(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  private Flag flag(String name) {
    Flag flag = declared.get(name);
    if (flag == null) {
      throw new IllegalStateException("no flag --" + name + " was declared");
    }
    return flag;
  }
}
