package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Managers that are locked, and a root certificate that makes way for another. */
@NeedsHosts
final class KeysIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void aManagerIsLockedUntilItIsUnlocked() {
    try (Lab lab = Lab.open("locked")) {
      Host manager = lab.host("manager0");
      Swarms swarm = Swarms.init(manager);
      swarm.createIdle("idle", 1);
      List<String> containers = manager.engine().tasks();

      lab.journal().step("locked while it runs: nothing stops, its keys are sealed");
      String shown = manager.swarm("update", "--autolock").ok();
      String key =
          shown
              .lines()
              .map(String::strip)
              .filter(l -> l.startsWith("SWMKEY-1-"))
              .findFirst()
              .orElseThrow();
      assertEquals(key, manager.swarm("unlock-key", "-q").line());
      Until.holds("its key is sealed", LIMIT, () -> nodeKey(manager).contains("ENCRYPTED"));

      lab.journal().step("killed and started again: it says so, and keeps its tasks");
      manager.daemon().kill();
      manager.daemon().start();
      manager.swarm("service", "ls").refused("encrypted and needs to be unlocked");
      manager.swarm("leave").refused("encrypted and locked", "--force");
      manager
          .swarm("init", "--force-new-cluster", "--advertise-addr", manager.address())
          .refused("encrypted and needs to be unlocked");
      manager
          .daemon()
          .reading(key.substring(0, key.length() - 3) + "AAA", "unlock")
          .refused("invalid key");
      manager.daemon().reading("nonsense", "unlock").refused("SWMKEY-1-");
      assertEquals(containers, manager.engine().tasks());

      lab.journal().step("unlocked: it goes on where it was");
      manager.daemon().reading(key, "unlock").ok();
      swarm.awaitReplicas("idle", 1);
      assertEquals(containers, manager.engine().tasks());
      manager.daemon().reading(key, "unlock").refused("not locked");

      lab.journal().step("forced to go on alone it reads what is sealed on its disk");
      manager.swarm("init", "--force-new-cluster", "--advertise-addr", manager.address()).ok();
      swarm.awaitReplicas("idle", 1);
      assertEquals(containers, manager.engine().tasks());
      assertEquals(key, manager.swarm("unlock-key", "-q").line());
      assertTrue(nodeKey(manager).contains("ENCRYPTED"));

      lab.journal().step("another key, then none");
      String next = manager.swarm("unlock-key", "--rotate", "-q").line();
      assertNotEquals(key, next);
      manager.swarm("update", "--autolock=false").ok();
      Until.holds("its key is open", LIMIT, () -> !nodeKey(manager).contains("ENCRYPTED"));
      manager.daemon().kill();
      manager.daemon().start();
      swarm.awaitReplicas("idle", 1);
      assertEquals(containers, manager.engine().tasks());
    }
  }

  private static String nodeKey(Host host) {
    Path file = host.daemon().data().resolve("swarm/certificates/swarm-node.key");
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyNodeFollowsTheRoot() {
    try (Lab lab = Lab.open("root-rotation")) {
      Host manager = lab.host("manager0");
      Host ours = lab.host("worker0");
      Host stock = lab.host("stock0");
      Host late = lab.host("worker1");
      Swarms swarm = Swarms.init(manager);
      swarm.join(ours);
      swarm.joinStock(stock);
      // It speaks another Raft, so it stays a worker.
      manager.swarm("node", "promote", stock.name()).refused("only nodes that run this program");
      swarm.createIdle("idle", 3);
      List<String> placed = swarm.placement("idle");
      String before = manager.swarm("ca").line();
      String token = swarm.workerToken();

      lab.journal().step("the root is rotated; nothing moves");
      String after = manager.swarm("ca", "--rotate", "-q").line() + manager.swarm("ca").line();
      assertNotEquals(before, after);
      assertFalse(after.isEmpty());
      swarm.awaitReady(ours);
      swarm.awaitReady(stock);
      assertEquals(placed, swarm.placement("idle"));

      lab.journal().step("all talk by the new one: after a restart, and with new tasks");
      ours.daemon().kill();
      ours.daemon().start();
      manager.daemon().kill();
      manager.daemon().start();
      swarm.awaitReady(ours);
      swarm.awaitReady(stock);
      swarm.scale("idle", 6);
      assertEquals(2, swarm.count("idle", ours));
      assertEquals(2, swarm.count("idle", stock));

      lab.journal().step("the token has changed with it");
      late.engine().start();
      late.daemon().start();
      late.swarm("join", "--token", token, swarm.endpoint()).refused("fingerprint");
      late.swarm("join", "--token", swarm.workerToken(), swarm.endpoint()).ok();
      swarm.awaitReady(late);
    }
  }
}
