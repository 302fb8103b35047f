package dev.swarm.cli.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Many worlds, each built by a seed. A world that fails says its seed: {@code -Dsim.seed=N} runs
 * that one alone, {@code -Dsim.notes=400} shows more of what happened, {@code -Dsim.seeds=N} runs
 * more worlds.
 */
class SimulationTest {
  private static final int SEEDS = 200;

  /** A planted bug must be found by one of so many worlds. */
  private static final int SEEDS_A_BUG = 40;

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
    int seeds = Integer.getInteger("sim.seeds", SEEDS);
    for (long seed = 1; seed <= seeds; seed++) {
      new World(seed).live();
    }
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
