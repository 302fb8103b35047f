package dev.swarm.cli.client.render;

/** Number of terminal columns that text takes: East Asian wide characters take two. */
public final class Width {
  /** First and last code point of each wide block, in order. */
  private static final int[] WIDE = {
    0x1100, 0x115f, 0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xa000, 0xa4cf,
    0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6,
    0x1f300, 0x1f64f, 0x1f900, 0x1f9ff, 0x20000, 0x2fffd, 0x30000, 0x3fffd
  };

  private Width() {}

  public static int of(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      width += of(codePoint);
      i += Character.charCount(codePoint);
    }
    return width;
  }

  static int of(int codePoint) {
    if (codePoint < WIDE[0]) {
      return 1;
    }
    for (int i = 0; i < WIDE.length; i += 2) {
      if (codePoint >= WIDE[i] && codePoint <= WIDE[i + 1]) {
        return 2;
      }
    }
    return 1;
  }

  /** {@code text} in at most {@code limit} columns, its last one an ellipsis when it was cut. */
  public static String cut(String text, int limit) {
    if (of(text) <= limit) {
      return text;
    }
    int width = 0;
    int end = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      if (width + of(codePoint) > limit - 1) {
        break;
      }
      width += of(codePoint);
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end) + "…";
  }
}
