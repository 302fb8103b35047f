package dev.swarm.core.text;

/**
 * Makes text safe to show on a terminal or in a log: what would move the cursor, colour, ring,
 * begin a line of its own or turn the direction of reading is written as an escape. Names, errors,
 * labels and messages come from nodes and tasks, and a terminal obeys what it is sent.
 */
public final class Printable {
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int DELETE = 0x7f;
  private static final int LAST_CONTROL = 0x9f;

  private Printable() {}

  /** The same text on one line; itself if there is nothing to escape. */
  public static String of(String text) {
    return escape(text, "");
  }

  /** The same text, with its line breaks and tabs left as they are: for texts of several lines. */
  public static String lines(String text) {
    return escape(text, "\n\t");
  }

  private static String escape(String text, String spared) {
    int first = 0;
    while (first < text.length() && isSafe(text.charAt(first), spared)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isSafe(c, spared)) {
        out.append(c);
      } else {
        append(out, c);
      }
    }
    return out.toString();
  }

  private static boolean isSafe(char c, String spared) {
    if (c < FIRST_PRINTABLE) {
      return spared.indexOf(c) >= 0;
    }
    return c < DELETE || (c > LAST_CONTROL && !turnsLines(c));
  }

  /** Line and paragraph separators, and what turns the direction of reading. */
  private static boolean turnsLines(char c) {
    return c == '\u200e'
        || c == '\u200f'
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  private static void append(StringBuilder out, char c) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default ->
          out.append(
              c <= 0xff ? String.format("\\x%02x", (int) c) : String.format("\\u%04x", (int) c));
    }
  }
}
