package dev.swarm.core.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import dev.swarm.core.spec.Durations;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Limits for a message from outside: bytes and elements of every field, known to us or not, and
 * times that exist. Checked before anybody reads the message; rules for what a field may say follow
 * where it is read.
 *
 * @param textBytesMax of a text, or of raw bytes, where nothing else is said
 * @param elementsMax of a list or map, likewise
 * @param special the fields of which something else is said, by their full names
 */
public record Bounds(int textBytesMax, int elementsMax, Map<String, Limit> special) {
  private static final int UNKNOWN_BYTES_MAX = 16 << 10;
  private static final String V1 = "docker.swarmkit.v1.";

  /** What one field may hold: bytes of a text or a message, elements of a list. */
  public record Limit(int bytesMax, int elementsMax) {}

  /** What nodes send, of which a worker may have turned; and what strangers send. */
  public static final Bounds OF_NODES =
      new Bounds(
          4 << 10,
          1_000,
          Map.ofEntries(
              // Cut when it is read.
              text("TaskStatus.message", 4 << 20),
              text("TaskStatus.err", 4 << 20),
              list("UpdateTaskStatusRequest.updates", 1 << 20 << 3, 10_000),
              list("PortStatus.ports", 1 << 10, 65_536),
              // Stored with every node.
              text("SessionRequest.description", 128 << 10),
              text("NodeDescription.hostname", 255),
              list("EngineDescription.labels", 16 << 10, 1_000),
              list("Resources.generic", 1 << 10, 2_000),
              text("NodeTLSInfo.trust_root", 64 << 10),
              text("IssueNodeCertificateRequest.csr", 16 << 10),
              text("IssueNodeCertificateRequest.token", 256),
              text("AttachNetworkRequest.config", 64 << 10),
              // One piece of output may be long, and a batch has many.
              text("LogMessage.data", 2 << 20),
              // A variable of a container, with --log-opt env, is as long as Linux lets it be.
              text("LogAttr.value", 128 << 10),
              list("PublishLogsMessage.messages", 4 << 20, 10_000)));

  /** What people send, through clients that a manager let in; the rules of each object go on. */
  public static final Bounds OF_PEOPLE = new Bounds(2 << 20, 20_000, Map.of());

  private static Map.Entry<String, Limit> text(String field, int bytesMax) {
    return Map.entry(V1 + field, new Limit(bytesMax, 1));
  }

  private static Map.Entry<String, Limit> list(String field, int bytesMax, int elementsMax) {
    return Map.entry(V1 + field, new Limit(bytesMax, elementsMax));
  }

  /** The first field that holds too much, in a sentence; empty if none does. */
  public Optional<String> problem(Message message) {
    Optional<String> unknown = unknown(message.getUnknownFields());
    if (unknown.isPresent()) {
      return unknown;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      Optional<String> problem = problem(field.getKey(), field.getValue());
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  /** Groups are written by no version of the protocol, and nest without end. */
  private static Optional<String> unknown(UnknownFieldSet fields) {
    if (fields.getSerializedSize() > UNKNOWN_BYTES_MAX) {
      return Optional.of(
          "the message has %d bytes in fields that are not known here: at most %d are taken"
              .formatted(fields.getSerializedSize(), UNKNOWN_BYTES_MAX));
    }
    return fields.asMap().values().stream().allMatch(field -> field.getGroupList().isEmpty())
        ? Optional.empty()
        : Optional.of("the message has groups, which are not known here");
  }

  private Optional<String> problem(FieldDescriptor field, Object value) {
    Limit limit = special.getOrDefault(field.getFullName(), usual(field));
    if (!(value instanceof List<?> elements)) {
      return problem(field, value, limit.bytesMax);
    }
    if (elements.size() > limit.elementsMax) {
      return Optional.of(
          "%s has %d elements: at most %d are taken"
              .formatted(name(field), elements.size(), limit.elementsMax));
    }
    for (Object element : elements) {
      Optional<String> problem = problem(field, element, limit.bytesMax);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private Limit usual(FieldDescriptor field) {
    // A message is as large as its fields, and those have bounds.
    boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    return new Limit(nested ? Integer.MAX_VALUE : textBytesMax, elementsMax);
  }

  private Optional<String> problem(FieldDescriptor field, Object value, int bytesMax) {
    return switch (value) {
      case String text -> size(field, Excerpt.bytes(text), bytesMax);
      case ByteString bytes -> size(field, bytes.size(), bytesMax);
      case Timestamp time when !Durations.isValid(time) -> Optional.of(name(field) + " is no time");
      case Duration time when !Durations.isValid(time) ->
          Optional.of(name(field) + " is no length of time");
      case Message message ->
          size(field, message.getSerializedSize(), bytesMax).or(() -> nested(field, message));
      default -> Optional.empty();
    };
  }

  /**
   * The entries of a map have names of their own; what is said of the map holds for their texts.
   */
  private Optional<String> nested(FieldDescriptor field, Message message) {
    return field.isMapField() ? Optional.empty() : problem(message);
  }

  private static Optional<String> size(FieldDescriptor field, long bytes, int bytesMax) {
    return bytes <= bytesMax
        ? Optional.empty()
        : Optional.of(
            "%s has %d bytes: at most %d are taken".formatted(name(field), bytes, bytesMax));
  }

  private static String name(FieldDescriptor field) {
    return field.getName() + " of " + field.getContainingType().getName();
  }
}
