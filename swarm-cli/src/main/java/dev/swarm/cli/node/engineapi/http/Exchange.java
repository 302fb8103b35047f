package dev.swarm.cli.node.engineapi.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import dev.swarm.cli.node.engineapi.json.JsonIn;
import dev.swarm.cli.node.engineapi.json.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request that is ours, and its reply. Used by one thread; calls block. */
public final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final Request request;
  private final Response response;
  private final Map<String, String> variables;
  private final int apiMinor;
  private final Fields query;
  private Optional<byte[]> read = Optional.empty();
  private boolean passedOn;

  Exchange(Request request, Response response, Map<String, String> variables, int apiMinor) {
    this.request = request;
    this.response = response;
    this.variables = variables;
    this.apiMinor = apiMinor;
    this.query = query(request);
  }

  private static Fields query(Request request) {
    try {
      return Request.extractQueryParameters(request);
    } catch (RuntimeException e) {
      throw ApiRejection.badRequest("the query is not valid: " + e.getMessage());
    }
  }

  public Request request() {
    return request;
  }

  /** The path as the client wrote it, version prefix and query included. */
  public String target() {
    return request.getHttpURI().getPathQuery();
  }

  /** Leaves the request to the engine, its body included even if that was read. Nothing follows. */
  public void passOn() {
    passedOn = true;
    read.ifPresent(body -> request.setAttribute(RequestHead.BODY, body));
  }

  /** Leaves a request to the engine with another path and query and another body. */
  public void passOn(String target, JsonNode body) throws IOException {
    passedOn = true;
    request.setAttribute(RequestHead.TARGET, target);
    request.setAttribute(RequestHead.BODY, Body.write(body));
  }

  boolean passedOn() {
    return passedOn;
  }

  /** The n of the API version 1.n that this request is written in. */
  public int apiMinor() {
    return apiMinor;
  }

  /** The part of the path that stands for {@code {name}} in the route. */
  public String variable(String name) {
    String value = variables.get(name);
    if (value == null) {
      throw new IllegalStateException("no {" + name + "} in this route");
    }
    return value;
  }

  /** A query parameter that is given and not empty. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.getValue(name)).filter(value -> !value.isEmpty());
  }

  /** A switch in the query, lenient as the engine's: anything but a "no" is a yes. */
  public boolean flag(String name) {
    return switch (parameter(name).orElse("").strip().toLowerCase(Locale.ROOT)) {
      case "", "0", "no", "false", "none" -> false;
      default -> true;
    };
  }

  /**
   * A switch in the query for which only {@code true}, {@code false} and their short forms will do.
   */
  public boolean strictFlag(String name) {
    String value = parameter(name).orElse("false");
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw ApiRejection.badRequest("invalid value for " + name + ": " + value);
    };
  }

  /** The version of the object that an update is based on. */
  public long objectVersion(String kind) {
    String raw = parameter("version").orElse("");
    try {
      return Long.parseUnsignedLong(raw);
    } catch (NumberFormatException e) {
      throw ApiRejection.badRequest(
          "invalid "
              + kind
              + " version '"
              + raw
              + "': the query parameter version must be the version of the "
              + kind
              + " that this update is based on");
    }
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name)).filter(value -> !value.isEmpty());
  }

  /**
   * The body of a request for the engine, if that is an object; what else it is, is not ours to
   * say.
   */
  public Optional<ObjectNode> bodyToPassOn() throws IOException {
    byte[] body = Body.bytes(request);
    read = Optional.of(body);
    try {
      return Body.read(request, body) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (ApiRejection notJson) {
      return Optional.empty();
    }
  }

  /** The body, an empty object if there is none. */
  public JsonIn body() throws IOException {
    byte[] body = Body.bytes(request);
    read = Optional.of(body);
    return JsonIn.body(Body.read(request, body), apiMinor);
  }

  /** The body once more, after it was read. */
  public JsonNode bodyRead() {
    return Body.read(request, read.orElseThrow());
  }

  /** The body as a message of {@code type}. */
  public <M extends Message> M body(Shape shape, Class<M> type) throws IOException {
    JsonIn in = body();
    M message = shape.readAs(type, in);
    noteUnknown(in);
    return message;
  }

  /** What clients send beyond our knowledge is ignored, as the engine does, but not in silence. */
  public void noteUnknown(JsonIn in) {
    if (!in.unknownFields().isEmpty()) {
      LOG.debug(
          "{} {}: ignored unknown fields {}",
          request.getMethod(),
          request.getHttpURI().getPath(),
          in.unknownFields());
    }
  }

  public void setHeader(String name, String value) {
    response.getHeaders().put(name, value);
  }

  public void reply(int status, JsonNode body) throws IOException {
    setHeader("Content-Type", "application/json");
    reply(status, Body.write(body));
  }

  public void reply(int status) throws IOException {
    reply(status, new byte[0]);
  }

  public void reply(int status, byte[] body) throws IOException {
    response.setStatus(status);
    if (status != HttpStatus.NO_CONTENT_204) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    }
    Content.Sink.write(response, true, ByteBuffer.wrap(body));
  }

  /** Sends the head at once and leaves the body to the caller, who closes the stream. */
  public OutputStream stream(String contentType) throws IOException {
    setHeader("Content-Type", contentType);
    response.setStatus(200);
    Content.Sink.write(response, false, ByteBuffer.allocate(0));
    return Content.Sink.asOutputStream(response);
  }
}
