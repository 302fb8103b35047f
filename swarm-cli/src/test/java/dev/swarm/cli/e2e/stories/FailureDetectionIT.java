package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How soon a lost worker is noticed and replaced, and that a short cut is not a loss. */
@NeedsHosts
final class FailureDetectionIT {
  private static final Duration SHORT_CUT = Duration.ofSeconds(2);

  /**
   * How far over its bound a figure may be before a test fails: other work may load the machine.
   */
  private static final int SLACK = 4;

  @Test
  void lostWorkersAreReplacedAndShortCutsMoveNothing() {
    try (Lab lab = Lab.open("failure-detection")) {
      Host manager = lab.host("manager0");
      Host ours = lab.host("worker0");
      Host stock = lab.host("stock0");
      Swarms swarm = Swarms.init(manager);
      swarm.join(ours);
      swarm.joinStock(stock);
      swarm.availability(manager, "drain");
      swarm.createIdle("idle", 4);
      assertEquals(2, swarm.count("idle", ours));
      assertEquals(2, swarm.count("idle", stock));

      lab.journal().step("cuts of 2 s, of ours and of the stock engine");
      shortCut(lab, swarm, ours);
      shortCut(lab, swarm, stock);

      lab.journal().step("the only manager is held up");
      for (int seconds : new int[] {1, 3, 20}) {
        heldUp(lab, swarm, manager, Duration.ofSeconds(seconds), List.of(ours, stock));
      }

      lab.journal().step("a long cut of ours: what was replaced is stopped after it");
      longCut(swarm, ours, stock);

      lab.journal().step("loss of power of ours");
      spread(swarm);
      lose(lab, swarm, ours, "our worker", Duration.ofSeconds(3), Duration.ofSeconds(5));
      ours.powerOn();
      ours.engine().start();
      ours.daemon().start();
      swarm.awaitReady(ours);

      lab.journal().step("loss of power of the stock engine");
      spread(swarm);
      lose(lab, swarm, stock, "stock worker", Duration.ofSeconds(5), Duration.ofSeconds(7));
    }
  }

  /** Back to two tasks on each of two workers. */
  private static void spread(Swarms swarm) {
    swarm.scale("idle", 0);
    swarm.scale("idle", 4);
  }

  private static void shortCut(Lab lab, Swarms swarm, Host worker) {
    List<String> before = swarm.placement("idle");
    List<String> containers = worker.engine().tasks();
    worker.cut();
    Until.pause(SHORT_CUT);
    worker.heal();
    // Longer than any silence that a cut of this length causes.
    Until.stays(
        "nothing moves after a cut of " + worker,
        Duration.ofSeconds(10),
        () -> {
          assertEquals("Ready", swarm.status(worker));
          assertEquals(before, swarm.placement("idle"));
          return true;
        });
    assertEquals(containers, worker.engine().tasks());
    lab.journal().step("a cut of " + SHORT_CUT.toSeconds() + " s of " + worker + " moved nothing");
  }

  private static void heldUp(
      Lab lab, Swarms swarm, Host manager, Duration length, List<Host> workers) {
    List<String> before = swarm.placement("idle");
    manager.daemon().holdUp(length);
    Until.stays(
        "nothing moves after the manager was held up",
        Duration.ofSeconds(15),
        () -> {
          workers.forEach(worker -> assertEquals("Ready", swarm.status(worker)));
          assertEquals(before, swarm.placement("idle"));
          return true;
        });
    assertFalse(
        manager.run("grep", "no longer leads", manager.log("swarm").toString()).succeeded(),
        "who leads alone has nobody to step down for");
    lab.journal().step("a manager held up for " + length.toSeconds() + " s moved nothing");
  }

  private static void longCut(Swarms swarm, Host ours, Host stock) {
    ours.cut();
    swarm.awaitStatus(ours, "Down");
    Until.holds("all moved", Swarms.LIMIT, () -> swarm.count("idle", stock) == 4);
    assertEquals(2, ours.engine().tasks().size(), "containers run on behind the cut");
    ours.heal();
    swarm.awaitReady(ours);
    Swarms.awaitContainers(Map.of(ours, 0, stock, 4));
  }

  private static void lose(
      Lab lab, Swarms swarm, Host worker, String kind, Duration down, Duration elsewhere) {
    assertEquals(2, swarm.count("idle", worker));
    long start = System.nanoTime();
    worker.powerOff();
    swarm.awaitStatus(worker, "Down");
    Duration toDown = Duration.ofNanos(System.nanoTime() - start);
    Until.holds(
        "four tasks run elsewhere",
        Swarms.LIMIT,
        () -> {
          List<String> tasks = swarm.placement("idle");
          return tasks.size() == 4 && tasks.stream().noneMatch(t -> t.endsWith(" " + worker));
        });
    Duration toRunning = Duration.ofNanos(System.nanoTime() - start);
    lab.journal().figure(kind + ", power cut to Down", toDown, down);
    lab.journal().figure(kind + ", power cut to tasks Running elsewhere", toRunning, elsewhere);
    assertTrue(toDown.compareTo(down.multipliedBy(SLACK)) < 0, "Down after " + toDown);
    assertTrue(
        toRunning.compareTo(elsewhere.multipliedBy(SLACK)) < 0, "elsewhere after " + toRunning);
  }
}
