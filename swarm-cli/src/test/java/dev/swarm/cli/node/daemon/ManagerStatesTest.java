package dev.swarm.cli.node.daemon;

import static dev.swarm.cli.node.daemon.ServedNode.FORCE;
import static dev.swarm.cli.node.daemon.ServedNode.INIT;
import static dev.swarm.cli.node.daemon.ServedNode.JOIN;
import static dev.swarm.cli.node.daemon.ServedNode.LEAVE;
import static dev.swarm.cli.node.daemon.ServedNode.OF_MANAGERS;
import static dev.swarm.cli.node.daemon.ServedNode.UNLOCK;
import static dev.swarm.cli.node.daemon.ServedNode.forced;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.node.daemon.NodesInOneProcess.One;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every command says and does where the node is a manager, with a majority and without one.
 *
 * @see NodeStatesTest
 */
class ManagerStatesTest {
  private static final String MEMBER = "This node is already part of a swarm.";
  private static final String NO_LEADER = "The swarm does not have a leader.";
  private static final String STALE = "update out of sequence";

  @TempDir Path disk;

  /** Says no whoever leads, or nobody. */
  private static Map<String, String> ofTheNode() {
    Map<String, String> table = new LinkedHashMap<>();
    table.put(INIT, "503 " + MEMBER);
    table.put(JOIN, "503 " + MEMBER);
    table.put(UNLOCK, "409 swarm is not locked");
    table.put(LEAVE, "503 You are attempting to leave the swarm on a node that is participating");
    table.put(FORCE.replace("0.0.0.0:2377", "nonsense:x"), "400 invalid ListenAddr");
    table.put(FORCE.replace("0.0.0.0:2377", ""), "400 invalid ListenAddr");
    table.put(forced("\"AdvertiseAddr\":\"0.0.0.0:2377\""), "400 ");
    table.put(forced("\"DataPathPort\":80"), "400 ");
    table.put(forced("\"DefaultAddrPool\":[\"nonsense\"]"), "400 ");
    table.put(forced("\"DefaultAddrPool\":[\"10.0.0.0/8\"],\"SubnetSize\":4"), "400 ");
    table.put(forced("\"Spec\":{\"Name\":\"other\"}"), "400 swarm spec must be named");
    table.put(forced("\"Spec\":{\"CAConfig\":{\"NodeCertExpiry\":1}}"), "400 ");
    table.put(
        forced("\"Spec\":{\"CAConfig\":{\"SigningCACert\":\"x\"}}"),
        "400 a new swarm makes its own root certificate");
    table.put(forced("\"Spec\":{\"Dispatcher\":{\"HeartbeatPeriod\":-1}}"), "400 ");
    return table;
  }

  @Test
  void refusesWhatItCannotDo() throws IOException {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.founded("manager");
      try (ServedNode node = new ServedNode(one)) {
        Map<String, String> table = ofTheNode();
        table.put("POST /swarm/update?version=1 {\"Name\":\"other\"}", "400 swarm spec must be");
        for (String rotation :
            new String[] {"", "WorkerToken", "ManagerToken", "ManagerUnlockKey"}) {
          String query = rotation.isEmpty() ? "" : "&rotate" + rotation + "=true";
          table.put("POST /swarm/update?version=99999" + query + " {}", "500 " + STALE);
        }
        table.put(
            "POST /swarm/update?version=99999 {\"CAConfig\":{\"ForceRotate\":1}}", "500 " + STALE);
        Cluster before = one.cluster();
        node.refuses(table);
        assertEquals(before.getSpec(), one.cluster().getSpec());
        assertEquals(before.getRootCa(), one.cluster().getRootCa());
      }
    }
  }

  @Test
  void doesWhatItIsAskedFor() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.founded("manager");
      try (ServedNode node = new ServedNode(one)) {
        for (String read : OF_MANAGERS) {
          if (read.startsWith("GET") && !read.endsWith("self")) {
            assertEquals("", node.says(read), read);
          }
        }
        var tokens = one.cluster().getRootCa().getJoinTokens();
        assertEquals("", node.updates("&rotateWorkerToken=true", "{}"));
        var worker = one.cluster().getRootCa().getJoinTokens();
        assertNotEquals(tokens.getWorker(), worker.getWorker());
        assertEquals(tokens.getManager(), worker.getManager());
        assertEquals("", node.updates("&rotateManagerToken=true", "{}"));
        var manager = one.cluster().getRootCa().getJoinTokens();
        assertEquals(worker.getWorker(), manager.getWorker());
        assertNotEquals(worker.getManager(), manager.getManager());

        assertEquals("", node.updates("&rotateManagerUnlockKey=true", "{}"));
        assertEquals("", one.node().unlockKey(), "managers that are not locked have none");
        assertEquals("", node.updates("", "{\"EncryptionConfig\":{\"AutoLockManagers\":true}}"));
        String key = one.node().unlockKey();
        assertEquals("", node.updates("&rotateManagerUnlockKey=true", "{}"));
        assertNotEquals(key, one.node().unlockKey());
        assertFalse(one.node().unlockKey().isEmpty());

        var root = one.cluster().getRootCa().getCaCert();
        assertEquals("", node.updates("", "{\"CAConfig\":{\"ForceRotate\":1}}"));
        NodesInOneProcess.await(
            "the root is another", () -> !one.cluster().getRootCa().getCaCert().equals(root));
        assertEquals("", node.says(LEAVE + "?force=true"));
        assertEquals(LocalNode.inactive(), one.node().status());
      }
    }
  }

  /** It may be told to although it leads; whatever the request says beside it is done as well. */
  @Test
  void goesOnAloneAsItIsToldThoughItLeads() throws IOException {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.founded("manager");
      One other = nodes.joined("other", one, NodeRole.WORKER);
      String id = one.id();
      try (ServedNode node = new ServedNode(one)) {
        forcedWithEverything(node, one.address());
        assertEquals(id, one.id());
        NodesInOneProcess.await("its worker finds back", () -> isReady(one, other));
      }
    }
  }

  private static boolean isReady(One asked, One node) {
    return asked.node(node).getStatus().getState() == docker.swarmkit.v1.NodeStatus.State.READY;
  }

  @Test
  void withoutAMajorityItSaysSoUntilItIsForced() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.founded("survivor");
      One lost = nodes.joined("lost", one, NodeRole.MANAGER);
      NodesInOneProcess.await("both manage", () -> one.hasManager(lost));
      String lostId = lost.id();
      lost.close();
      try (ServedNode node = new ServedNode(one)) {
        NodesInOneProcess.await("nobody leads", () -> node.says("GET /nodes").contains(NO_LEADER));
        node.refuses(ofTheNode());
        Map<String, String> table = new LinkedHashMap<>();
        OF_MANAGERS.forEach(command -> table.put(command, "503 " + NO_LEADER));
        node.refusesAtOnce(table);

        forcedWithEverything(node, NodesInOneProcess.freeAddress());
        var listed = one.nodes().stream().filter(n -> n.getId().equals(lostId)).findFirst();
        assertEquals(NodeRole.WORKER, listed.orElseThrow().getSpec().getDesiredRole());
      }
    }
  }

  @Test
  void withoutAMajorityItMayLeave() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One one = nodes.founded("survivor");
      One lost = nodes.joined("lost", one, NodeRole.MANAGER);
      NodesInOneProcess.await("both manage", () -> one.hasManager(lost));
      lost.close();
      try (ServedNode node = new ServedNode(one)) {
        NodesInOneProcess.await("nobody leads", () -> node.says("GET /nodes").contains(NO_LEADER));
        assertEquals("", node.says(LEAVE + "?force=true"));
        assertEquals(LocalNode.inactive(), one.node().status());
        assertEquals("", node.says(FORCE), "outside it is an ordinary init");
      }
    }
  }

  private static void forcedWithEverything(ServedNode node, String address) throws IOException {
    One one = node.one;
    String request =
        forced(
            """
            "ListenAddr":"%1$s", "AdvertiseAddr":"%1$s", "DataPathAddr":"", "DataPathPort":7777,
            "DefaultAddrPool":["10.77.0.0/16"], "SubnetSize":25,
            "AutoLockManagers":true, "Availability":"drain",
            "Spec":{
              "Orchestration":{"TaskHistoryRetentionLimit":2},
              "Raft":{"SnapshotInterval":4321, "LogEntriesForSlowFollowers":321},
              "Dispatcher":{"HeartbeatPeriod":7000000000},
              "CAConfig":{"NodeCertExpiry":7200000000000},
              "TaskDefaults":{"LogDriver":{"Name":"none"}},
              "Labels":{"forced":"yes"}}
            """
                .formatted(address)
                .replace("\n", " "));
    assertEquals("", node.says(request));
    Cluster cluster = one.cluster();
    var spec = cluster.getSpec();
    assertEquals(2, spec.getOrchestration().getTaskHistoryRetentionLimit());
    assertEquals(4321, spec.getRaft().getSnapshotInterval());
    assertEquals(321, spec.getRaft().getLogEntriesForSlowFollowers());
    assertEquals(7, spec.getDispatcher().getHeartbeatPeriod().getSeconds());
    assertEquals(7200, spec.getCaConfig().getNodeCertExpiry().getSeconds());
    assertEquals("none", spec.getTaskDefaults().getLogDriver().getName());
    assertEquals(Map.of("forced", "yes"), spec.getAnnotations().getLabelsMap());
    assertTrue(spec.getEncryptionConfig().getAutoLockManagers());
    assertFalse(one.node().unlockKey().isEmpty());
    assertEquals("10.77.0.0/16", cluster.getDefaultAddressPool(0));
    assertEquals(25, cluster.getSubnetSize());
    assertEquals(7777, cluster.getVXLANUDPPort());
    assertEquals(address, one.node(one).getManagerStatus().getAddr());
    assertEquals(NodeSpec.Availability.DRAIN, one.node(one).getSpec().getAvailability());
  }
}
