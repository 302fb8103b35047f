package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import docker.swarmkit.v1.Network;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions, {@code /info} and {@code /networks}, which have two sides. */
class MergedRepliesTest {
  @TempDir Path directory;
  private Front front;

  @BeforeEach
  void start() throws IOException {
    front = new Front(directory);
    Network.Builder network = Network.newBuilder().setId("swarmnet");
    network.getSpecBuilder().getAnnotationsBuilder().setName("back");
    front.leader.networks.put("swarmnet", network.build());
    front.engine.json.put(
        "/networks?",
        "[{\"Id\":\"aa\",\"Name\":\"bridge\"},{\"Id\":\"swarmnet\",\"Name\":\"back\"}]");
    front.engine.json.put("/info", "{\"Name\":\"e\",\"Swarm\":{\"LocalNodeState\":\"inactive\"}}");
  }

  @AfterEach
  void stop() throws IOException {
    front.close();
  }

  @Test
  void versionsAreThoseThatBothSpeak() throws IOException {
    RawClient.Reply ping = front.client.get("/_ping");
    assertEquals("1.41", ping.headers().get("api-version"));
    assertEquals("1", ping.headers().get("builder-version"));
    assertEquals("true", ping.headers().get("docker-experimental"));
    assertEquals("active/manager", ping.headers().get("swarm"));
    JsonNode version = front.client.get("/version").json();
    assertEquals("20.10", version.path("Version").textValue());
    assertEquals("1.41", version.path("ApiVersion").textValue());
    assertEquals("1.24", version.path("MinAPIVersion").textValue());
    assertEquals("Engine", version.at("/Components/0/Name").textValue());
    assertEquals("Swarm", version.at("/Components/1/Name").textValue());
    assertEquals("0.1.0", version.at("/Components/1/Version").textValue());
  }

  @Test
  void whatTheLeaderDoesNotLookAfterIsWarnedOfOnEveryManager() throws IOException {
    assertTrue(front.client.get("/info").json().path("Warnings").isMissingNode());
    front.leader.setAside = List.of("slot 3 of service web");
    JsonNode info = front.client.get("/info").json();
    String warning = info.at("/Warnings/0").textValue();
    assertTrue(warning.startsWith("WARNING: slot 3 of service web: set aside"), warning);
    assertEquals(warning, info.at("/Swarm/Warnings/0").textValue());
  }

  @Test
  void theEngineIsNotAskedForEveryPing() throws IOException {
    for (int i = 0; i < 20; i++) {
      assertEquals(200, front.client.get("/_ping").status());
    }
    assertEquals(1, front.engine.heads.stream().filter(head -> head.contains("/version")).count());
  }

  @Test
  void infoHasBothSides() throws IOException {
    JsonNode info = front.client.get("/v1.40/info").json();
    assertEquals("e", info.path("Name").textValue());
    assertEquals("active", info.at("/Swarm/LocalNodeState").textValue());
    assertTrue(front.engine.heads.stream().anyMatch(head -> head.startsWith("GET /v1.40/info ")));
  }

  @Test
  void networksAreListedOnce() throws IOException {
    JsonNode list = front.client.get("/v1.41/networks?filters=").json();
    assertEquals(List.of("swarmnet", "aa"), list.findValuesAsText("Id"));
    front.node.status = FakeNode.WORKER;
    JsonNode local = front.client.get("/v1.41/networks?filters=").json();
    assertEquals(List.of("aa", "swarmnet"), local.findValuesAsText("Id"));
  }

  @Test
  void eachNetworkIsAnsweredByItsOwner() throws Exception {
    String label = "\"Labels\":{\"dev.swarm.network.id\":\"swarmnet\"}";
    assertTrue(answered("back", "[{\"Name\":\"bridge\"}]", "{}").contains("\"Name\":\"back\""));
    assertTrue(
        answered("back", "[{\"Name\":\"back\"}]")
            .contains("network back is ambiguous (2 matches found based on name)"));
    assertTrue(answered("swarmn", "{}").contains("\"Name\":\"back\""));
    // What stands for the network here is no second one, and knows who is on it.
    String standIn = "{\"Name\":\"back\"," + label + ",\"Containers\":{\"c1\":{}}}";
    assertTrue(
        answered("back", "[" + standIn + "]", standIn).contains("\"Containers\":{\"c1\":{}}"));
    for (String request :
        List.of(
            "GET /v1.41/networks/bridge",
            "GET /networks/back?scope=local",
            "DELETE /networks/aa")) {
      try (SocketChannel client = front.send(request + " HTTP/1.1\nHost: x");
          FakeEngine.Call call = front.engine.next()) {
        assertTrue(call.head().startsWith(request + " HTTP/1.1"), call.head());
        assertTrue(client.isOpen());
      }
    }
  }

  /**
   * The reply to a look at a network while the engine answers {@code local}, one after the other.
   */
  private String answered(String network, String... local) throws Exception {
    try (SocketChannel client =
        front.send("GET /networks/" + network + " HTTP/1.1\nHost: x\nConnection: close")) {
      for (String body : local) {
        try (FakeEngine.Call call = front.engine.next()) {
          call.write(
              "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
        }
      }
      return FakeEngine.readAll(client);
    }
  }

  @Test
  void bothSidesArePruned() throws Exception {
    front.leader.networksInUse.add("used");
    for (String name : List.of("used", "ingress", "labelled")) {
      Network.Builder network = Network.newBuilder().setId(name);
      network.getSpecBuilder().setIngress(name.equals("ingress"));
      network.getSpecBuilder().getAnnotationsBuilder().setName(name).putLabels("keep", "yes");
      front.leader.networks.put(name, network.build());
    }
    try (SocketChannel client =
        front.send(
            "POST /v1.41/networks/prune?filters=%7B%22label!%22:%5B%22keep=no%22%5D%7D HTTP/1.1\n"
                + "Host: x\nConnection: close\nContent-Length: 0")) {
      try (FakeEngine.Call call = front.engine.next()) {
        assertTrue(call.head().startsWith("POST /v1.41/networks/prune?filters="), call.head());
        call.write(
            "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n{\"NetworksDeleted\":[\"local\"]}"
                .replace("28", "29"));
        String reply = FakeEngine.readAll(client);
        assertTrue(reply.contains("\"local\""), reply);
        assertTrue(reply.contains("\"back\"") && reply.contains("\"labelled\""), reply);
        assertTrue(!reply.contains("\"used\"") && !reply.contains("\"ingress\""), reply);
      }
    }
  }

  @Test
  void aLocalNetworkIsCreatedByTheEngine() throws Exception {
    String body = "{\"Name\":\"n\",\"Driver\":\"bridge\",\"NobodyKnows\":1}";
    try (SocketChannel client =
        front.send(
            "POST /v1.41/networks/create HTTP/1.1\nHost: x\nContent-Type: application/json\n"
                + "Transfer-Encoding: chunked\nExpect: 100-continue")) {
      Front.write(client, Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
      try (FakeEngine.Call call = front.engine.next()) {
        assertTrue(call.head().contains("Content-Length: " + body.length() + "\r\n"), call.head());
        assertTrue(!call.head().contains("Transfer-Encoding"), call.head());
        assertEquals(body, call.read(body.length()));
        call.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
      }
      String head = FakeEngine.head(client);
      if (head.startsWith("HTTP/1.1 100")) {
        head = FakeEngine.head(client);
      }
      assertTrue(head.startsWith("HTTP/1.1 201 Created"), head);
      Front.write(client, "GET /_ping HTTP/1.0\r\nHost: x\r\n\r\n");
      String pong = FakeEngine.readAll(client);
      assertTrue(pong.endsWith("\r\n\r\nOK"), pong);
    }
  }
}
