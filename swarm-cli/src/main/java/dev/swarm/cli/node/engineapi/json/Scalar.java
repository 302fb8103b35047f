package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Timestamp;
import java.math.BigInteger;
import java.util.Base64;
import java.util.function.Function;
import java.util.function.Predicate;

/** JSON forms of single values. Every reader checks type and range and names the path. */
public record Scalar(
    Function<JsonIn, Object> reader, Function<Object, JsonNode> writer, Predicate<Object> emptiness)
    implements JsonType {

  private static final BigInteger UINT64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final int PORT_MAX = 65535;

  public static final Scalar STRING =
      new Scalar(Scalar::string, v -> TextNode.valueOf((String) v), v -> ((String) v).isEmpty());

  public static final Scalar BOOL =
      new Scalar(Scalar::bool, v -> BooleanNode.valueOf((Boolean) v), v -> !(Boolean) v);

  /** A whole number that may be negative. */
  public static final Scalar INT64 =
      new Scalar(in -> int64(in), Scalar::fromLong, v -> (Long) v == 0);

  /** A whole number from 0: amounts of memory, processor, attempts. */
  public static final Scalar AMOUNT =
      new Scalar(in -> notNegative(in, int64(in)), Scalar::fromLong, v -> (Long) v == 0);

  public static final Scalar INT32 =
      new Scalar(
          in -> (int) between(in, Integer.MIN_VALUE, Integer.MAX_VALUE),
          v -> LongNode.valueOf((Integer) v),
          v -> (Integer) v == 0);

  /** Retries and the like: 0 to 2³¹-1. */
  public static final Scalar COUNT =
      new Scalar(
          in -> (int) between(in, 0, Integer.MAX_VALUE),
          v -> LongNode.valueOf((Integer) v),
          v -> (Integer) v == 0);

  public static final Scalar UINT32 =
      new Scalar(
          in -> (int) between(in, 0, 0xFFFF_FFFFL),
          v -> LongNode.valueOf(Integer.toUnsignedLong((Integer) v)),
          v -> (Integer) v == 0);

  public static final Scalar UINT64 =
      new Scalar(Scalar::uint64, Scalar::fromUnsignedLong, v -> (Long) v == 0);

  public static final Scalar PORT =
      new Scalar(
          in -> (int) between(in, 0, PORT_MAX),
          v -> LongNode.valueOf(Integer.toUnsignedLong((Integer) v)),
          v -> (Integer) v == 0);

  public static final Scalar FLOAT =
      new Scalar(Scalar::float32, Scalar::fromFloat, v -> (Float) v == 0);

  /** Bytes, as base64. */
  public static final Scalar BASE64 =
      new Scalar(Scalar::base64, Scalar::toBase64, v -> ((ByteString) v).isEmpty());

  /** Bytes that are text, such as PEM. */
  public static final Scalar TEXT =
      new Scalar(
          in -> ByteString.copyFromUtf8((String) string(in)),
          v -> TextNode.valueOf(((ByteString) v).toStringUtf8()),
          v -> ((ByteString) v).isEmpty());

  /** Nanoseconds, where 0 and absent are the same. */
  public static final Scalar DURATION =
      new Scalar(
          in -> Times.duration((Long) notNegative(in, int64(in))),
          v -> LongNode.valueOf(Times.nanos((Duration) v)),
          v -> Times.nanos((Duration) v) == 0);

  /** Nanoseconds, where 0 is a choice and absent means the default. */
  public static final Scalar DURATION_OR_ABSENT =
      new Scalar(DURATION.reader, DURATION.writer, v -> false);

  /** RFC 3339; never read, since times are the manager's. */
  public static final Scalar TIMESTAMP =
      new Scalar(
          in -> {
            throw in.bad("times cannot be set");
          },
          v -> TextNode.valueOf(Times.rfc3339((Timestamp) v)),
          v -> ((Timestamp) v).equals(Timestamp.getDefaultInstance()));

  public static final Scalar BOOL_VALUE =
      new Scalar(
          in -> BoolValue.of((Boolean) bool(in)),
          v -> BooleanNode.valueOf(((BoolValue) v).getValue()),
          v -> false);

  public static final Scalar INT64_VALUE =
      new Scalar(
          in -> Int64Value.of(int64(in)),
          v -> LongNode.valueOf(((Int64Value) v).getValue()),
          v -> false);

  /** The usual JSON form of a field of this type. */
  static JsonType usual(FieldDescriptor field) {
    return switch (field.getType()) {
      case STRING -> STRING;
      case BOOL -> BOOL;
      case INT64 -> INT64;
      case INT32 -> INT32;
      case UINT32 -> UINT32;
      case UINT64 -> UINT64;
      case FLOAT -> FLOAT;
      case BYTES -> BASE64;
      case ENUM -> EnumNames.of(field.getEnumType());
      case MESSAGE ->
          switch (field.getMessageType().getFullName()) {
            case "google.protobuf.Duration" -> DURATION;
            case "google.protobuf.Timestamp" -> TIMESTAMP;
            case "google.protobuf.BoolValue" -> BOOL_VALUE;
            case "google.protobuf.Int64Value" -> INT64_VALUE;
            default -> throw new IllegalArgumentException(field + " needs a shape");
          };
      default -> throw new IllegalArgumentException(field + " has no JSON form");
    };
  }

  @Override
  public Object read(JsonIn in) {
    return reader.apply(in);
  }

  @Override
  public JsonNode write(Object value) {
    return writer.apply(value);
  }

  @Override
  public boolean isEmpty(Object value) {
    return emptiness.test(value);
  }

  private static Object string(JsonIn in) {
    if (!in.node().isTextual()) {
      throw in.expected("a string");
    }
    String text = in.node().textValue();
    // A lone half of a surrogate pair has no UTF-8 form: it would change on its way to the manager.
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw in.bad("is not valid Unicode");
    }
    return text;
  }

  private static Object bool(JsonIn in) {
    if (!in.node().isBoolean()) {
      throw in.expected("true or false");
    }
    return in.node().booleanValue();
  }

  private static long int64(JsonIn in) {
    if (!in.node().isIntegralNumber()) {
      throw in.expected("a whole number");
    }
    if (!in.node().canConvertToLong()) {
      throw in.bad(in.node().asText() + " does not fit in 64 bits");
    }
    return in.node().longValue();
  }

  private static Object notNegative(JsonIn in, long value) {
    if (value < 0) {
      throw in.bad(value + " must not be negative");
    }
    return value;
  }

  private static long between(JsonIn in, long min, long max) {
    long value = int64(in);
    if (min == 0) {
      notNegative(in, value);
    }
    if (value < min || value > max) {
      throw in.bad(value + " is not between " + min + " and " + max);
    }
    return value;
  }

  private static Object uint64(JsonIn in) {
    if (!in.node().isIntegralNumber()) {
      throw in.expected("a whole number");
    }
    BigInteger value = in.node().bigIntegerValue();
    if (value.signum() < 0) {
      throw in.bad(value + " must not be negative");
    }
    if (value.compareTo(UINT64_MAX) > 0) {
      throw in.bad(value + " does not fit in 64 bits");
    }
    return value.longValue();
  }

  private static Object float32(JsonIn in) {
    if (!in.node().isNumber()) {
      throw in.expected("a number");
    }
    float value = in.node().floatValue();
    if (!Float.isFinite(value)) {
      throw in.bad("is too large");
    }
    return value;
  }

  private static Object base64(JsonIn in) {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode((String) string(in)));
    } catch (IllegalArgumentException e) {
      throw in.bad("is not base64");
    }
  }

  private static JsonNode toBase64(Object bytes) {
    return TextNode.valueOf(Base64.getEncoder().encodeToString(((ByteString) bytes).toByteArray()));
  }

  private static JsonNode fromLong(Object value) {
    return LongNode.valueOf((Long) value);
  }

  private static JsonNode fromUnsignedLong(Object value) {
    long bits = (Long) value;
    return bits >= 0
        ? LongNode.valueOf(bits)
        : BigIntegerNode.valueOf(new BigInteger(Long.toUnsignedString(bits)));
  }

  private static JsonNode fromFloat(Object value) {
    float f = (Float) value;
    // Through its shortest decimal form, so that 0.1f is 0.1 and not 0.10000000149.
    return f == Math.rint(f) && Math.abs(f) < Integer.MAX_VALUE
        ? LongNode.valueOf((long) f)
        : DoubleNode.valueOf(Double.parseDouble(Float.toString(f)));
  }
}
