package dev.swarm.cli.e2e.stories;

import static dev.swarm.cli.e2e.lab.Swarms.LIMIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Until;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our daemon as a worker of a stock {@code docker swarm init} manager. */
@NeedsHosts
final class StockManagerIT {
  @Test
  void ourWorkerRunsItsTasks() {
    try (Lab lab = Lab.open("stock-manager")) {
      Host manager = lab.host("stock0");
      Host worker = lab.host("worker0");
      lab.journal().step("docker swarm init, swarm join");
      manager.engine().start();
      manager.docker("swarm", "init", "--advertise-addr", manager.address()).ok();
      manager.docker("node", "update", "--availability", "drain", "stock0").ok();
      worker.engine().start();
      worker.daemon().start();
      join(manager, worker);
      awaitNode(manager, "worker0 Ready Active");

      lab.journal().step("its tasks");
      manager
          .docker(
              "service",
              "create",
              "-d",
              "--no-resolve-image",
              "--name",
              "talk",
              "--replicas",
              "2",
              "--stop-grace-period",
              "1s",
              "busybox",
              "sh",
              "-c",
              "echo good morning; exec sleep 100000")
          .ok();
      awaitReplicas(manager, 2, 2);
      Swarms.awaitContainers(Map.of(worker, 2));
      String tasks = manager.docker("service", "ps", "talk", "--format", "{{.Node}}").ok();
      assertEquals("worker0\nworker0\n", tasks);
      Until.holds(
          "the log has what they said",
          LIMIT,
          () ->
              manager
                      .docker("service", "logs", "talk")
                      .ok()
                      .lines()
                      .filter(line -> line.endsWith("good morning"))
                      .count()
                  == 2);

      lab.journal().step("scale down, and a failing task");
      manager.docker("service", "scale", "-d", "talk=1").ok();
      awaitReplicas(manager, 1, 1);
      Swarms.awaitContainers(Map.of(worker, 1));
      failure(manager);

      lab.journal().step("drain and back");
      manager.docker("node", "update", "--availability", "drain", "worker0").ok();
      awaitReplicas(manager, 0, 1);
      Swarms.awaitContainers(Map.of(worker, 0));
      manager.docker("node", "update", "--availability", "active", "worker0").ok();
      awaitReplicas(manager, 1, 1);

      lab.journal().step("our daemon is killed and adopts its container");
      var containers = worker.engine().tasks();
      worker.daemon().kill();
      worker.daemon().start();
      awaitNode(manager, "worker0 Ready Active");
      awaitReplicas(manager, 1, 1);
      assertEquals(containers, worker.engine().tasks());

      lab.journal().step("leave and join again");
      assertEquals("Node left the swarm.", worker.swarm("leave").line());
      Swarms.awaitContainers(Map.of(worker, 0));
      awaitNode(manager, "worker0 Down Active");
      manager.docker("node", "rm", "worker0").ok();
      join(manager, worker);
      awaitNode(manager, "worker0 Ready Active");
      awaitReplicas(manager, 1, 1);
      Swarms.awaitContainers(Map.of(worker, 1));
    }
  }

  private static void join(Host manager, Host worker) {
    String token = manager.docker("swarm", "join-token", "-q", "worker").line();
    Output joined = worker.swarm("join", "--token", token, manager.address() + ":2377");
    assertEquals("This node joined a swarm as a worker.", joined.line());
  }

  private static void failure(Host manager) {
    manager
        .docker(
            "service",
            "create",
            "-d",
            "--no-resolve-image",
            "--name",
            "fails",
            "--restart-condition",
            "none",
            "busybox",
            "sh",
            "-c",
            "exit 7")
        .ok();
    Until.holds(
        "the exit code is told",
        LIMIT,
        () -> {
          Output tasks = manager.docker("service", "ps", "--no-trunc", "fails");
          assertTrue(tasks.ok().contains("non-zero exit (7)"), tasks::toString);
          return true;
        });
    manager.docker("service", "rm", "fails").ok();
  }

  private static void awaitNode(Host manager, String wanted) {
    String format = "{{.Hostname}} {{.Status}} {{.Availability}}";
    Until.holds(
        wanted,
        LIMIT,
        () ->
            manager.docker("node", "ls", "--format", format).ok().lines().anyMatch(wanted::equals));
  }

  private static void awaitReplicas(Host manager, int running, int wanted) {
    String replicas = "talk " + running + "/" + wanted;
    Until.holds(
        replicas,
        LIMIT,
        () ->
            manager
                .docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}")
                .ok()
                .lines()
                .anyMatch(replicas::equals));
  }
}
