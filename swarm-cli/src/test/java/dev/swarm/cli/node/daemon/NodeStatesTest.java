package dev.swarm.cli.node.daemon;

import static dev.swarm.cli.node.daemon.ServedNode.FORCE;
import static dev.swarm.cli.node.daemon.ServedNode.INIT;
import static dev.swarm.cli.node.daemon.ServedNode.JOIN;
import static dev.swarm.cli.node.daemon.ServedNode.LEAVE;
import static dev.swarm.cli.node.daemon.ServedNode.OF_MANAGERS;
import static dev.swarm.cli.node.daemon.ServedNode.UNLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.cli.http.OwnWords;
import dev.swarm.cli.node.daemon.NodesInOneProcess.One;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every command says in every state of a node but that of a manager, through the socket; and
 * that a command which is refused changes nothing.
 *
 * @see ManagerStatesTest
 */
class NodeStatesTest {
  private static final String OUTSIDE = "This node is not part of a swarm";
  private static final String JOIN_FIRST =
      OwnWords.of(
          "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
              + " connect this node to swarm and try again.");
  private static final String WORKER =
      "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster"
          + " state. Please run this command on a manager node or promote the current node to a"
          + " manager.";
  private static final String JOINING =
      "This node is not a swarm manager. It is still joining a swarm";
  private static final String MEMBER = "This node is already part of a swarm.";
  private static final String LOCKED =
      "Swarm is encrypted and needs to be unlocked before it can be used.";
  private static final String BROKEN =
      "This node is not a swarm manager. this node's certificate cannot be used";

  @TempDir Path disk;

  private static Map<String, String> table(String ofManagers) {
    Map<String, String> table = new LinkedHashMap<>();
    OF_MANAGERS.forEach(command -> table.put(command, "503 " + ofManagers));
    return table;
  }

  @Test
  void inactive() throws IOException {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk);
        ServedNode node = new ServedNode(nodes.node("inactive"))) {
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
      try (ServedNode node = new ServedNode(one)) {
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
      One one = nodes.joined("worker", nodes.founded("manager"), NodeRole.WORKER);
      try (ServedNode node = new ServedNode(one)) {
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
  void locked() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.node("locked");
      String id = one.init();
      one.locks();
      String key = one.node().unlockKey();
      one.restart();
      try (ServedNode node = new ServedNode(one)) {
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
      One one = nodes.founded("broken");
      one.close();
      Files.writeString(
          one.options.dataDir().resolve("swarm/certificates/swarm-node.crt"), "nonsense");
      one.restart();
      try (ServedNode node = new ServedNode(one)) {
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
        ServedNode node = new ServedNode(nodes.node("fresh"))) {
      assertEquals("", node.says(FORCE));
      assertEquals("", node.says("GET /nodes"));
    }
  }
}
