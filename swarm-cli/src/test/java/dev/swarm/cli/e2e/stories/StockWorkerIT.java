package dev.swarm.cli.e2e.stories;

import static dev.swarm.cli.e2e.lab.Swarms.LIMIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Table;
import dev.swarm.cli.e2e.lab.Until;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** An unmodified Docker Engine as a worker of our manager. */
@NeedsHosts
final class StockWorkerIT {
  private static final Duration RENEWAL_LIMIT = Duration.ofMinutes(3);

  @Test
  void runsTasksAndSurvivesTheManagersRestart() {
    try (Lab lab = Lab.open("stock-worker")) {
      Host manager = lab.host("manager0");
      Host stock = lab.host("stock0");
      Swarms swarm = Swarms.init(manager);
      lab.journal().step("docker swarm join");
      swarm.joinStock(stock);
      swarm.availability(manager, "drain");
      String version = stock.docker("version", "--format", "{{.Server.Version}}").line();
      Table nodes = manager.swarm("node", "ls").table();
      assertEquals(version, nodes.cell("HOSTNAME", "stock0", "ENGINE VERSION"));
      stock.docker("node", "ls").refused("not a swarm manager");

      lab.journal().step("tasks run, scale down, log");
      swarm.createIdle("idle", 5);
      assertEquals(5, swarm.count("idle", stock));
      swarm.scale("idle", 2);
      Swarms.awaitContainers(Map.of(stock, 2));
      logs(manager, swarm);

      lab.journal().step("kill -9 of our manager");
      restart(manager, stock, swarm);

      lab.journal().step("drain");
      swarm.availability(manager, "active");
      swarm.availability(stock, "drain");
      Until.holds("all moved", LIMIT, () -> swarm.count("idle", manager) == 2);
      Swarms.awaitContainers(Map.of(stock, 0, manager, 2));
      swarm.availability(stock, "active");

      lab.journal().step("leave and join again");
      assertEquals("Node left the swarm.", stock.docker("swarm", "leave").line());
      swarm.awaitStatus(stock, "Down");
      manager.swarm("node", "rm", "stock0").ok();
      String joined =
          stock.docker("swarm", "join", "--token", swarm.workerToken(), swarm.endpoint()).line();
      assertEquals("This node joined a swarm as a worker.", joined);
      swarm.awaitReady(stock);
      swarm.scale("idle", 4);
      Until.holds("it has work", LIMIT, () -> swarm.count("idle", stock) == 2);
    }
  }

  private static void logs(Host manager, Swarms swarm) {
    manager
        .swarm(
            "service",
            "create",
            "-d",
            "--name",
            "talk",
            "busybox",
            "sh",
            "-c",
            "echo good morning; exec sleep 1000")
        .ok();
    swarm.awaitReplicas("talk", 1);
    Until.holds(
        "the log has what it said",
        LIMIT,
        () -> manager.swarm("service", "logs", "talk").ok().contains("good morning"));
    manager.swarm("service", "rm", "talk").ok();
  }

  private static void restart(Host manager, Host stock, Swarms swarm) {
    Swarms.awaitContainers(Map.of(stock, 2));
    List<String> containers = stock.engine().tasks();
    manager.daemon().kill();
    Until.stays(
        "containers run without a manager",
        Duration.ofSeconds(3),
        () -> stock.engine().tasks().equals(containers));
    manager.daemon().start();
    swarm.awaitReady(stock);
    swarm.awaitReplicas("idle", 2);
    Until.stays(
        "no container is restarted",
        Duration.ofSeconds(12),
        () -> stock.engine().tasks().equals(containers));
    swarm.scale("idle", 3);
    swarm.scale("idle", 2);
  }

  @Test
  void renewsItsCertificateTwice() {
    // Engines renew at whole minutes after the start of validity, here once, 40 s after issue.
    renewals("stock-worker-renewal", "SWARM_TEST_CERTIFICATE_VALIDITY", "PT2M,PT20S");
  }

  @Test
  void renewsWhenItIsToldTo() {
    renewals("stock-worker-rotation", "SWARM_TEST_CERTIFICATE_ROTATION", "PT20S");
  }

  /** Two renewals on all nodes, for the reason that {@code value} of the variable sets. */
  private static void renewals(String story, String variable, String value) {
    try (Lab lab = Lab.open(story)) {
      Host manager = lab.host("manager0");
      Host stock = lab.host("stock0");
      Host ours = lab.host("worker0");
      manager.daemon().with(variable, value);
      Swarms swarm = Swarms.init(manager);
      BigInteger managers = manager.daemon().certificate().getSerialNumber();
      swarm.joinStock(stock);
      BigInteger first = stock.engine().certificate().getSerialNumber();
      swarm.join(ours);
      BigInteger oursFirst = ours.daemon().certificate().getSerialNumber();
      swarm.availability(manager, "drain");
      swarm.createIdle("idle", 2);
      List<String> containers = stock.engine().tasks();

      lab.journal().step("two renewals");
      BigInteger second = awaitRenewal("stock0", stock.engine()::certificate, first);
      lab.journal().step("renewed once");
      awaitRenewal("stock0", stock.engine()::certificate, second);
      lab.journal().step("renewed twice");
      awaitRenewal("worker0", ours.daemon()::certificate, oursFirst);
      awaitRenewal("manager0", manager.daemon()::certificate, managers);

      lab.journal().step("the nodes still work, also on new connections");
      swarm.awaitReady(stock);
      swarm.awaitReady(ours);
      assertEquals(containers, stock.engine().tasks());
      manager.daemon().kill();
      manager.daemon().start();
      swarm.awaitReady(stock);
      swarm.awaitReady(ours);
      swarm.scale("idle", 4);
      assertEquals(2, swarm.count("idle", stock));
      assertTrue(stock.engine().tasks().containsAll(containers), "a container was restarted");
    }
  }

  private static BigInteger awaitRenewal(
      String node, Supplier<X509Certificate> certificate, BigInteger before) {
    Until.holds(
        node + " has another certificate",
        RENEWAL_LIMIT,
        () -> !certificate.get().getSerialNumber().equals(before));
    return certificate.get().getSerialNumber();
  }
}
