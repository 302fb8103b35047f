package dev.swarm.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.cli.daemon.NodesInOneProcess.One;
import docker.swarmkit.v1.NodeRole;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes follow the roles that are wished of them, whatever was under way. */
class RolesTest {
  @TempDir Path disk;

  @Test
  void aManagerThatIsDemotedAndAtOncePromotedIsOneAgain() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One first = nodes.node("first");
      One second = nodes.node("second");
      first.init();
      second.join(first, NodeRole.WORKER);
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
}
