package dev.swarm.cli.node.engineapi.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/**
 * Head of a request as it is passed on. Everything is as the client wrote it, but for what concerns
 * the connection.
 */
public final class RequestHead {
  /** A request's attribute: the whole body, as bytes, of a request whose body was read here. */
  static final String BODY = "dev.swarm.body";

  /** A request's attribute: the path and query to ask the engine for instead of its own. */
  static final String TARGET = "dev.swarm.target";

  private RequestHead() {}

  public static PassedRequest passed(Request request) {
    HttpFields fields = request.getHeaders();
    return new PassedRequest(
        encode(request),
        HttpMethod.HEAD.is(request.getMethod()),
        staysOpen(request) || fields.contains(HttpHeader.UPGRADE),
        staysOpen(request),
        HttpMethod.POST.is(request.getMethod())
            && request.getAttribute(BODY) == null
            && !fields.contains(HttpHeader.CONTENT_LENGTH)
            && !fields.contains(HttpHeader.TRANSFER_ENCODING));
  }

  private static boolean staysOpen(Request request) {
    return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
        && !request.getHeaders().contains(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
  }

  private static ByteBuffer encode(Request request) {
    Optional<byte[]> body = Optional.ofNullable((byte[]) request.getAttribute(BODY));
    StringBuilder head = new StringBuilder(512);
    head.append(request.getMethod())
        .append(' ')
        .append(
            Optional.ofNullable((String) request.getAttribute(TARGET))
                .orElseGet(() -> request.getHttpURI().getPathQuery()))
        .append(' ')
        .append(request.getConnectionMetaData().getHttpVersion().asString())
        .append("\r\n");
    if (request.getHeaders().contains(HttpHeader.UPGRADE)) {
      // Not every engine finds the word among others.
      head.append("Connection: Upgrade\r\n");
    } else if (!staysOpen(request)) {
      head.append("Connection: close\r\n");
    }
    for (HttpField field : request.getHeaders()) {
      if (isSent(field, body.isPresent())) {
        head.append(field.getName()).append(": ").append(value(field)).append("\r\n");
      }
    }
    body.ifPresent(bytes -> head.append("Content-Length: ").append(bytes.length).append("\r\n"));
    byte[] encoded = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    byte[] rest = body.orElse(new byte[0]);
    return ByteBuffer.allocate(encoded.length + rest.length).put(encoded).put(rest).flip();
  }

  private static String value(HttpField field) {
    return field.getValue() == null ? "" : field.getValue();
  }

  private static boolean isSent(HttpField field, boolean bodyWasRead) {
    HttpHeader header = field.getHeader();
    if (header == HttpHeader.CONNECTION || header == HttpHeader.KEEP_ALIVE) {
      return false;
    }
    boolean framing =
        header == HttpHeader.CONTENT_LENGTH
            || header == HttpHeader.TRANSFER_ENCODING
            || header == HttpHeader.EXPECT;
    return !(bodyWasRead && framing);
  }
}
