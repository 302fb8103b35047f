package dev.swarm.cli.node.engineapi.http;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a time in a query: seconds since 1970, with up to nine digits behind a point. */
public final class UnixTime {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,11})(?:\\.([0-9]{0,20}))?");

  private UnixTime() {}

  /**
   * @param parameter the query's, for the sentence that refuses {@code text}
   */
  public static Instant parse(String parameter, String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw ApiRejection.badRequest(
          "invalid value for \""
              + parameter
              + "\": '"
              + text
              + "' is not a Unix time, seconds.nanoseconds");
    }
    String fraction = matcher.group(2) == null ? "" : matcher.group(2);
    return Instant.ofEpochSecond(
        Long.parseLong(matcher.group(1)),
        Integer.parseInt((fraction + "000000000").substring(0, 9)));
  }

  public static String format(Instant time) {
    return "%d.%09d".formatted(time.getEpochSecond(), time.getNano());
  }
}
