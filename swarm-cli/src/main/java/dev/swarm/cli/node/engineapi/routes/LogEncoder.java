package dev.swarm.cli.node.engineapi.routes;

import com.google.protobuf.ByteString;
import dev.swarm.cli.node.engineapi.json.Times;
import dev.swarm.core.docker.LogFrame;
import docker.swarmkit.v1.LogAttr;
import docker.swarmkit.v1.LogContext;
import docker.swarmkit.v1.LogMessage;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes log messages as Docker's clients read them. */
record LogEncoder(Style style) {
  private static final String CONTEXT = "com.docker.swarm";

  /** How the client wants its lines: details are the attributes, sorted, before each line. */
  record Style(boolean multiplexed, boolean timestamps, boolean details) {}

  /** Empty for a message of no known stream. */
  byte[] frame(LogMessage message) {
    return switch (message.getStream()) {
      case LOG_STREAM_STDOUT -> frame(LogFrame.Stream.OUT, line(message));
      case LOG_STREAM_STDERR -> frame(LogFrame.Stream.ERR, line(message));
      case LOG_STREAM_UNKNOWN, UNRECOGNIZED -> new byte[0];
    };
  }

  /** What went wrong in the middle of a stream; clients print it and fail. */
  byte[] error(String sentence) {
    return frame(
        LogFrame.Stream.SYSTEM_ERROR,
        ("Error grabbing logs: " + sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private byte[] frame(LogFrame.Stream stream, byte[] line) {
    return style.multiplexed() ? new LogFrame(stream, line).encoded() : line;
  }

  private byte[] line(LogMessage message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (style.timestamps()) {
      out.writeBytes(text(Times.rfc3339Padded(message.getTimestamp()) + " "));
    }
    if (style.details()) {
      out.writeBytes(text(details(message) + " "));
    }
    ByteString data = message.getData();
    out.writeBytes(data.toByteArray());
    return out.toByteArray();
  }

  /** What the manager knows of the origin wins over attributes of the same name. */
  private static String details(LogMessage message) {
    Map<String, String> attributes = new TreeMap<>();
    for (LogAttr attribute : message.getAttrsList()) {
      attributes.put(attribute.getKey(), attribute.getValue());
    }
    LogContext context = message.getContext();
    attributes.put(CONTEXT + ".node.id", context.getNodeId());
    attributes.put(CONTEXT + ".service.id", context.getServiceId());
    attributes.put(CONTEXT + ".task.id", context.getTaskId());
    return attributes.entrySet().stream()
        .map(e -> escaped(e.getKey()) + "=" + escaped(e.getValue()))
        .collect(Collectors.joining(","));
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
