package dev.swarm.cli.client.command.flag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts text into words: shell words, comma-separated fields, {@code key=value}. */
public final class Words {
  /**
   * @param value null in spirit but never in fact: empty when there was no {@code =}
   */
  public record Pair(String key, String value, boolean hasValue) {}

  private static final int QUOTED_MAX = 100;

  private Words() {}

  /** Text as messages show it: cut where nobody would read on. */
  public static String quoted(String text) {
    return "\"" + (text.length() > QUOTED_MAX ? text.substring(0, QUOTED_MAX) + "…" : text) + "\"";
  }

  public static Pair pair(String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? new Pair(text, "", false)
        : new Pair(text.substring(0, equals), text.substring(equals + 1), true);
  }

  /** Later pairs win; a word without {@code =} has an empty value. */
  public static Map<String, String> map(Iterable<String> words) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String word : words) {
      Pair pair = pair(word);
      map.put(pair.key(), pair.value());
    }
    return map;
  }

  /** One CSV record: fields may be quoted, a quote inside is doubled. */
  public static List<String> csv(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append(text.charAt(++i));
        } else {
          quoted = false;
        }
      } else if (c == '"' && field.isEmpty()) {
        quoted = true;
      } else if (c == '"') {
        throw new IllegalArgumentException("bare \" in a field that is not quoted");
      } else if (c == ',') {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quoted field has no end");
    }
    fields.add(field.toString());
    return fields;
  }

  /** Words as a shell would see them: quotes, backslashes and comments, no expansion. */
  public static List<String> shell(String text) {
    return new ShellWords(text).split();
  }

  private static final class ShellWords {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    ShellWords(String text) {
      this.text = text;
    }

    List<String> split() {
      for (at = 0; at < text.length(); at++) {
        char c = text.charAt(at);
        if (Character.isWhitespace(c)) {
          endWord();
        } else if (c == '#' && !inWord) {
          skipComment();
        } else {
          inWord = true;
          piece(c);
        }
      }
      endWord();
      return words;
    }

    private void piece(char c) {
      switch (c) {
        case '\'' -> singleQuoted();
        case '"' -> doubleQuoted();
        case '\\' -> word.append(next("a backslash"));
        default -> word.append(c);
      }
    }

    private void singleQuoted() {
      for (char c = next("a single quote"); c != '\''; c = next("a single quote")) {
        word.append(c);
      }
    }

    private void doubleQuoted() {
      for (char c = next("a double quote"); c != '"'; c = next("a double quote")) {
        word.append(c == '\\' ? next("a backslash") : c);
      }
    }

    private char next(String opened) {
      if (++at >= text.length()) {
        throw new IllegalArgumentException(
            opened + " at the end of \"" + text + "\" is never closed");
      }
      return text.charAt(at);
    }

    private void skipComment() {
      while (at < text.length() && text.charAt(at) != '\n') {
        at++;
      }
    }

    private void endWord() {
      if (inWord) {
        words.add(word.toString());
        word.setLength(0);
        inWord = false;
      }
    }
  }
}
