package dev.swarm.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.swarm.cli.client.ApiClient;
import dev.swarm.cli.client.DaemonRejection;
import dev.swarm.cli.client.Endpoint;
import dev.swarm.cli.client.Target;
import dev.swarm.cli.daemon.NodesInOneProcess.One;
import dev.swarm.cli.daemon.engineapi.EngineApiServer;
import dev.swarm.cli.daemon.engineapi.EngineApiServer.Listen;
import dev.swarm.cli.daemon.engineapi.LocalNode;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.loop.SystemClock;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every command says in every state of a node, through the socket; and that a command which is
 * refused changes nothing.
 */
class NodeStatesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String OUTSIDE = "This node is not part of a swarm";
  private static final String JOIN_FIRST =
      "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
          + " connect this node to swarm and try again.";
  private static final String WORKER =
      "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster"
          + " state. Please run this command on a manager node or promote the current node to a"
          + " manager.";
  private static final String JOINING =
      "This node is not a swarm manager. It is still joining a swarm";
  private static final String MEMBER = "This node is already part of a swarm.";
  private static final String LOCKED =
      "Swarm is encrypted and needs to be unlocked before it can be used.";
  private static final String NO_LEADER = "The swarm does not have a leader.";
  private static final String BROKEN =
      "This node is not a swarm manager. this node's certificate cannot be used";

  /** The commands that nobody can give a sensible answer to but a manager. */
  private static final List<String> OF_MANAGERS =
      List.of(
          "GET /swarm",
          "GET /swarm/unlockkey",
          "GET /nodes",
          "GET /nodes/self",
          "GET /services",
          "GET /tasks",
          "GET /secrets",
          "GET /configs",
          "DELETE /nodes/self",
          "POST /nodes/self/update?version=1 {\"Role\":\"manager\",\"Availability\":\"active\"}",
          "POST /swarm/update?version=1 {\"Name\":\"default\"}",
          "POST /swarm/update?version=1&rotateWorkerToken=true {\"Name\":\"default\"}",
          "POST /secrets/create {\"Name\":\"s\",\"Data\":\"eA==\"}",
          "POST /services/create"
              + " {\"Name\":\"x\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"i\"}}}");

  private static final String INIT = "POST /swarm/init {\"ListenAddr\":\"0.0.0.0:2377\"}";
  private static final String FORCE =
      "POST /swarm/init {\"ListenAddr\":\"0.0.0.0:2377\",\"ForceNewCluster\":true}";
  private static final String JOIN =
      "POST /swarm/join"
          + " {\"ListenAddr\":\"0.0.0.0:2377\",\"RemoteAddrs\":[\"127.0.0.1:1\"],\"JoinToken\":\"SWMTKN-1-"
          + "0".repeat(50)
          + "-"
          + "0".repeat(25)
          + "\"}";
  private static final String LEAVE = "POST /swarm/leave";
  private static final String UNLOCK =
      "POST /swarm/unlock {\"UnlockKey\":\"SWMKEY-1-" + "A".repeat(43) + "\"}";

  @TempDir Path disk;

  /** A node with a socket. */
  private final class Served implements AutoCloseable {
    final One one;
    private final EngineApiServer server;
    private final Path socket;

    Served(One one) throws IOException {
      this.one = one;
      socket = disk.resolve(one.options.hostname() + ".sock");
      server =
          EngineApiServer.start(
              new Listen(List.of(socket), List.of()),
              Machine.identity("here"),
              one.node(),
              one.node()::leader,
              new RandomIds(new SecureRandom()),
              new SystemClock(),
              Optional.empty());
    }

    /** What a command is answered: empty where it succeeds. */
    String says(String command) throws IOException {
      String[] words = command.split(" ", 3);
      String[] path = words[1].substring(1).split("\\?", 2);
      Target target = Target.of(path[0].split("/"));
      if (path.length > 1) {
        for (String pair : path[1].split("&")) {
          target = target.with(pair.split("=")[0], pair.split("=")[1]);
        }
      }
      try (ApiClient client = new ApiClient(Endpoint.parse("unix://" + socket))) {
        JsonNode body = words.length > 2 ? JSON.readTree(words[2]) : null;
        switch (words[0]) {
          case "GET" -> client.get(target);
          case "DELETE" -> client.delete(target);
          default -> client.post(target, body);
        }
        return "";
      } catch (DaemonRejection e) {
        return e.status() + " " + e.getMessage();
      }
    }

    /** Every command is refused as the table says, and nothing of the node has changed by it. */
    void refuses(Map<String, String> table) throws IOException {
      LocalNode before = one.node().status();
      List<String> files = files();
      List<String> wrong = new ArrayList<>();
      for (Map.Entry<String, String> row : table.entrySet()) {
        String said = says(row.getKey());
        if (!said.startsWith(row.getValue())) {
          wrong.add(row.getKey() + "\n  wanted: " + row.getValue() + "\n  said:   " + said);
        }
        assertEquals(before, one.node().status(), row.getKey());
      }
      assertEquals(List.of(), wrong);
      assertEquals(files, files());
    }

    /** Their names, and what is in those that change only when the membership does. */
    private List<String> files() throws IOException {
      Path swarm = one.options.dataDir().resolve("swarm");
      if (!Files.exists(swarm)) {
        return List.of();
      }
      try (var paths = Files.walk(swarm)) {
        List<String> found = new ArrayList<>();
        for (Path path : paths.sorted().filter(Files::isRegularFile).toList()) {
          String name = swarm.relativize(path).toString();
          boolean lasting = name.startsWith("certificates/") || name.equals("join.json");
          if (!name.startsWith("manager/") && !name.endsWith(".new")) {
            found.add(lasting ? name + " " + Files.readString(path).hashCode() : name);
          }
        }
        return found;
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static Map<String, String> table(String ofManagers) {
    Map<String, String> table = new LinkedHashMap<>();
    OF_MANAGERS.forEach(command -> table.put(command, "503 " + ofManagers));
    return table;
  }

  @Test
  void inactive() throws IOException {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk);
        Served node = new Served(nodes.node("inactive"))) {
      Map<String, String> table = table(JOIN_FIRST);
      table.put(LEAVE, "503 " + OUTSIDE);
      table.put(LEAVE + "?force=true", "503 " + OUTSIDE);
      table.put(UNLOCK, "503 " + JOIN_FIRST);
      node.refuses(table);
    }
  }

  @Test
  void pending() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.node("pending");
      one.attemptsToJoinNobody();
      try (Served node = new Served(one)) {
        Map<String, String> table = table(JOINING);
        table.put(INIT, "503 " + MEMBER);
        table.put(FORCE, "503 " + JOINING);
        table.put(JOIN, "503 " + MEMBER);
        table.put(UNLOCK, "503 " + JOINING);
        NodesInOneProcess.await(
            "it says why", () -> one.node().status().error().contains("cannot be reached"));
        node.refuses(table);
        assertEquals("", node.says(LEAVE));
        assertEquals(LocalNode.inactive(), one.node().status());
        assertEquals(List.of(), node.files());
      }
    }
  }

  @Test
  void worker() throws IOException {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One manager = nodes.node("manager");
      One one = nodes.node("worker");
      manager.init();
      one.join(manager, NodeRole.WORKER);
      try (Served node = new Served(one)) {
        Map<String, String> table = table(WORKER);
        table.put(INIT, "503 " + MEMBER);
        table.put(FORCE, "503 " + WORKER);
        table.put(JOIN, "503 " + MEMBER);
        table.put(UNLOCK, "503 " + WORKER);
        node.refuses(table);
        assertEquals("", node.says(LEAVE));
        assertEquals(LocalNode.inactive(), one.node().status());
      }
    }
  }

  @Test
  void manager() throws IOException {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.node("manager");
      one.init();
      try (Served node = new Served(one)) {
        Map<String, String> table = new LinkedHashMap<>();
        table.put(INIT, "503 " + MEMBER);
        table.put(JOIN, "503 " + MEMBER);
        table.put(UNLOCK, "409 swarm is not locked");
        table.put(
            LEAVE, "503 You are attempting to leave the swarm on a node that is participating");
        table.put(
            "POST /swarm/update?version=1 {\"Name\":\"other\"}", "400 swarm spec must be named");
        node.refuses(table);
        for (String read : OF_MANAGERS) {
          if (read.startsWith("GET") && !read.endsWith("self")) {
            assertEquals("", node.says(read), read);
          }
        }
        assertEquals("", node.says(LEAVE + "?force=true"));
        assertEquals(LocalNode.inactive(), one.node().status());
      }
    }
  }

  @Test
  void managerWithoutQuorumThatIsForcedToGoOn() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.node("survivor");
      One lost = nodes.node("lost");
      one.init();
      lost.join(one, NodeRole.MANAGER);
      NodesInOneProcess.await("both manage", () -> one.hasManager(lost));
      lost.close();
      try (Served node = new Served(one)) {
        NodesInOneProcess.await("nobody leads", () -> node.says("GET /nodes").contains(NO_LEADER));
        Map<String, String> table = new LinkedHashMap<>();
        table.put("GET /swarm", "503 " + NO_LEADER);
        table.put("GET /services", "503 " + NO_LEADER);
        table.put(INIT, "503 " + MEMBER);
        table.put(JOIN, "503 " + MEMBER);
        table.put(UNLOCK, "409 swarm is not locked");
        table.put(LEAVE, "503 You are attempting to leave the swarm");
        table.put(
            "POST /swarm/init"
                + " {\"ListenAddr\":\"0.0.0.0:2377\",\"ForceNewCluster\":true,\"Spec\":{\"CAConfig\":"
                + "{\"NodeCertExpiry\":1}}}",
            "400 ");
        node.refuses(table);

        String moved = NodesInOneProcess.freeAddress();
        assertEquals(
            "",
            node.says(
                "POST /swarm/init {\"ForceNewCluster\":true,\"ListenAddr\":\"%s\",\"AdvertiseAddr\":\"%s\",\"AutoLockManagers\":true,\"Spec\":{\"Orchestration\":{\"TaskHistoryRetentionLimit\":2},\"CAConfig\":{\"NodeCertExpiry\":7200000000000},\"Dispatcher\":{\"HeartbeatPeriod\":7000000000}}}"
                    .formatted(moved, moved)));
        var cluster = one.cluster();
        assertEquals(2, cluster.getSpec().getOrchestration().getTaskHistoryRetentionLimit());
        assertEquals(7200, cluster.getSpec().getCaConfig().getNodeCertExpiry().getSeconds());
        assertEquals(7, cluster.getSpec().getDispatcher().getHeartbeatPeriod().getSeconds());
        assertTrue(cluster.getSpec().getEncryptionConfig().getAutoLockManagers());
        assertEquals(moved, one.node(one).getManagerStatus().getAddr());
        assertFalse(one.node().unlockKey().isEmpty());
      }
    }
  }

  @Test
  void locked() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.node("locked");
      String id = one.init();
      one.locks();
      String key = one.node().unlockKey();
      one.restart();
      try (Served node = new Served(one)) {
        Map<String, String> table = table(LOCKED);
        table.put(INIT, "503 " + MEMBER);
        table.put(FORCE, "503 " + LOCKED);
        table.put(JOIN, "503 " + MEMBER);
        table.put(UNLOCK, "401 swarm could not be unlocked: invalid key provided");
        table.put("POST /swarm/unlock {\"UnlockKey\":\"nonsense\"}", "400 ");
        table.put(LEAVE, "503 Swarm is encrypted and locked.");
        node.refuses(table);

        assertEquals("", node.says("POST /swarm/unlock {\"UnlockKey\":\"" + key + "\"}"));
        assertEquals("", node.says("GET /nodes"));
        // What is on its disk is sealed, and it goes on alone all the same.
        assertEquals("", node.says(FORCE));
        assertEquals("", node.says("GET /nodes"));
        assertEquals(id, one.id());
        assertEquals(key, one.node().unlockKey());
      }
      one.restart();
      assertEquals(LocalNode.State.LOCKED, one.node().status().state());
      one.node().leave(true);
      assertEquals(LocalNode.inactive(), one.node().status());
    }
  }

  @Test
  void inError() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.node("broken");
      one.init();
      one.close();
      Files.writeString(
          one.options.dataDir().resolve("swarm/certificates/swarm-node.crt"), "nonsense");
      one.restart();
      try (Served node = new Served(one)) {
        Map<String, String> table = table(BROKEN);
        table.put(INIT, "503 " + MEMBER);
        table.put(FORCE, "503 " + BROKEN);
        table.put(JOIN, "503 " + MEMBER);
        table.put(UNLOCK, "503 " + BROKEN);
        table.put(LEAVE, "503 this node's certificate cannot be used");
        node.refuses(table);
        assertEquals("", node.says(LEAVE + "?force=true"));
        assertEquals(LocalNode.inactive(), one.node().status());
      }
    }
  }

  /** As with the stock engine: a script that always says so works on fresh machines too. */
  @Test
  void forcedOutsideItIsAnOrdinaryInit() throws IOException {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk);
        Served node = new Served(nodes.node("fresh"))) {
      assertEquals("", node.says(FORCE));
      assertEquals("", node.says("GET /nodes"));
    }
  }
}
