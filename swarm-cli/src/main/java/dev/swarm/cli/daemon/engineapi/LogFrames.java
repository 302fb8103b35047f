package dev.swarm.cli.daemon.engineapi;

import com.google.protobuf.ByteString;
import dev.swarm.cli.daemon.engineapi.json.Times;
import docker.swarmkit.v1.LogAttr;
import docker.swarmkit.v1.LogContext;
import docker.swarmkit.v1.LogMessage;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Log messages as Docker's clients read them. Multiplexed, each is a frame: a byte for the stream,
 * three zeros, the length as a big-endian 32-bit number, the line.
 */
record LogFrames(Style style) {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int SYSTEM_ERROR = 3;
  private static final int HEADER_LENGTH = 8;
  private static final String CONTEXT = "com.docker.swarm";

  /** How the client wants its lines: details are the attributes, sorted, before each line. */
  record Style(boolean multiplexed, boolean timestamps, boolean details) {}

  /** Empty for a message of no known stream. */
  byte[] frame(LogMessage message) {
    return switch (message.getStream()) {
      case LOG_STREAM_STDOUT -> frame(STDOUT, line(message));
      case LOG_STREAM_STDERR -> frame(STDERR, line(message));
      case LOG_STREAM_UNKNOWN, UNRECOGNIZED -> new byte[0];
    };
  }

  /** What went wrong in the middle of a stream; clients print it and fail. */
  byte[] error(String sentence) {
    return frame(
        SYSTEM_ERROR, ("Error grabbing logs: " + sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private byte[] frame(int stream, byte[] line) {
    if (!style.multiplexed()) {
      return line;
    }
    return ByteBuffer.allocate(HEADER_LENGTH + line.length)
        .put((byte) stream)
        .put(new byte[3])
        .putInt(line.length)
        .put(line)
        .array();
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
