package dev.swarm.cli.node.engineapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Speaks HTTP/1.0 over a unix socket, byte by byte, so that it can also speak it badly. */
record RawClient(Path socket) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  record Reply(int status, Map<String, String> headers, ByteString body) {
    String text() {
      return body.toStringUtf8();
    }

    JsonNode json() {
      try {
        return MAPPER.readTree(body.toByteArray());
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + text(), e);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    String message() {
      return json().path("message").asText("no message in " + text());
    }
  }

  Reply get(String path) throws IOException {
    return send("GET", path, "", new byte[0]);
  }

  Reply post(String path, String json) throws IOException {
    return send(
        "POST", path, "Content-Type: application/json\r\n", json.getBytes(StandardCharsets.UTF_8));
  }

  Reply send(String method, String path, String headers, byte[] body) throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.0\r\nHost: docker\r\nContent-Length: "
            + body.length
            + "\r\n"
            + headers
            + "\r\n";
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    request.writeBytes(body);
    return exchange(request.toByteArray());
  }

  Reply exchange(byte[] request) throws IOException {
    try (SocketChannel channel = open()) {
      writeAll(channel, request);
      return parse(readAll(channel));
    }
  }

  SocketChannel open() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(socket));
  }

  static void writeAll(SocketChannel channel, byte[] bytes) {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    try {
      while (out.hasRemaining()) {
        var _ = channel.write(out);
      }
    } catch (IOException e) {
      // The server may refuse before it has read everything; its reply says why.
    }
  }

  static byte[] readAll(SocketChannel channel) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(8192);
    try {
      while (channel.read(part) >= 0) {
        all.write(part.array(), 0, part.position());
        part.clear();
      }
    } catch (IOException e) {
      // Reset after the reply: what came is what counts.
    }
    return all.toByteArray();
  }

  private static Reply parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("no reply but: " + text);
    }
    String[] lines = text.substring(0, end).split("\r\n", -1);
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    ByteString body = ByteString.copyFrom(bytes, end + 4, bytes.length - end - 4);
    return new Reply(Integer.parseInt(lines[0].split(" ", 3)[1]), headers, body);
  }
}
