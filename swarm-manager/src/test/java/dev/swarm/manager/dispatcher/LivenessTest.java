package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.SessionMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** When silence is a death. */
class LivenessTest {
  private static final HeartbeatPlan PLAN = HeartbeatPlan.of(1, Duration.ZERO);
  private static final NodeId NODE = new NodeId("n");
  private static final long LOOK_MILLIS = Liveness.LOOK_EVERY.toMillis();
  private static final long TIMEOUT_MILLIS = PLAN.timeout().toMillis();
  private static final long STOCK_MILLIS = PLAN.stockTimeout().toMillis();

  /** A look this much after the one before is no pause yet. */
  private static final long IN_TIME_MILLIS = LOOK_MILLIS + PauseDetector.LATE.toMillis();

  private static final long REGISTER_MILLIS = Liveness.REGISTER_WITHIN.toMillis();

  private long nowMillis = 1000;
  private long suspendedMillis;
  private PauseDetector pauses = pauses();
  private final AgentSession ours = session(true);
  private final AgentSession stock = session(false);
  private final List<AgentSession> suspects = new ArrayList<>();

  private long nanos() {
    return Duration.ofMillis(nowMillis).toNanos();
  }

  private Instant time() {
    return Instant.EPOCH.plusMillis(nowMillis + suspendedMillis);
  }

  private PauseDetector pauses() {
    return new PauseDetector(Liveness.LOOK_EVERY, nanos(), time());
  }

  private AgentSession session(boolean isOurAgent) {
    StreamReceiver<SessionMessage> nobody =
        new StreamReceiver<>() {
          @Override
          public void next(SessionMessage message) {}

          @Override
          public void closed(String cause) {}
        };
    return new AgentSession(NODE, "s", "192.0.2.1", isOurAgent, nobody);
  }

  private boolean downAfter(AgentSession session, long millis) {
    nowMillis += millis;
    return !Liveness.silent(List.of(session), PLAN, pauses.measure(nanos(), time()), suspects::add)
        .isEmpty();
  }

  /** A beat, and the look that finds it. */
  private void heard(AgentSession session) {
    session.beat();
    assertEquals(false, downAfter(session, 0));
  }

  /** Looks as often as meant until the node is down; the time from the start until then. */
  private long lives(AgentSession session) {
    long from = nowMillis;
    while (!downAfter(session, LOOK_MILLIS)) {
      assertTrue(nowMillis - from < 60_000, "it never dies");
    }
    return nowMillis - from;
  }

  @Example
  void silenceBeyondTheTimeoutIsADeath() {
    assertEquals(TIMEOUT_MILLIS + LOOK_MILLIS, lives(ours));
    heard(stock);
    assertEquals(STOCK_MILLIS + LOOK_MILLIS, lives(stock));
  }

  @Example
  void everyBeatCountsAnew() {
    for (int i = 0; i < 10; i++) {
      for (long silent = 0; silent < TIMEOUT_MILLIS; silent += LOOK_MILLIS) {
        assertEquals(false, downAfter(ours, LOOK_MILLIS));
      }
      ours.beat();
    }
    assertTrue(suspects.isEmpty(), "only stock engines become suspect");
  }

  @Example
  void aPauseGivesEverybodyOneWholeTimeout() {
    assertEquals(false, downAfter(ours, IN_TIME_MILLIS + 1));
    assertEquals(TIMEOUT_MILLIS + LOOK_MILLIS, lives(ours));
    heard(stock);
    assertEquals(false, downAfter(stock, IN_TIME_MILLIS + 1));
    assertEquals(STOCK_MILLIS + LOOK_MILLIS, lives(stock));
  }

  @Example
  void aPauseThatAgentsMayHaveNoticedGivesThemTimeToRegister() {
    assertEquals(false, downAfter(ours, 600_000));
    assertEquals(REGISTER_MILLIS + LOOK_MILLIS, lives(ours));
    heard(stock);
    assertEquals(false, downAfter(stock, 600_000));
    assertEquals(REGISTER_MILLIS + LOOK_MILLIS, lives(stock));
  }

  @Example
  void aMachineThatWasSuspendedKnowsItByTheTimeOfDay() {
    assertEquals(false, downAfter(ours, TIMEOUT_MILLIS));
    suspendedMillis = 3_600_000;
    assertEquals(false, downAfter(ours, LOOK_MILLIS));
    assertEquals(REGISTER_MILLIS + LOOK_MILLIS, lives(ours));
  }

  @Example
  void aClockThatIsSetBackChangesNothing() {
    suspendedMillis = -3_600_000;
    assertEquals(TIMEOUT_MILLIS + LOOK_MILLIS, lives(ours));
  }

  /** No look is late enough for a pause, but there is little time left to hear in. */
  @Example
  void aStarvedManagerCountsOnlyWhatItCanHaveHeardIn() {
    long looks = 0;
    while (!downAfter(ours, IN_TIME_MILLIS)) {
      looks++;
    }
    assertEquals(TIMEOUT_MILLIS / (2 * LOOK_MILLIS), looks);
  }

  /** Down is said exactly when it listened, without a pause, for a whole timeout. */
  @Property
  void onlySilenceWhileAwakeCounts(@ForAll @Size(max = 60) List<Step> steps) {
    pauses = pauses();
    ours.beat();
    downAfter(ours, 0);
    long silentMillis = 0;
    for (Step step : steps) {
      if (step.beats) {
        ours.beat();
      }
      boolean down = downAfter(ours, step.gapMillis);
      if (step.gapMillis > TIMEOUT_MILLIS) {
        silentMillis = TIMEOUT_MILLIS - REGISTER_MILLIS;
      } else if (step.beats || step.gapMillis > IN_TIME_MILLIS) {
        silentMillis = 0;
      } else {
        silentMillis += Math.min(step.gapMillis, 2 * LOOK_MILLIS);
      }
      assertEquals(silentMillis > TIMEOUT_MILLIS, down);
    }
  }

  /** What happens between two looks. */
  enum Step {
    LOOK(LOOK_MILLIS, false),
    BEAT(LOOK_MILLIS, true),
    SLOW(IN_TIME_MILLIS, false),
    SLOWER(LOOK_MILLIS + 50, false),
    PAUSE(IN_TIME_MILLIS + 1, false),
    LONG_PAUSE(30_000, false);

    private final long gapMillis;
    private final boolean beats;

    Step(long gapMillis, boolean beats) {
      this.gapMillis = gapMillis;
      this.beats = beats;
    }
  }

  @Example
  void aSuspectIsToldOfOnceASilence() {
    for (int silences = 1; silences <= 3; silences++) {
      heard(stock);
      assertEquals(false, downAfter(stock, LOOK_MILLIS));
      for (long silent = LOOK_MILLIS; silent < STOCK_MILLIS; silent += LOOK_MILLIS) {
        int before = silent > STOCK_MILLIS / 2 ? silences : silences - 1;
        assertEquals(before, suspects.size(), () -> "after " + (nowMillis - 1000));
        assertEquals(false, downAfter(stock, LOOK_MILLIS));
      }
      assertEquals(silences, suspects.size());
    }
  }

  @Example
  void aStockEngineWhoseHostAnswersGetsTwiceAsLong() {
    stock.hostAnswered();
    assertEquals(2 * STOCK_MILLIS + LOOK_MILLIS, lives(stock));
    heard(stock);
    assertEquals(STOCK_MILLIS + LOOK_MILLIS, lives(stock), "an answer counts for one silence");
  }

  @Example
  void ourAgentsSilenceMeansMoreThanTheirHostsAnswer() {
    ours.hostAnswered();
    assertEquals(TIMEOUT_MILLIS + LOOK_MILLIS, lives(ours));
  }
}
