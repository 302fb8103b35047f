package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.node.daemon.NodesInOneProcess.One;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeStatus;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes follow the roles that are wished of them, whatever was under way. */
class RolesTest {
  @TempDir Path disk;

  @Test
  void aManagerThatIsDemotedAndAtOncePromotedIsOneAgain() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One first = nodes.founded("first");
      One second = nodes.joined("second", first, NodeRole.WORKER);
      first.wishes(second, NodeRole.MANAGER);
      NodesInOneProcess.await("the second manages", () -> second.hasManager(second));

      second.wishes(first, NodeRole.WORKER);
      second.wishes(first, NodeRole.MANAGER);
      NodesInOneProcess.await("the first manages again", () -> first.hasManager(first));
      NodesInOneProcess.await("the second knows", () -> second.hasManager(first));
      assertEquals(2, first.nodes().size());
      assertEquals("", first.node().status().error());
    }
  }

  /** What is read or written right after init is what stays. */
  @Test
  void anInitIsAnsweredWhenTheNodeIsThere() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One first = nodes.founded("first");
      var listed = first.node(first);
      assertEquals(NodeStatus.State.READY, listed.getStatus().getState());
      assertEquals("first", listed.getDescription().getHostname());
      assertTrue(listed.getManagerStatus().getLeader());
      first.labels(listed);
      One second = nodes.joined("second", first, NodeRole.MANAGER);
      assertEquals(2, second.nodes().size());
      assertTrue(second.hasManager(second));
      assertEquals(NodeStatus.State.READY, second.node(second).getStatus().getState());
    }
  }

  @Test
  void aManagerThatIsStartedAgainServesWhenItHasStarted() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One first = nodes.founded("first");
      One second = nodes.joined("second", first, NodeRole.MANAGER);
      One third = nodes.joined("third", first, NodeRole.MANAGER);
      for (One one : List.of(second, first, third)) {
        one.restart();
        NodesInOneProcess.await("it serves", () -> one.node().managerStatus().controlAvailable());
        assertEquals(3, one.nodes().size());
      }
    }
  }

  /** Its manager cannot listen where it says it does; the rest of the node works on. */
  @Test
  void aNodeWhoseAddressIsTakenSaysSoAndBecomesAManagerWhenItIsFree() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One first = nodes.founded("first");
      One second = nodes.joined("second", first, NodeRole.WORKER);
      int port = Integer.parseInt(second.address().split(":")[1]);
      try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
        first.wishes(second, NodeRole.MANAGER);
        NodesInOneProcess.await(
            "it says why", () -> second.node().status().error().contains("address already in use"));
        assertTrue(taken.isBound());
        assertEquals(NodeStatus.State.READY, first.node(second).getStatus().getState());
      }
      NodesInOneProcess.await("it manages", () -> first.hasManager(second));
      assertEquals("", second.node().status().error());
    }
  }

  /** A demoted manager says what every worker says, whoever of it and the leader knows first. */
  @Test
  void aDemotedManagerSaysThatItIsNone() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One first = nodes.founded("first");
      One second = nodes.joined("second", first, NodeRole.MANAGER);
      var _ = nodes.joined("third", first, NodeRole.MANAGER);
      first.wishes(second, NodeRole.WORKER);
      NodesInOneProcess.await(
          "the second is a worker",
          () -> {
            try {
              var _ = second.nodes();
              return false;
            } catch (StatusRuntimeException e) {
              assertTrue(
                  String.valueOf(e.getStatus().getDescription())
                      .matches(
                          "This node is not a swarm manager.*|.*does not have a"
                              + " leader.*|.*closed.*|.*[Ss]hutdown.*"),
                  e.getStatus().toString());
              return false;
            } catch (ApiRejection e) {
              assertTrue(e.sentence().startsWith("This node is not a swarm manager."));
              return e.sentence().contains("Worker nodes");
            }
          });
      assertEquals(3, first.nodes().size());
    }
  }
}
