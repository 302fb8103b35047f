package dev.swarm.cli.client.command.flag;

import dev.swarm.cli.terminal.Flag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits the words after a command into flags and operands, by the rules Docker's users know:
 * {@code --name value}, {@code --name=value}, {@code -nvalue}, {@code -n=value}, switches together
 * as in {@code -dq}, and {@code --} before operands that look like flags.
 *
 * <p>Ours rather than picocli's: that library's class files are too old for the JVM's start-up
 * cache and made {@code node ls} three times slower.
 */
public final class CommandLineParser {
  /**
   * @param help whether the user asked for the command's help instead
   */
  public record Parsed(Flags flags, List<String> operands, boolean help) {}

  private final Map<String, Flag> byName = new LinkedHashMap<>();
  private final Map<Character, Flag> byLetter = new HashMap<>();
  private final boolean flagsFirst;
  private final List<String> words;
  private final Map<String, List<String>> given = new LinkedHashMap<>();
  private final List<String> operands = new ArrayList<>();
  private int at;
  private boolean help;

  private CommandLineParser(List<Flag> flags, boolean flagsFirst, List<String> words) {
    this.flagsFirst = flagsFirst;
    this.words = words;
    for (Flag flag : flags) {
      byName.put(flag.name(), flag);
      if (flag.letter() != '\0') {
        byLetter.put(flag.letter(), flag);
      }
    }
  }

  /**
   * @param flagsFirst whether everything after the first operand is an operand too
   * @throws UsageError for an unknown flag or one without its value
   */
  public static Parsed parse(List<Flag> flags, boolean flagsFirst, List<String> words) {
    return new CommandLineParser(flags, flagsFirst, words).parse();
  }

  private Parsed parse() {
    while (at < words.size() && !help) {
      String word = words.get(at++);
      if (word.equals("--")) {
        takeRest();
      } else if (word.startsWith("--")) {
        longFlag(word);
      } else if (word.startsWith("-") && word.length() > 1) {
        letters(word);
      } else {
        operands.add(word);
        if (flagsFirst) {
          takeRest();
        }
      }
    }
    return new Parsed(new Flags(byName, given), List.copyOf(operands), help);
  }

  private void takeRest() {
    operands.addAll(words.subList(at, words.size()));
    at = words.size();
  }

  private void longFlag(String word) {
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    Flag flag = byName.get(name);
    if (flag == null) {
      if (name.equals("help")) {
        help = true;
        return;
      }
      throw UsageError.flag("unknown flag: --" + name);
    }
    if (equals >= 0) {
      put(flag, word.substring(equals + 1));
    } else if (flag.kind() == Flag.Kind.SWITCH) {
      put(flag, "true");
    } else {
      put(flag, next("--" + name));
    }
  }

  private void letters(String word) {
    for (int i = 1; i < word.length() && !help; i++) {
      char letter = word.charAt(i);
      Flag flag = byLetter.get(letter);
      if (flag == null) {
        if (letter == 'h') {
          help = true;
          return;
        }
        throw UsageError.flag(
            "unknown flag: -" + letter + (word.length() > 2 ? " in " + word : ""));
      }
      String rest = word.substring(i + 1);
      if (rest.startsWith("=")) {
        put(flag, rest.substring(1));
        return;
      }
      if (flag.kind() != Flag.Kind.SWITCH) {
        put(flag, rest.isEmpty() ? next(flag.display()) : rest);
        return;
      }
      put(flag, "true");
    }
  }

  private String next(String name) {
    if (at >= words.size()) {
      throw UsageError.flag(name + " needs a value");
    }
    return words.get(at++);
  }

  private void put(Flag flag, String value) {
    String checked = flag.kind() == Flag.Kind.SWITCH ? bool(flag, value) : choice(flag, value);
    given.computeIfAbsent(flag.name(), name -> new ArrayList<>()).add(checked);
  }

  /** Of words, any case will do. */
  private static String choice(Flag flag, String value) {
    if (flag.filled() && value.isBlank()) {
      throw UsageError.conflict(flag.display() + " cannot be empty");
    }
    if (flag.choices().isEmpty()) {
      return value;
    }
    return flag.choices().stream()
        .filter(value::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(() -> UsageError.choice(flag, value));
  }

  private static String bool(Flag flag, String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> "true";
      case "0", "f", "F", "false", "FALSE", "False" -> "false";
      default -> throw UsageError.value(flag, value, new Unexpected("true or false", value));
    };
  }
}
