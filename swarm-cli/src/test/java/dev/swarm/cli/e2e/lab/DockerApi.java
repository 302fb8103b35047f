package dev.swarm.cli.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The Engine API as JSON, for what docker-java's model has no field for. */
final class DockerApi implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final DockerHttpClient http;

  /**
   * @param url of the socket
   */
  DockerApi(String url) {
    http = new ZerodepDockerHttpClient.Builder().dockerHost(URI.create(url)).build();
  }

  /** What is at {@code path}, after checking that it is there. */
  JsonNode get(String path) throws IOException {
    try (DockerHttpClient.Response reply = open(path)) {
      byte[] body = reply.getBody().readAllBytes();
      assertEquals(200, reply.getStatusCode(), () -> new String(body, StandardCharsets.UTF_8));
      return MAPPER.readTree(body);
    }
  }

  /** A stream, for as long as the caller wants it. */
  DockerHttpClient.Response open(String path) {
    return http.execute(
        DockerHttpClient.Request.builder()
            .method(DockerHttpClient.Request.Method.GET)
            .path(path)
            .build());
  }

  /** A query's {@code filters=}. */
  static String filters(String json) {
    return "filters=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
