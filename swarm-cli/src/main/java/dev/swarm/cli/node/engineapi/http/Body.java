package dev.swarm.cli.node.engineapi.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads bodies: bounded, strict UTF-8, one JSON value. */
public final class Body {
  public static final int BYTES_MAX = 4 << 20;
  private static final int NESTING_MAX = 100;
  private static final int NUMBER_LENGTH_MAX = 100;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(NESTING_MAX)
                      .maxNumberLength(NUMBER_LENGTH_MAX)
                      .build())
              .build());

  private Body() {}

  /**
   * The JSON value in a request's body, an empty object if there is none.
   *
   * @throws ApiRejection 400 or 413, for anything else
   * @throws IOException if the client went away
   */
  static JsonNode read(Request request) throws IOException {
    return read(request, bytes(request));
  }

  /** All of a request's body, unread so far. */
  static byte[] bytes(Request request) throws IOException {
    if (request.getLength() > BYTES_MAX) {
      throw tooLarge();
    }
    byte[] bytes;
    try (InputStream in = Content.Source.asInputStream(request)) {
      bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw tooLarge();
      }
    }
    return bytes;
  }

  /** The same, of a body whose bytes are here. */
  static JsonNode read(Request request, byte[] bytes) {
    if (bytes.length == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    requireJson(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
    return parse(text(bytes));
  }

  static byte[] write(JsonNode node) throws IOException {
    byte[] json = MAPPER.writeValueAsBytes(node);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  /** Any JSON text, such as a query parameter's. */
  public static JsonNode parse(String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      JsonNode node = MAPPER.readTree(parser);
      if (node == null || node.isMissingNode()) {
        throw ApiRejection.badRequest("invalid JSON: got EOF while reading request body");
      }
      if (parser.nextToken() != null) {
        throw ApiRejection.badRequest("unexpected content after JSON");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw ApiRejection.badRequest(
          "invalid JSON: " + e.getOriginalMessage().lines().findFirst().orElse("") + where(e));
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory", e);
    }
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " at line " + e.getLocation().getLineNr() + " column " + e.getLocation().getColumnNr();
  }

  private static void requireJson(String contentType) {
    String type = contentType == null ? "" : contentType;
    String mime = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!mime.equals("application/json")) {
      throw ApiRejection.badRequest(
          "unsupported Content-Type header (" + type + "): must be 'application/json'");
    }
  }

  /** Strict: bytes that are no text must not reach the swarm as question marks. */
  private static String text(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(in)
          .toString();
    } catch (CharacterCodingException e) {
      throw ApiRejection.badRequest(
          "invalid JSON: the request body is not valid UTF-8 at byte " + in.position());
    }
  }

  private static ApiRejection tooLarge() {
    return new ApiRejection(
        413,
        "the request body is larger than 4 MiB, the most that a swarm request may have; put large"
            + " data into an image or a volume");
  }
}
