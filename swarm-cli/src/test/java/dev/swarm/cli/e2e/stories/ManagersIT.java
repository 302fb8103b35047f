package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Several managers are one: they join, are promoted, replace each other, and go. */
@NeedsHosts
final class ManagersIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** With the time that one command of ours takes. */
  private static final Duration TO_LEAD = Duration.ofSeconds(3);

  /**
   * How far over its bound a figure may be before a test fails: other work may load the machine.
   */
  private static final int SLACK = 10;

  @Test
  void managersComeGoAndReplaceEachOther() {
    try (Lab lab = Lab.open("managers")) {
      Host first = lab.host("manager0");
      Host second = lab.host("manager1");
      Host third = lab.host("manager2");
      Swarms swarm = Swarms.init(first);

      lab.journal().step("a snapshot from before the others were managers");
      takeSnapshot(first);

      lab.journal().step("a manager joins by token, a worker is promoted");
      joinAsManager(swarm, first, second);
      swarm.join(third);
      third.swarm("node", "ls").refused("not a swarm manager");
      first.swarm("node", "promote", third.name()).ok();
      awaitManagers(first, "manager0 Leader", "manager1 Reachable", "manager2 Reachable");
      swarm.createIdle("idle", 3);

      lab.journal().step("any manager answers and decides, whoever leads");
      assertEquals("3/3", Swarms.of(second).replicas("idle"));
      second.swarm("service", "scale", "-d", "idle=4").ok();
      Swarms.of(third).awaitReplicas("idle", 4);

      lab.journal().step("the leader loses power");
      long cut = System.nanoTime();
      first.powerOff();
      Swarms left = Swarms.of(second);
      Until.holds("another leads", LIMIT, () -> second.swarm("node", "ls").succeeded());
      Duration toLead = Duration.ofNanos(System.nanoTime() - cut);
      lab.journal().figure("leader's power cut to the next leader's answer", toLead, TO_LEAD);
      assertTrue(toLead.compareTo(TO_LEAD.multipliedBy(SLACK)) < 0, "after " + toLead);
      left.awaitStatus(first, "Down");
      left.awaitReplicas("idle", 4);
      assertEquals(0, left.count("idle", first));
      awaitManager(second, "manager0 Unreachable");

      lab.journal().step("it comes back as one of them");
      first.powerOn();
      first.engine().start();
      first.daemon().start();
      left.awaitReady(first);
      awaitManager(second, "manager0 Reachable");
      assertEquals("4/4", Swarms.of(first).replicas("idle"));

      lab.journal().step("demoted and at once promoted it is one of them again");
      second.swarm("node", "demote", first.name()).ok();
      Until.holds(
          "the wish is taken",
          LIMIT,
          () -> second.swarm("node", "promote", first.name()).succeeded());
      Until.holds("it manages", LIMIT, () -> first.swarm("node", "ls").succeeded());
      awaitManager(second, "manager0 Reachable");

      lab.journal().step("a leader is demoted: another takes over, and it works on");
      Host leader = leader(second, first, second, third);
      Host other = leader == second ? third : second;
      leader.swarm("node", "demote", leader.name()).ok();
      Until.holds(
          leader + " is a worker",
          LIMIT,
          () -> leader.swarm("node", "ls").err().contains("not a swarm manager"));
      Swarms of = Swarms.of(other);
      of.awaitReady(leader);
      assertEquals(2, managers(other).size());
      other.swarm("node", "rm", "--force", leader.name()).ok();
      of.awaitReplicas("idle", 4);

      lab.journal().step("two managers: one lost is too many, and a new cluster can be forced");
      Host survivor = leader == first ? third : first;
      other.powerOff();
      Until.holds(
          "no leader",
          LIMIT,
          () -> survivor.swarm("service", "ls").err().contains("does not have a leader"));
      survivor.swarm("init", "--force-new-cluster", "--advertise-addr", survivor.address()).ok();
      Swarms alone = Swarms.of(survivor);
      alone.awaitStatus(other, "Down");
      alone.awaitReplicas("idle", 4);
      assertEquals(List.of(survivor.name() + " Leader"), managers(survivor));
    }
  }

  /** Has the manager write one now, and none for a long time to come. */
  private static void takeSnapshot(Host manager) {
    manager.swarm("update", "--snapshot-interval", "2").ok();
    for (String label : List.of("a", "b", "c", "d")) {
      manager.swarm("node", "update", "--label-add", label, manager.name()).ok();
    }
    Until.holds("a snapshot is written", LIMIT, () -> hasSnapshot(manager.daemon().data()));
    manager.swarm("update", "--snapshot-interval", "100000").ok();
  }

  private static boolean hasSnapshot(Path data) {
    try (Stream<Path> files = Files.walk(data.resolve("swarm/manager"))) {
      return files.anyMatch(
          file -> file.getFileName().toString().matches("snapshot-[0-9a-f]+-[0-9a-f]+"));
    } catch (IOException | UncheckedIOException e) {
      return false; // it is about to be renamed
    }
  }

  private static void joinAsManager(Swarms swarm, Host manager, Host joining) {
    joining.engine().start();
    joining.daemon().start();
    String token = manager.swarm("join-token", "-q", "manager").line();
    Output joined = joining.swarm("join", "--token", token, swarm.endpoint());
    assertEquals("This node joined a swarm as a manager.", joined.line());
    swarm.awaitReady(joining);
  }

  /** As {@code node ls} tells it, in order: name and manager status of those that have one. */
  private static List<String> managers(Host asked) {
    return asked
        .swarm("node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}")
        .ok()
        .lines()
        .filter(line -> !line.endsWith(" "))
        .sorted()
        .toList();
  }

  private static void awaitManagers(Host asked, String... wanted) {
    Until.holds("managers", LIMIT, () -> managers(asked).equals(List.of(wanted)));
  }

  private static void awaitManager(Host asked, String wanted) {
    Until.holds(wanted, LIMIT, () -> managers(asked).contains(wanted));
  }

  private static Host leader(Host asked, Host... all) {
    String name =
        managers(asked).stream()
            .filter(line -> line.endsWith(" Leader"))
            .map(line -> line.split(" ", 2)[0])
            .findFirst()
            .orElseThrow();
    for (Host host : all) {
      if (host.name().equals(name)) {
        return host;
      }
    }
    throw new AssertionError(name);
  }
}
