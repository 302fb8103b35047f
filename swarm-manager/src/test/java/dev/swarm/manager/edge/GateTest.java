package dev.swarm.manager.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.Clock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Limits LIMITS =
      new Limits(
          40, 20, 200, 150, 10, 20, 5, 50, Duration.ofSeconds(2), Duration.ofMinutes(1), 30, 3);

  private long nanos = 1;
  private Set<String> nodes = Set.of();
  private final Clock clock =
      new Clock() {
        @Override
        public Instant now() {
          return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
          return nanos;
        }
      };
  private final Gate gate = new Gate(LIMITS, () -> nodes, clock);

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private List<Gate.Arrival.Admitted> arrive(String address, int connections) {
    List<Gate.Arrival.Admitted> admitted = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      if (gate.arrive(address(address)) instanceof Gate.Arrival.Admitted in) {
        admitted.add(in);
      }
    }
    return admitted;
  }

  private void later(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void oneSourceHasARoomOfItsOwnAndLeavesTheOthersTheirs() {
    assertEquals(20, arrive("10.0.0.1", 1000).size());
    assertEquals(1, arrive("10.0.0.2", 1).size());
  }

  @Test
  void whatIsGivenBackIsThereAgainAndOnlyOnce() {
    var first = arrive("10.0.0.1", 20);
    assertEquals(20, first.size());
    later(Duration.ofMinutes(1));
    assertEquals(0, arrive("10.0.0.1", 1).size());
    first.getFirst().place().giveBack();
    first.getFirst().place().giveBack();
    later(Duration.ofMinutes(1));
    assertEquals(1, arrive("10.0.0.1", 5).size());
  }

  @Test
  void handshakesOfStrangersAreSpacedOutWhereverTheyComeFrom() {
    List<Gate.Arrival.Admitted> all = new ArrayList<>();
    for (int i = 1; i <= 250; i++) {
      all.addAll(arrive("10.1.0." + i, 1));
    }
    long atOnce = all.stream().filter(in -> in.waitNanos() == 0).count();
    assertEquals(LIMITS.handshakesAtOnce(), atOnce);
    assertTrue(
        all.stream().allMatch(in -> in.waitNanos() <= LIMITS.waitMax().toNanos()), "none for long");
    all.forEach(in -> in.place().giveBack());
    assertEquals(0, arrive("10.2.0.1", 1).size(), "the next would have to wait for too long");
    later(Duration.ofSeconds(10));
    assertEquals(1, arrive("10.2.0.1", 1).size());
  }

  @Test
  void aSourceOfMembersDoesNotWaitForStrangers() {
    nodes = Set.of("10.0.0.9");
    for (int i = 1; i <= 250; i++) {
      arrive("10.1.0." + i, 1).forEach(in -> in.place().giveBack());
    }
    List<Gate.Arrival.Admitted> members = arrive("10.0.0.9", 10);
    assertEquals(10, members.size());
    assertTrue(members.stream().allMatch(in -> in.waitNanos() == 0));
  }

  @Test
  void membersComeBackAlthoughStrangersHoldAllTheirPlaces() {
    nodes = Set.of("10.0.0.9");
    int held = 0;
    for (int second = 0; second < 60; second++) {
      for (int i = 1; i <= 40; i++) {
        held += arrive("10.1.0." + i, 1).size();
      }
      later(Duration.ofSeconds(1));
    }
    assertEquals(LIMITS.strangers(), held);
    assertEquals(1, arrive("10.0.0.9", 1).size());
  }

  @Test
  void manyMembersBehindOneSourceComeBackAtOnce() {
    nodes = Set.of("10.0.0.9");
    var all = arrive("10.0.0.9", 1000);
    assertEquals(LIMITS.returningOfSource(), all.size());
    assertTrue(all.getFirst().place().become("node"));
    later(Duration.ofSeconds(10));
    assertEquals(1, arrive("10.0.0.9", 10).size(), "its place is free for the next");
  }

  @Test
  void whoShowedACertificateMakesItsSourceAMembers() {
    var first = arrive("10.0.0.7", 1).getFirst();
    assertTrue(first.place().become("node"));
    for (int i = 1; i <= 250; i++) {
      arrive("10.1.0." + i, 1).forEach(in -> in.place().giveBack());
    }
    assertEquals(0, arrive("10.0.0.7", 1).getFirst().waitNanos());
  }

  @Test
  void membersCountByNodeAndNotByAddress() {
    var connections = arrive("10.0.0.1", 8);
    for (int i = 0; i < 8; i++) {
      assertEquals(i < 6, connections.get(i).place().become("node-" + i % 2), "connection " + i);
    }
    assertFalse(connections.get(7).place().become("node-9"), "what was cut off is over");
    connections.get(0).place().giveBack();
    assertTrue(arrive("10.0.0.1", 1).getFirst().place().become("node-0"));
  }

  @Test
  void aSourceOfSixIsASubnet() {
    assertEquals("2001:db8:0:1::/64", Gate.source(address("2001:db8:0:1:2::3")));
    assertEquals(
        Gate.source(address("2001:db8:0:1::1")), Gate.source(address("2001:db8:0:1:ffff::2")));
    assertEquals("10.0.0.1", Gate.source(address("10.0.0.1")));
  }
}
