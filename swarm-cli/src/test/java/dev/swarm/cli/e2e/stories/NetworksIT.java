package dev.swarm.cli.e2e.stories;

import static dev.swarm.cli.e2e.lab.Swarms.LIMIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Image;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Overlay networks on workers of ours: each within one node, wherever its tasks are. */
@NeedsHosts
final class NetworksIT {
  private static final String STACK =
      """
      version: "3.8"
      services:
        web:
          image: busybox
          command: httpd -f -p 80 -h /www
          deploy: {replicas: 2}
        shell:
          image: busybox
          command: sleep 1000
          stop_grace_period: 1s
      """;

  @Test
  void aStackRunsOnOneNodeAndMovesAsAWhole() throws IOException {
    try (Lab lab = Lab.open("networks")) {
      Host manager = lab.host("manager0");
      Host worker = lab.host("worker0");
      Swarms swarm = Swarms.init(manager);
      swarm.join(worker);

      lab.journal().step("a stack with its own network");
      Path file = Files.writeString(manager.disk().resolve("stack.yml"), STACK);
      manager.daemon().docker("stack", "deploy", "-c", file.toString(), "shop").ok();
      swarm.awaitReplicas("shop_web", 2);
      swarm.awaitReplicas("shop_shell", 1);
      Host home = swarm.count("shop_web", manager) > 0 ? manager : worker;
      Host other = home == manager ? worker : manager;
      assertEquals(2, swarm.count("shop_web", home));
      assertEquals(1, swarm.count("shop_shell", home));

      lab.journal().step("services find each other by name");
      String shell = containers(home, "shop_shell").getFirst();
      for (String name : List.of("web", "shop_web", "tasks.shop_web")) {
        assertEquals(
            Image.PAGE,
            home.daemon().docker("exec", shell, "wget", "-q", "-O", "-", "http://" + name).ok());
      }

      lab.journal().step("a container of one's own");
      manager.daemon().docker("network", "create", "-d", "overlay", "--attachable", "open").ok();
      manager
          .swarm(
              "service",
              "create",
              "-d",
              "--name",
              "page",
              "--network",
              "open",
              "busybox",
              "httpd",
              "-f",
              "-p",
              "80",
              "-h",
              "/www")
          .ok();
      swarm.awaitReplicas("page", 1);
      Host there = swarm.count("page", manager) > 0 ? manager : worker;
      Host elsewhere = there == manager ? worker : manager;
      String seen =
          there
              .daemon()
              .docker(
                  "run",
                  "--rm",
                  "--network",
                  "open",
                  "busybox",
                  "wget",
                  "-q",
                  "-O",
                  "-",
                  "http://page")
              .ok();
      assertEquals(Image.PAGE, seen);
      refused(
          elsewhere.daemon().docker("run", "--rm", "--network", "open", "busybox", "true"),
          "network open does not reach this node: other nodes carry it");
      there
          .daemon()
          .docker("run", "-d", "--name", "mine", "--network", "open", "busybox", "sleep", "1000")
          .ok();
      manager.swarm("service", "rm", "page").ok();
      refused(manager.daemon().docker("network", "rm", "open"), "network 'open' is in use by task");
      there.daemon().docker("rm", "-f", "mine").ok();
      manager.daemon().docker("network", "rm", "open").ok();

      lab.journal().step("drain: all of it moves");
      swarm.availability(home, "drain");
      Until.holds(
          "the stack is on the other node",
          LIMIT,
          () -> swarm.count("shop_web", other) == 2 && swarm.count("shop_shell", other) == 1);
      String next = containers(other, "shop_shell").getFirst();
      assertEquals(
          Image.PAGE,
          other.daemon().docker("exec", next, "wget", "-q", "-O", "-", "http://web").ok());
      Until.holds(
          "nothing of the network is left behind",
          LIMIT,
          () -> !home.engine().docker("network", "ls").ok().contains("shop_default"));

      manager.daemon().docker("stack", "rm", "shop").ok();
      Until.holds(
          "nothing is left of it",
          LIMIT,
          () -> !other.engine().docker("network", "ls").ok().contains("shop_default"));
      assertTrue(manager.daemon().docker("network", "ls").ok().contains("ingress"));
      assertEquals(Set.of(), Set.copyOf(manager.engine().tasks()));
    }
  }

  private static List<String> containers(Host host, String service) {
    return host.daemon().docker("ps", "-q", "--filter", "name=" + service).ok().lines().toList();
  }

  private static void refused(Output output, String words) {
    assertFalse(output.succeeded(), output::toString);
    assertTrue(output.toString().contains(words), output::toString);
  }
}
