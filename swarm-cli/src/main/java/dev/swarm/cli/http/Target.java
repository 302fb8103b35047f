package dev.swarm.cli.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A request's path and query, percent-encoded piece by piece. Immutable. */
public final class Target {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private final String encoded;
  private final boolean hasQuery;

  private Target(String encoded, boolean hasQuery) {
    this.encoded = encoded;
    this.hasQuery = hasQuery;
  }

  /** The path made of {@code segments}, each encoded on its own. */
  public static Target of(String... segments) {
    StringBuilder path = new StringBuilder();
    for (String segment : segments) {
      path.append('/');
      encode(segment, path);
    }
    return new Target(path.toString(), false);
  }

  /** This target with one more query parameter. */
  public Target with(String name, String value) {
    StringBuilder text = new StringBuilder(encoded).append(hasQuery ? '&' : '?');
    encode(name, text);
    encode(value, text.append('='));
    return new Target(text.toString(), true);
  }

  private static void encode(String text, StringBuilder out) {
    // A segment of dots alone would be taken as a step in the path.
    boolean dots = text.equals(".") || text.equals("..");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf(b) >= 0 && !(dots && b == '.')) {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
  }

  @Override
  public String toString() {
    return encoded;
  }
}
