package dev.swarm.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A reply's head, and its body as a stream that ends where the body does. */
public final class HttpReply {
  private final int status;
  private final Map<String, String> headers;
  private final InputStream body;
  private final boolean reusable;

  private HttpReply(int status, Map<String, String> headers, InputStream body, boolean reusable) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.reusable = reusable;
  }

  static HttpReply read(HttpConnection connection, Duration patience) throws IOException {
    while (true) {
      int budget = HttpConnection.HEAD_BYTES_MAX;
      String line = connection.line(budget, patience);
      budget -= line.length();
      int status = status(line);
      Map<String, String> headers = new TreeMap<>();
      for (line = connection.line(budget, patience);
          !line.isEmpty();
          line = connection.line(budget, patience)) {
        budget -= line.length() + 2;
        int colon = line.indexOf(':');
        if (colon > 0 && budget > 0) {
          headers.put(
              line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
              line.substring(colon + 1).strip());
        }
      }
      if (status >= 200) {
        return of(status, headers, connection, patience);
      }
    }
  }

  private static int status(String line) throws IOException {
    if (line.startsWith("HTTP/1.") && line.length() >= 12 && line.charAt(8) == ' ') {
      try {
        return Integer.parseInt(line.substring(9, 12));
      } catch (NumberFormatException e) {
        throw new IOException("what answers is not an HTTP server", e);
      }
    }
    throw new IOException("what answers is not an HTTP server");
  }

  private static HttpReply of(
      int status, Map<String, String> headers, HttpConnection connection, Duration patience)
      throws IOException {
    boolean keep = !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    if (status == 204 || status == 304) {
      return new HttpReply(status, headers, InputStream.nullInputStream(), keep);
    }
    if (headers
        .getOrDefault("transfer-encoding", "")
        .toLowerCase(Locale.ROOT)
        .contains("chunked")) {
      return new HttpReply(status, headers, new ChunkedBody(connection, patience), keep);
    }
    String length = headers.get("content-length");
    if (length == null) {
      return new HttpReply(
          status, headers, new SizedBody(connection, Long.MAX_VALUE, patience), false);
    }
    try {
      long bytes = Long.parseLong(length);
      if (bytes >= 0) {
        return new HttpReply(status, headers, new SizedBody(connection, bytes, patience), keep);
      }
    } catch (NumberFormatException e) {
      throw new IOException("the daemon's reply has a malformed length: " + length, e);
    }
    throw new IOException("the daemon's reply has a malformed length: " + length);
  }

  public int status() {
    return status;
  }

  /** The header's value, or empty text. */
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  public InputStream body() {
    return body;
  }

  /** Whether the connection can carry another exchange once the body has been read. */
  boolean reusable() {
    return reusable;
  }
}
