package dev.swarm.core.wire;

/**
 * A text for people, cut in its middle when it is too long to keep: its first and last bytes stay,
 * with a mark of how much is missing.
 */
public final class Excerpt {
  /** Room for the mark, whatever number it carries. */
  private static final int MARK_BYTES_MAX = 40;

  private Excerpt() {}

  /**
   * The text, in at most {@code bytesMax} bytes of UTF-8; no character is cut in two.
   *
   * @param bytesMax at least 64
   */
  public static String of(String text, int bytesMax) {
    if (text.length() <= bytesMax / 3) {
      return text; // no character of UTF-16 takes more than three bytes
    }
    long bytes = bytes(text);
    if (bytes <= bytesMax) {
      return text;
    }
    int half = (bytesMax - MARK_BYTES_MAX) / 2;
    int head = headOf(text, half);
    int tail = tailOf(text, half);
    return text.substring(0, head)
        + " [... "
        + bytes(text, head, tail)
        + " bytes cut ...] "
        + text.substring(tail);
  }

  private static int headOf(String text, int bytesMax) {
    int end = 0;
    for (int bytes = 0; end < text.length(); ) {
      int point = text.codePointAt(end);
      bytes += bytes(point);
      if (bytes > bytesMax) {
        break;
      }
      end += Character.charCount(point);
    }
    return end;
  }

  private static int tailOf(String text, int bytesMax) {
    int start = text.length();
    for (int bytes = 0; start > 0; ) {
      int point = text.codePointBefore(start);
      bytes += bytes(point);
      if (bytes > bytesMax) {
        break;
      }
      start -= Character.charCount(point);
    }
    return start;
  }

  /** What a text takes in UTF-8. */
  static long bytes(String text) {
    return bytes(text, 0, text.length());
  }

  private static long bytes(String text, int from, int to) {
    long bytes = 0;
    for (int i = from; i < to; ) {
      int point = text.codePointAt(i);
      bytes += bytes(point);
      i += Character.charCount(point);
    }
    return bytes;
  }

  /** Half a pair is counted as what replaces it may take. */
  private static int bytes(int point) {
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
}
