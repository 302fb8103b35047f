package dev.swarm.cli.e2e.stories;

import static dev.swarm.cli.e2e.lab.Swarms.LIMIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.EngineKind;
import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Image;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Until;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short walkthrough with Podman in the engine's place, in front and as worker. */
@NeedsHosts
final class PodmanIT {
  @Test
  void aServiceFromCreateToRemove() {
    try (Lab lab = Lab.open("podman")) {
      Host manager = lab.host("manager0");
      Host worker = lab.host("worker0");
      Swarms swarm = Swarms.of(manager);
      for (Host host : List.of(manager, worker)) {
        host.engine().of(EngineKind.PODMAN).start();
        host.daemon().start();
      }
      manager.swarm("init", "--advertise-addr", manager.address()).ok();
      worker.swarm("join", "--token", swarm.workerToken(), swarm.endpoint()).ok();
      swarm.awaitReady(worker);
      swarm.availability(manager, "drain");
      create(lab, manager, worker);
      die(lab, swarm, worker);
      passThrough(lab, worker);
      move(lab, swarm, manager, worker);
    }
  }

  private static void create(Lab lab, Host manager, Host worker) {
    lab.journal().step("create");
    String start = "echo one two three; exec httpd -f -p 80 -h /www";
    Output created =
        manager.swarm(
            "service",
            "create",
            "--name",
            "web",
            "--publish",
            "mode=host,published=80,target=80",
            "--stop-grace-period",
            "1s",
            "busybox",
            "sh",
            "-c",
            start);
    assertTrue(created.ok().contains("converged"), created::toString);
    Until.holds("a page", LIMIT, () -> manager.page(worker, 80).equals(Image.PAGE));
    Until.holds(
        "every word of the log",
        LIMIT,
        () -> manager.swarm("service", "logs", "--raw", "web").line().equals("one two three"));
  }

  private static void die(Lab lab, Swarms swarm, Host worker) {
    lab.journal().step("a container dies");
    List<String> before = worker.engine().tasks();
    worker.docker("kill", before.getFirst().split(" ", 2)[0]).ok();
    Until.holds(
        "another one runs",
        LIMIT,
        () -> worker.engine().tasks().size() == 1 && !worker.engine().tasks().equals(before));
    swarm.awaitReplicas("web", 1);
  }

  private static void passThrough(Lab lab, Host worker) {
    lab.journal().step("what the engine answers itself");
    assertEquals("hi", worker.daemon().docker("run", "--rm", "busybox", "echo", "hi").line());
    String container = worker.daemon().docker("ps", "-q").ok().lines().findFirst().orElseThrow();
    assertEquals("there", worker.daemon().docker("exec", container, "echo", "there").line());
  }

  private static void move(Lab lab, Swarms swarm, Host manager, Host worker) {
    lab.journal().step("drain and remove");
    swarm.availability(manager, "active");
    swarm.availability(worker, "drain");
    Until.holds("a page", LIMIT, () -> worker.page(manager, 80).equals(Image.PAGE));
    assertEquals("web", manager.swarm("service", "rm", "web").line());
    Until.holds("nothing is left", LIMIT, () -> manager.engine().tasks().isEmpty());
  }
}
