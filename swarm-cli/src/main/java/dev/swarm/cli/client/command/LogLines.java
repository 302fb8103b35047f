package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Durations;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Target;
import dev.swarm.core.text.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Formats log lines for people: the task that wrote it, and the line. The daemon puts {@code
 * details} before each line, and a time before those when asked to.
 */
final class LogLines {
  private static final String NODE = "com.docker.swarm.node.id";
  private static final String SERVICE = "com.docker.swarm.service.id";
  private static final String TASK = "com.docker.swarm.task.id";
  private static final int SHORT_ID = 12;

  private final Context context;
  private final Flags flags;
  private final int slotDigits;
  private final Names names;
  private final Map<String, String> speakers = new HashMap<>();

  LogLines(Context context, Flags flags, int slotDigits) {
    this.context = context;
    this.flags = flags;
    this.slotDigits = slotDigits;
    this.names = new Names(context, !flags.on("no-resolve"));
  }

  /** One line with its end, as it came, to one as it is shown. */
  byte[] format(byte[] line) throws IOException {
    int from = flags.on("timestamps") ? space(line, 0) + 1 : 0;
    int split = space(line, from);
    Map<String, String> details = details(text(line, from, split));
    ByteArrayOutputStream out = new ByteArrayOutputStream(line.length + 64);
    out.write(line, 0, from);
    out.writeBytes((speaker(details) + "    | ").getBytes(StandardCharsets.UTF_8));
    if (flags.on("details")) {
      out.writeBytes(extra(details).getBytes(StandardCharsets.UTF_8));
    }
    out.write(line, split + 1, line.length - split - 1);
    return out.toByteArray();
  }

  private static int space(byte[] line, int from) throws IOException {
    for (int i = from; i < line.length; i++) {
      if (line[i] == ' ') {
        return i;
      }
    }
    throw new IOException("invalid context in log message: " + text(line, 0, line.length));
  }

  private static String text(byte[] line, int from, int to) {
    return new String(line, from, to - from, StandardCharsets.UTF_8);
  }

  private static Map<String, String> details(String text) {
    Map<String, String> details = new TreeMap<>();
    for (String field : text.split(",", -1)) {
      Words.Pair pair = Words.pair(field);
      details.put(decoded(pair.key()), decoded(pair.value()));
    }
    return details;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private String speaker(Map<String, String> details) throws IOException {
    String task = details.getOrDefault(TASK, "");
    String known = speakers.get(task);
    if (known != null) {
      return known;
    }
    String node = names.node(details.getOrDefault(NODE, ""));
    String service = names.service(details.getOrDefault(SERVICE, ""));
    JsonNode slot = context.api().get(Target.of("tasks", task)).path("Slot");
    StringBuilder speaker =
        new StringBuilder(Printable.of(service)).append('.').append(slot.asLong());
    if (!flags.on("no-task-ids")) {
      boolean whole = flags.on("no-trunc") || task.length() <= SHORT_ID;
      speaker.append('.').append(whole ? task : task.substring(0, SHORT_ID));
    }
    speaker.append('@').append(Printable.of(node));
    speaker.repeat(' ', Math.max(0, slotDigits - Long.toString(slot.asLong()).length()));
    speakers.put(task, speaker.toString());
    return speaker.toString();
  }

  private static String extra(Map<String, String> details) {
    StringBuilder extra = new StringBuilder();
    details.forEach(
        (key, value) -> {
          if (!key.equals(NODE) && !key.equals(SERVICE) && !key.equals(TASK) && !key.isEmpty()) {
            extra
                .append(extra.isEmpty() ? "" : ",")
                .append(Printable.of(key))
                .append('=')
                .append(Printable.of(value));
          }
        });
    return extra.append(' ').toString();
  }

  /**
   * A time as the API has it, seconds since 1970.
   *
   * @param text a time, a date, seconds since 1970, or how long ago
   */
  static String since(String text, Instant now) {
    if (text.matches("\\d{1,12}(\\.\\d{1,9})?")) {
      return text;
    }
    try {
      return seconds(now.minusNanos(Durations.parsePositiveNanos(text)));
    } catch (IllegalArgumentException e) {
      return seconds(time(text));
    }
  }

  private static Instant time(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
          : Instant.parse(text.matches(".*(Z|[+-]\\d\\d:\\d\\d)") ? text : text + "Z");
    } catch (DateTimeException e) {
      throw new Unexpected("a time such as 2026-01-02T13:23:37Z or a duration such as 42m", text);
    }
  }

  private static String seconds(Instant time) {
    return "%d.%09d".formatted(time.getEpochSecond(), time.getNano());
  }
}
