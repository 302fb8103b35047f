package dev.swarm.cli.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Many worlds, each built by a seed, on all processors. All that fail are listed: {@code
 * -Dsim.seed=N} runs one alone, {@code -Dsim.notes=N} shows more of what happened, {@code
 * -Dsim.seeds=N} runs more worlds, {@code -Dsim.first=N} begins with another than 1.
 */
class SimulationTest {
  private static final int SEEDS = 500;

  /** A planted bug must be found by one of so many worlds. */
  private static final int SEEDS_A_BUG = 80;

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

  @Test
  void everyWorldKeepsTheLawsAndComesToRest() {
    Long only = Long.getLong("sim.seed");
    if (only != null) {
      new World(only).live();
      return;
    }
    long first = Long.getLong("sim.first", 1);
    long last = first + Integer.getInteger("sim.seeds", SEEDS) - 1;
    List<AssertionError> failures =
        LongStream.rangeClosed(first, last)
            .parallel()
            .mapToObj(seed -> failureOf(new World(seed)))
            .flatMap(Optional::stream)
            .toList();
    if (!failures.isEmpty()) {
      throw all(failures);
    }
  }

  private static Optional<AssertionError> failureOf(World world) {
    try {
      world.live();
      return Optional.empty();
    } catch (AssertionError failure) {
      System.out.println(headOf(failure)); // a run that is cut short has told what it knew
      return Optional.of(failure);
    }
  }

  /** Each in a line, and of the first all that happened. */
  private static AssertionError all(List<AssertionError> failures) {
    String heads =
        failures.stream().map(SimulationTest::headOf).collect(Collectors.joining("\n", "", "\n"));
    return new AssertionError(
        "%d worlds failed:%n%s%n%s"
            .formatted(failures.size(), heads, failures.getFirst().getMessage()),
        failures.getFirst());
  }

  private static String headOf(AssertionError failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  @ParameterizedTest
  @CsvSource({
    "3615, what was finished under an old spec was counted as one of the replicas asked for",
    "53835, what ended for good after a rollback was forgotten with the history",
    "10128, one that led no longer and was removed applied what its successor had made",
    "5087, one that led no longer and did not know lagged behind its successor",
    "51351, an old task that ended while the update was paused was replaced by nothing",
    "2242, the only manager that a node knew did not lead and passed nothing on",
    "4014, all managers that a node knew were replaced while it was cut off",
    "21448, what had ended for good was begun again once the window of its attempts was over",
    "26717, what had completed was said to be shut down by a node that had lost its disk",
    "95537, the tasks of a thread that stood still twice were run out of their order by the"
        + " simulator",
  })
  void aWorldThatOnceFailedHoldsNow(long seed, String fault) {
    new World(seed).live();
  }

  @Test
  void aSeedAlwaysTellsTheSameStory() {
    for (long seed = 1; seed <= 5; seed++) {
      assertEquals(new World(seed).live(), new World(seed).live());
    }
    assertNotEquals(new World(1).live(), new World(2).live());
  }

  @ParameterizedTest
  @EnumSource(Bug.class)
  void aPlantedBugIsFound(Bug bug) {
    boolean found = false;
    for (long seed = 1; seed <= SEEDS_A_BUG && !found; seed++) {
      try {
        new World(seed, bug).live();
      } catch (AssertionError caught) {
        found = true;
      }
    }
    assertTrue(found, bug + " was not found");
  }
}
