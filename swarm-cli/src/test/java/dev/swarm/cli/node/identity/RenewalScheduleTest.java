package dev.swarm.cli.node.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.Validity;
import dev.swarm.core.sim.VirtualTime;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When renewals are tried, in virtual time. */
class RenewalScheduleTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final VirtualTime world = new VirtualTime(START);
  private final Identities identities = new Identities(START);
  private final List<Instant> attempts = new ArrayList<>();
  private final List<NodeIdentity> stored = new ArrayList<>();
  private Validity validity = Validity.DEFAULT;
  private NodeRole issued = NodeRole.WORKER;
  private Runnable duringAttempt = () -> {};
  private boolean reachable = true;
  private boolean diskFull;

  private final IdentityHolder holder =
      new IdentityHolder(identities.issue(validity, START), world);

  private RenewalSchedule started() {
    var schedule =
        new RenewalSchedule(
            holder,
            this::attempt,
            this::store,
            next -> assertSame(holder.current(), next),
            world,
            Runnable::run,
            world,
            () -> 0.5);
    schedule.start();
    return schedule;
  }

  private NodeIdentity attempt() throws JoinException {
    attempts.add(world.now());
    if (!reachable) {
      throw new JoinException(JoinException.Kind.UNREACHABLE, "nobody there");
    }
    NodeRole role = issued;
    Runnable meanwhile = duringAttempt;
    duringAttempt = () -> {};
    meanwhile.run();
    return identities.issue(validity, world.now(), role);
  }

  private void store(NodeIdentity identity) throws IOException {
    if (diskFull) {
      throw new IOException("disk full");
    }
    stored.add(identity);
  }

  @Test
  void renewsInTheMiddleOfLifeAgainAndAgain() {
    started();
    world.pass(Duration.ofDays(58));
    assertEquals(0, attempts.size());
    world.pass(Duration.ofDays(1));
    assertEquals(1, attempts.size());
    assertSame(stored.getFirst(), holder.current());
    world.pass(Duration.ofDays(365));
    assertTrue(attempts.size() >= 6 && attempts.size() <= 8, "attempts: " + attempts.size());
  }

  @Test
  void failuresBackOffAndNeverSpin() {
    reachable = false;
    RenewalSchedule schedule = started();
    schedule.renewNow();
    world.pass(Duration.ofHours(1));
    assertTrue(attempts.size() >= 10 && attempts.size() < 30, "attempts: " + attempts.size());
    reachable = true;
    world.pass(Duration.ofMinutes(8));
    assertSame(stored.getLast(), holder.current());
  }

  @Test
  void aManagerThatAsksAllTheTimeIsAnsweredOnceASecond() {
    RenewalSchedule schedule = started();
    for (int i = 0; i < 100; i++) {
      schedule.renewNow();
      world.pass(Duration.ofMillis(100));
    }
    assertTrue(attempts.size() >= 9 && attempts.size() <= 12, "attempts: " + attempts.size());
  }

  /** A session says what role a node is to have again with every change of the node. */
  @Test
  void aRoleThatIsToldTwiceIsAskedForOnce() {
    RenewalSchedule schedule = started();
    duringAttempt = () -> schedule.renewFor(NodeRole.MANAGER);
    issued = NodeRole.MANAGER;
    schedule.renewFor(NodeRole.MANAGER);
    world.pass(Duration.ofMinutes(1));
    schedule.renewFor(NodeRole.MANAGER);
    world.pass(Duration.ofMinutes(1));
    assertEquals(1, attempts.size());
  }

  @Test
  void aRoleThatChangesBackMeanwhileIsAskedForAgain() {
    RenewalSchedule schedule = started();
    issued = NodeRole.MANAGER;
    duringAttempt =
        () -> {
          schedule.renewFor(NodeRole.WORKER);
          issued = NodeRole.WORKER;
        };
    schedule.renewFor(NodeRole.MANAGER);
    world.pass(Duration.ofMinutes(1));
    assertEquals(NodeRole.WORKER, holder.current().role());
    assertEquals(2, attempts.size());
  }

  @Test
  void aMistakeInOneAttemptIsFollowedByAnother() {
    RenewalSchedule schedule = started();
    duringAttempt =
        () -> {
          throw new IllegalStateException("nobody thought of it");
        };
    schedule.renewNow();
    world.pass(Duration.ofMinutes(1));
    assertTrue(attempts.size() > 1, "attempts: " + attempts.size());
    assertSame(stored.getLast(), holder.current());
  }

  @Test
  void aShortLifeWithALongBackdateIsNotRenewedInALoop() {
    validity = Validity.of(Duration.ofMinutes(4));
    RenewalSchedule schedule = started();
    schedule.renewNow();
    world.pass(Duration.ofMinutes(60));
    assertTrue(attempts.size() >= 20 && attempts.size() <= 35, "attempts: " + attempts.size());
  }

  @Test
  void whatCannotBeStoredIsNotUsed() {
    NodeIdentity before = holder.current();
    diskFull = true;
    RenewalSchedule schedule = started();
    schedule.renewNow();
    world.pass(Duration.ofSeconds(10));
    assertSame(before, holder.current());
    diskFull = false;
    world.pass(Duration.ofMinutes(1));
    assertSame(stored.getLast(), holder.current());
  }

  @Test
  void afterCloseNothingHappens() {
    RenewalSchedule schedule = started();
    schedule.close();
    schedule.renewNow();
    world.pass(Duration.ofDays(100));
    assertEquals(List.of(), attempts);
  }
}
