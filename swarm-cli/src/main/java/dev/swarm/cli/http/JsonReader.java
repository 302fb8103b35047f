package dev.swarm.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Parses JSON by RFC 8259. Ours because the set-up of Jackson's own parser took longer than all the
 * rest of a {@code node ls}.
 */
final class JsonReader {
  /** Deeper nesting is no answer of a daemon's. */
  static final int DEPTH_MAX = 512;

  /** Longer numbers would cost more than they can mean. */
  static final int NUMBER_LENGTH_MAX = 400;

  private static final int LONG_DIGITS_MAX = 18;

  private final String text;
  private int at;
  private int depth;

  private JsonReader(String text) {
    this.text = text;
  }

  /** The one value in {@code text}, which is not blank. */
  static JsonNode read(String text) throws IOException {
    JsonReader reader = new JsonReader(text);
    JsonNode value = reader.value();
    if (reader.peek() >= 0) {
      throw reader.error("unexpected text after the end");
    }
    return value;
  }

  private JsonNode value() throws IOException {
    int c = peek();
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> new TextNode(string());
      case 't' -> word("true", BooleanNode.TRUE);
      case 'f' -> word("false", BooleanNode.FALSE);
      case 'n' -> word("null", NullNode.getInstance());
      default -> number();
    };
  }

  private ObjectNode object() throws IOException {
    enter();
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    if (peek() == '}') {
      at++;
    } else {
      do {
        if (peek() != '"') {
          throw error("a field's name is expected");
        }
        String name = string();
        if (peek() != ':') {
          throw error("a colon is expected");
        }
        at++;
        object.set(name, value());
      } while (more('}'));
    }
    depth--;
    return object;
  }

  private ArrayNode array() throws IOException {
    enter();
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    if (peek() == ']') {
      at++;
    } else {
      do {
        array.add(value());
      } while (more(']'));
    }
    depth--;
    return array;
  }

  private void enter() throws IOException {
    at++;
    if (++depth > DEPTH_MAX) {
      throw error("it is nested too deeply");
    }
  }

  /** Whether another item follows, against {@code end}; takes the sign either way. */
  private boolean more(char end) throws IOException {
    int c = peek();
    if (c != ',' && c != end) {
      throw error("a comma or " + end + " is due");
    }
    at++;
    return c == ',';
  }

  private JsonNode word(String word, JsonNode node) throws IOException {
    if (!text.startsWith(word, at)) {
      throw error("a value is expected");
    }
    at += word.length();
    return node;
  }

  private JsonNode number() throws IOException {
    int from = at;
    boolean whole = true;
    while (at < text.length() && isNumeric(text.charAt(at))) {
      char c = text.charAt(at++);
      whole &= c == '-' || (c >= '0' && c <= '9');
    }
    String number = text.substring(from, at);
    if (!isWellFormed(number)) {
      at = from;
      throw error("a value is expected");
    }
    if (!whole) {
      return DecimalNode.valueOf(new BigDecimal(number));
    }
    return number.length() <= LONG_DIGITS_MAX
        ? LongNode.valueOf(Long.parseLong(number))
        : large(new BigInteger(number));
  }

  private static JsonNode large(BigInteger number) {
    return number.bitLength() < Long.SIZE
        ? LongNode.valueOf(number.longValue())
        : BigIntegerNode.valueOf(number);
  }

  private static boolean isNumeric(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  private static boolean isWellFormed(String number) {
    if (number.isEmpty() || number.length() > NUMBER_LENGTH_MAX) {
      return false;
    }
    int i = number.charAt(0) == '-' ? 1 : 0;
    int digits = digits(number, i);
    if (digits == i || (number.charAt(i) == '0' && digits > i + 1)) {
      return false;
    }
    i = digits;
    if (i < number.length() && number.charAt(i) == '.') {
      digits = digits(number, i + 1);
      if (digits == i + 1) {
        return false;
      }
      i = digits;
    }
    if (i < number.length() && (number.charAt(i) | 0x20) == 'e') {
      i += i + 1 < number.length() && "+-".indexOf(number.charAt(i + 1)) >= 0 ? 2 : 1;
      digits = digits(number, i);
      // A larger exponent could ask for a number of gigabytes.
      if (digits == i || digits - i > 4) {
        return false;
      }
      i = digits;
    }
    return i == number.length();
  }

  private static int digits(String number, int from) {
    int i = from;
    while (i < number.length() && number.charAt(i) >= '0' && number.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private String string() throws IOException {
    int from = ++at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        return text.substring(from, at++);
      }
      if (c == '\\') {
        return escaped(from);
      }
      if (c < ' ') {
        throw error("there is a control character in a string");
      }
      at++;
    }
    throw error("a string has no end");
  }

  private String escaped(int from) throws IOException {
    StringBuilder string = new StringBuilder(text.substring(from, at));
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return string.toString();
      }
      if (c < ' ') {
        throw error("there is a control character in a string");
      }
      string.append(c == '\\' ? escape() : c);
    }
    throw error("a string has no end");
  }

  private char escape() throws IOException {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw error("there is an unknown escape in a string");
    };
  }

  private char unicode() throws IOException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
      if (digit < 0) {
        throw error("there is a malformed escape in a string");
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  /** The next character that is not white space, or -1 at the end; does not take it. */
  private int peek() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    return -1;
  }

  private IOException error(String why) {
    return new IOException("malformed JSON at character " + at + ": " + why);
  }
}
