package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Balancer;
import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Until;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Ten replicas of a web server under load, on two hosts: clients notice neither an update, nor one
 * that cannot work and is rolled back.
 */
@NeedsHosts
final class RollingUpdateIT {
  private static final int REPLICAS = 10;
  private static final Duration UPDATE_LIMIT = Duration.ofMinutes(3);

  /** Serves its version; goes on serving for a while when told to stop, until nobody asks it. */
  private static final String SERVER =
      """
      echo "$VERSION" > /www/index.html
      httpd -p 80 -h /www
      trap 'sleep 2; exit 0' TERM
      while :; do sleep 1000 & wait $!; done
      """;

  @Test
  void clientsDoNotNotice() throws IOException {
    try (Lab lab = Lab.open("rolling-update")) {
      Host manager = lab.host("manager0");
      Host worker = lab.host("worker0");
      Host clients = lab.host("clients");
      Swarms swarm = Swarms.init(manager);
      swarm.join(worker);
      lab.journal().step("ten replicas");
      create(manager);
      swarm.awaitReplicas("web", REPLICAS);
      try (Balancer balancer = new Balancer(manager, clients, "web")) {
        assertEquals(Set.of("v1"), balancer.servedMore().pages().keySet());
        update(lab, manager, balancer);
        rollBack(lab, manager, balancer, "an image that is not there", "--image", "does-not-exist");
        rollBack(lab, manager, balancer, "a program that fails", "--args", "sh -c 'exit 1'");
      }
    }
  }

  private static void create(Host manager) {
    manager
        .swarm(
            "service",
            "create",
            "-d",
            "--name",
            "web",
            "--replicas",
            Integer.toString(REPLICAS),
            "--publish",
            "mode=host,target=80",
            "--env",
            "VERSION=v1",
            "--health-cmd",
            "wget -q -O /dev/null http://127.0.0.1/",
            "--health-interval",
            "2s",
            "--stop-grace-period",
            "20s",
            "--update-order",
            "start-first",
            "--update-parallelism",
            "2",
            "--update-monitor",
            "3s",
            "--update-failure-action",
            "rollback",
            "busybox",
            "sh",
            "-c",
            SERVER)
        .ok();
  }

  private static void update(Lab lab, Host manager, Balancer balancer) throws IOException {
    lab.journal().step("an update");
    manager.swarm("service", "update", "-d", "--env-add", "VERSION=v2", "web").ok();
    awaitState(manager, "completed", "");
    Balancer.Served during = balancer.served();
    lab.journal().step("clients saw " + during);
    assertEquals(Set.of("v1", "v2"), during.pages().keySet());
    assertTrue(during.fewestServers() >= REPLICAS, during::toString);
    Balancer.Served after = balancer.servedMore();
    assertEquals(Set.of("v2"), after.pages().keySet());
  }

  private static void rollBack(
      Lab lab, Host manager, Balancer balancer, String what, String flag, String broken)
      throws IOException {
    lab.journal().step("an update to " + what);
    String before = updateStarted(manager);
    manager.swarm("service", "update", "-d", flag, broken, "web").ok();
    awaitState(manager, "rollback_completed", before);
    Balancer.Served during = balancer.served();
    lab.journal().step("clients saw " + during);
    assertEquals(Set.of("v2"), during.pages().keySet());
    assertEquals(REPLICAS, during.fewestServers(), "old replicas ran all the time");
    assertEquals("busybox:latest", inspect(manager, "{{.Spec.TaskTemplate.ContainerSpec.Image}}"));
    assertEquals(Set.of("v2"), balancer.servedMore().pages().keySet());
    assertEquals(REPLICAS, Swarms.of(manager).placement("web").size());
  }

  private static void awaitState(Host manager, String state, String notStarted) {
    Until.holds(
        "the update is " + state,
        UPDATE_LIMIT,
        () ->
            !updateStarted(manager).equals(notStarted)
                && inspect(manager, "{{.UpdateStatus.State}}").equals(state));
  }

  /** Tells one update from the next. */
  private static String updateStarted(Host manager) {
    return inspect(manager, "{{.UpdateStatus.StartedAt}}");
  }

  private static String inspect(Host manager, String format) {
    return manager.swarm("service", "inspect", "--format", format, "web").line();
  }
}
