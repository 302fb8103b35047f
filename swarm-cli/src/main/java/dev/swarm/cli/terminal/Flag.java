package dev.swarm.cli.terminal;

import java.util.List;

/**
 * One flag of a command.
 *
 * @param letter its one-letter form, or 0
 * @param label what the help calls its value; empty for a switch
 * @param choices the only values there are; empty if there are others
 * @param filled whether an empty value makes no sense, as of a name
 */
public record Flag(
    String name,
    char letter,
    Kind kind,
    String label,
    String help,
    List<String> choices,
    boolean filled) {
  /** How often a flag may be given, and whether it takes a value. */
  public enum Kind {
    /** On by itself; {@code --flag=false} turns it off. */
    SWITCH,
    /** One value; the last one counts. */
    VALUE,
    /** Every value counts. */
    LIST
  }

  public static Flag toggle(String name, String help) {
    return new Flag(name, '\0', Kind.SWITCH, "", help, List.of(), false);
  }

  public static Flag value(String name, String label, String help) {
    return new Flag(name, '\0', Kind.VALUE, label, help, List.of(), false);
  }

  public static Flag list(String name, String label, String help) {
    return new Flag(name, '\0', Kind.LIST, label, help, List.of(), false);
  }

  /** The same flag with a one-letter form. */
  public Flag or(char letter) {
    return new Flag(name, letter, kind, label, help, choices, filled);
  }

  /** The same flag, whose value is not empty. */
  public Flag notEmpty() {
    return new Flag(name, letter, kind, label, help, choices, true);
  }

  /** The same flag of a command that leaves alone what is not said. */
  public Flag ofChange() {
    String plain = help.replaceFirst(" \\(default [^()]*\\)$", "");
    return new Flag(name, letter, kind, label, plain, choices, filled);
  }

  /** The same flag, which takes one of {@code words} only. */
  public Flag of(String... words) {
    return new Flag(name, letter, kind, label, help, List.of(words), filled);
  }

  /** How messages name it: {@code --quiet}. */
  public String display() {
    return "--" + name;
  }
}
