package dev.swarm.manager.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.ReplicatedLog.Peer;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.RaftMemberStatus.Reachability;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The log's members in other words. */
class LogVotersTest {
  private final FakeLog log = new FakeLog();
  private final LogVoters voters = new LogVoters(log, true);

  private static NodeId id(String id) {
    return new NodeId(id);
  }

  private void voters(int count) {
    log.peers.clear();
    log.silent.clear();
    for (int i = 0; i < count; i++) {
      log.peers.add(new Peer("m" + i, "host" + i + ":2377"));
    }
  }

  @Test
  void aVoterIsAMemberOfTheLog() {
    voters(2);
    assertTrue(voters.votes(id("m1")));
    assertFalse(voters.votes(id("m2")));
  }

  @Test
  void managersAndThoseThatRunOurProgramCouldVote() {
    Node worker = FakeCluster.node("w", NodeRole.WORKER, NodeRole.WORKER);
    NodeDescription.Builder stock = NodeDescription.newBuilder();
    stock.getEngineBuilder().addPluginsBuilder().setType("Volume").setName("local");
    NodeDescription.Builder ours = stock.clone();
    ours.getEngineBuilder().addPluginsBuilder().setType("Runtime").setName("swarm");
    Node manager = FakeCluster.node("m", NodeRole.MANAGER, NodeRole.MANAGER);

    assertFalse(voters.couldVote(worker));
    assertFalse(voters.couldVote(worker.withDescription(stock.build())));
    assertTrue(voters.couldVote(worker.withDescription(ours.build())));
    assertTrue(voters.couldVote(manager));

    var alone = new LogVoters(log, false);
    assertFalse(alone.couldVote(worker.withDescription(ours.build())));
    assertFalse(alone.couldVote(manager));
  }

  /** Removing one must leave a majority of the rest that answers. */
  @Property
  void aMajorityOfTheOthersMustAnswer(
      @ForAll @IntRange(min = 1, max = 9) int count, @ForAll @IntRange(max = 9) int silent) {
    voters(count);
    for (int i = 0; i < Math.min(silent, count); i++) {
      log.silent.add("m" + i);
    }
    for (int i = 0; i < count; i++) {
      int left = count - 1;
      int quiet = Math.min(silent, count) - (i < silent ? 1 : 0);
      assertEquals(2 * (left - quiet) > left, voters.canDoWithout(id("m" + i)));
    }
  }

  @Test
  void theLastManagerIsNeeded() {
    voters(1);
    assertFalse(voters.canDoWithout(id("m0")));
    voters(2);
    assertTrue(voters.canDoWithout(id("m0")));
    log.silent.add("m1");
    assertFalse(voters.canDoWithout(id("m0")));
    assertTrue(voters.canDoWithout(id("m1")));
  }

  @Test
  void aMembersStatusIsForOperators() {
    voters(2);
    log.leader("m0", true);
    log.silent.add("m1");
    var leader = voters.status(id("m0")).orElseThrow();
    assertEquals("host0:2377", leader.getAddr());
    assertTrue(leader.getLeader());
    assertEquals(Reachability.REACHABLE, leader.getReachability());
    var other = voters.status(id("m1")).orElseThrow();
    assertEquals("host1:2377", other.getAddr());
    assertFalse(other.getLeader());
    assertEquals(Reachability.UNREACHABLE, other.getReachability());
    assertEquals(Optional.empty(), voters.status(id("w")));
  }

  @Test
  void agentsLearnOfEveryMember() {
    voters(3);
    assertEquals(
        List.of("m0 host0:2377", "m1 host1:2377", "m2 host2:2377"),
        voters.weighted().stream()
            .map(one -> one.getPeer().getNodeId() + " " + one.getPeer().getAddr())
            .toList());
    voters.weighted().forEach(one -> assertTrue(one.getWeight() > 0));
  }
}
