package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.node.engineapi.http.Body;
import dev.swarm.cli.node.engineapi.routes.LocalPlace;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that are to be on a network of the swarm, and those that are not. */
class PlacesTest {
  private static final String NOT_FOUND = "{\"message\":\"no such network\"}";
  private static final String STAND_IN =
      "{\"Name\":\"attachable-here\",\"Labels\":{\"dev.swarm.network.id\":\"attachable\"}}";

  @TempDir Path directory;
  private Front front;

  @BeforeEach
  void start() throws IOException {
    front = new Front(directory);
  }

  @AfterEach
  void stop() throws IOException {
    front.close();
  }

  @Test
  void aContainerIsMadeWithThePlaceThatTheSwarmGives() throws Exception {
    String body =
        "{\"Image\":\"b\",\"HostConfig\":{\"NetworkMode\":\"attachable\"},\"NetworkingConfig\":"
            + "{\"EndpointsConfig\":{\"attachable\":{\"Aliases\":[\"a\"]}}}}";
    try (SocketChannel client = post("/v1.41/containers/create?name=c", body)) {
      refuse();
      reply(200, "[]");
      try (FakeEngine.Call call = front.engine.next()) {
        assertTrue(call.head().startsWith("POST /v1.41/containers/create?name=c "), call.head());
        JsonNode sent = json(call);
        assertEquals("b", sent.path("Image").asText());
        assertEquals("attachable-here", sent.at("/HostConfig/NetworkMode").asText());
        JsonNode endpoints = sent.at("/NetworkingConfig/EndpointsConfig");
        assertEquals(1, endpoints.size());
        JsonNode endpoint = endpoints.path("attachable-here");
        assertEquals("10.0.1.7", endpoint.at("/IPAMConfig/IPv4Address").asText());
        assertEquals("a", endpoint.at("/Aliases/0").asText());
        answer(call, 201, "{\"Id\":\"c1\",\"Warnings\":[]}");
      }
      String told = FakeEngine.readAll(client);
      assertTrue(told.startsWith("HTTP/1.1 201 ") && told.contains("\"Id\":\"c1\""), told);
    }
    assertTrue(front.node.returned.isEmpty());
  }

  @Test
  void aPlaceGoesBackWhenTheEngineMakesNoContainer() throws Exception {
    String body = "{\"Image\":\"b\",\"HostConfig\":{\"NetworkMode\":\"attachable\"}}";
    try (SocketChannel client = post("/containers/create", body)) {
      refuse();
      reply(200, "[]");
      reply(404, "{\"message\":\"No such image: b\"}");
      String told = FakeEngine.readAll(client);
      assertTrue(told.startsWith("HTTP/1.1 404 ") && told.contains("No such image: b"), told);
    }
    assertEquals(
        new LocalPlace("place1", "attachable-here", "10.0.1.7"), front.node.returned.poll());
  }

  @Test
  void anAddressMayBeAskedFor() throws Exception {
    String body =
        "{\"HostConfig\":null,\"NetworkingConfig\":{\"EndpointsConfig\":"
            + "{\"attachable\":{\"IPAMConfig\":{\"IPv4Address\":\"10.0.1.99\"}}}}}";
    try (SocketChannel client = post("/containers/create", body)) {
      refuse();
      reply(200, "[]");
      try (FakeEngine.Call call = front.engine.next()) {
        assertEquals(
            "10.0.1.99",
            json(call)
                .at("/NetworkingConfig/EndpointsConfig/attachable-here/IPAMConfig/IPv4Address")
                .asText());
        answer(call, 201, "{\"Id\":\"c1\"}");
      }
      assertTrue(client.isOpen());
    }
  }

  @Test
  void whatIsTheEnginesGoesThereAsItCame() throws Exception {
    for (String body :
        new String[] {
          "{\"Image\": \"b\"}",
          "{\"HostConfig\": {\"NetworkMode\": \"container:x\"}}",
          "{\"HostConfig\": {\"NetworkMode\": 7}, \"NetworkingConfig\": []}",
          "no json",
        }) {
      try (SocketChannel client = post("/containers/create", body);
          FakeEngine.Call call = front.engine.next()) {
        if (body.contains(": 7")) {
          // A name like another, which the engine is asked about.
          answer(call, 404, "{\"message\":\"no such network\"}");
          reply(200, "[]"); // nor one that stands for the swarm's
          try (FakeEngine.Call passed = front.engine.next()) {
            assertEquals(body, passed.read(body.length()));
          }
          continue;
        }
        assertEquals(body, call.read(body.length()));
        assertTrue(client.isOpen());
      }
    }
    String own = "{\"HostConfig\": {\"NetworkMode\": \"mine\"}}";
    try (SocketChannel client = post("/containers/create", own)) {
      reply(200, "{\"Name\":\"mine\"}");
      try (FakeEngine.Call call = front.engine.next()) {
        assertEquals(own, call.read(own.length()));
      }
      assertTrue(client.isOpen());
    }
  }

  @Test
  void aRunningContainerIsConnectedOnce() throws Exception {
    String body = "{\"Container\":\"c\",\"EndpointConfig\":{\"Aliases\":[\"x\"]}}";
    try (SocketChannel client = post("/v1.41/networks/attachable/connect", body)) {
      reply(200, STAND_IN);
      reply(200, "{\"State\":{\"Running\":true},\"NetworkSettings\":{\"Networks\":{}}}");
      reply(200, STAND_IN);
      try (FakeEngine.Call call = front.engine.next()) {
        assertTrue(
            call.head().startsWith("POST /v1.41/networks/attachable-here/connect "), call.head());
        assertEquals("10.0.1.7", json(call).at("/EndpointConfig/IPAMConfig/IPv4Address").asText());
      }
      assertTrue(client.isOpen());
    }
    try (SocketChannel client = post("/networks/attachable/connect", body)) {
      reply(200, STAND_IN);
      reply(
          200,
          "{\"State\":{\"Running\":true},"
              + "\"NetworkSettings\":{\"Networks\":{\"attachable-here\":{}}}}");
      String told = FakeEngine.readAll(client);
      assertTrue(told.contains("c is already attached to network attachable-here"), told);
    }
  }

  @Test
  void aContainerThatWaitsIsConnectedAnewAsItIsDescribedNow() throws Exception {
    String body = "{\"Container\":\"c\",\"EndpointConfig\":{\"Aliases\":[\"x\"]}}";
    try (SocketChannel client = post("/networks/attachable/connect", body)) {
      reply(200, STAND_IN);
      reply(
          200,
          "{\"State\":{\"Running\":false},\"NetworkSettings\":{\"Networks\":"
              + "{\"attachable-here\":{\"IPAMConfig\":{\"IPv4Address\":\"10.0.1.3\"}}}}}");
      try (FakeEngine.Call call = front.engine.next()) {
        assertTrue(
            call.head().startsWith("POST /networks/attachable-here/disconnect "), call.head());
        call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
      }
      reply(200, STAND_IN);
      try (FakeEngine.Call call = front.engine.next()) {
        JsonNode endpoint = json(call).path("EndpointConfig");
        assertEquals("10.0.1.7", endpoint.at("/IPAMConfig/IPv4Address").asText());
        assertEquals("x", endpoint.at("/Aliases/0").asText());
      }
      assertTrue(client.isOpen());
    }
  }

  @Test
  void aDisconnectNamesTheNetworkAsTheEngineKnowsIt() throws Exception {
    try (SocketChannel client =
        post("/v1.41/networks/attachable/disconnect", "{\"Container\":\"c\"}")) {
      refuse();
      reply(200, "[" + STAND_IN + "]");
      reply(200, STAND_IN);
      try (FakeEngine.Call call = front.engine.next()) {
        assertTrue(
            call.head().startsWith("POST /v1.41/networks/attachable-here/disconnect "),
            call.head());
      }
      assertTrue(client.isOpen());
    }
  }

  private SocketChannel post(String path, String body) throws IOException {
    SocketChannel client =
        front.send(
            "POST "
                + path
                + " HTTP/1.1\nHost: x\nContent-Type: application/json\nConnection: close\n"
                + "Content-Length: "
                + body.length());
    Front.write(client, body);
    return client;
  }

  private void refuse() throws Exception {
    reply(404, NOT_FOUND);
  }

  private void reply(int status, String body) throws Exception {
    try (FakeEngine.Call call = front.engine.next()) {
      answer(call, status, body);
    }
  }

  private static void answer(FakeEngine.Call call, int status, String body) {
    call.write(
        "HTTP/1.1 "
            + status
            + " X\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static JsonNode json(FakeEngine.Call call) throws IOException {
    Matcher length = Pattern.compile("Content-Length: (\\d+)").matcher(call.head());
    assertTrue(length.find(), call.head());
    String body = call.read(Integer.parseInt(length.group(1)));
    assertEquals(body.length(), body.getBytes(StandardCharsets.UTF_8).length);
    return Body.parse(body);
  }
}
