package dev.swarm.worker.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docker.swarmkit.v1.Peer;
import docker.swarmkit.v1.WeightedPeer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class SessionPartsProperties {
  @Property
  void pausesStayBelowABoundThatGrows(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SessionPauses pauses = new SessionPauses();
    long bound = 100;
    for (int i = 0; i < 20; i++) {
      Duration wait = pauses.next(random);
      assertTrue(wait.toMillis() < bound);
      bound = Math.min(SessionPauses.BOUNDS.max().toMillis(), 2 * bound);
    }
    pauses.reset();
    assertTrue(pauses.next(random).toMillis() < 100);
  }

  @Property
  void noPeriodBecomesABusyLoop(@ForAll long seconds, @ForAll int nanos) {
    Duration period =
        Timing.period(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(seconds % 1_000_000)
                .setNanos(nanos)
                .build());
    assertTrue(period.compareTo(Timing.PERIOD_MIN) >= 0);
    assertTrue(period.compareTo(Timing.PERIOD_MAX) <= 0);
  }

  @Property
  void aHedgeComesBeforeTheNextBeat(@ForAll @LongRange(min = 50, max = 300_000) long millis) {
    Duration period = Duration.ofMillis(millis);
    assertTrue(Timing.hedgeAfter(period).compareTo(period) < 0);
    assertTrue(Timing.hedgeAfter(period).compareTo(Duration.ofMillis(400)) <= 0);
  }

  @Property
  void aManagerThatFailedIsRarelyChosen(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Managers managers = new Managers(List.of("a:1", "b:1"));
    managers.observe("a:1", false);
    managers.observe("a:1", false);
    int a = 0;
    for (int i = 0; i < 1000; i++) {
      a += managers.choose(random).orElse("").equals("a:1") ? 1 : 0;
    }
    assertTrue(a < 100, () -> "chosen too often");
  }

  @Test
  void anEmptyListOfManagersChangesNothing() {
    Managers managers = new Managers(List.of("a:1"));
    managers.replace(List.of());
    managers.replace(List.of(WeightedPeer.getDefaultInstance()));
    assertEquals(List.of("a:1"), managers.addresses());
    managers.replace(
        List.of(
            WeightedPeer.newBuilder()
                .setPeer(Peer.newBuilder().setNodeId("n").setAddr("b:1"))
                .setWeight(10)
                .build()));
    assertEquals(List.of("b:1"), managers.addresses());
    assertTrue(new Managers(List.of()).choose(new SplittableRandom(1)).isEmpty());
  }
}
