package dev.swarm.cli.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.swarm.core.loop.Controllers;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Mistakes of the program stay small, wherever they are: other services come to be as they were
 * asked for, the leader stays, and what is healed converges by itself.
 */
class PlantedFaultsTest {
  private static final int SEEDS = 6;
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.swarm");
  private static Level levelBefore = Level.WARN;

  @BeforeAll
  static void silence() {
    levelBefore = LOG.getEffectiveLevel();
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(levelBefore);
  }

  /** One in every controller there is, and in what all of them have in common. */
  static Stream<Named<Supplier<Planted>>> everywhere() {
    return Stream.concat(
        Controllers.ALL.list().stream()
            .map(
                controller ->
                    Named.of(
                        controller.keys().getSimpleName(), () -> Planted.in(controller.keys()))),
        Stream.of(
            Named.of("decisions", Planted::inDecisions), Named.of("apply", Planted::inApply)));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void aFaultStaysWithWhoeverRanIntoIt(Supplier<Planted> planting) {
    long thrown = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Planted planted = planting.get();
      new World(seed, planted).live();
      thrown += planted.thrown();
    }
    assertTrue(thrown > SEEDS, "it was run into: " + thrown);
  }
}
