package dev.swarm.cli.e2e.stories;

import static dev.swarm.cli.e2e.lab.Swarms.LIMIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.EngineKind;
import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Image;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Swarms;
import dev.swarm.cli.e2e.lab.Table;
import dev.swarm.cli.e2e.lab.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The story this project exists to tell, on three hosts with an engine and a daemon each: from
 * {@code swarm init} to failover and the restart of the manager. What users read is compared with
 * what Docker's users know.
 */
@NeedsHosts
@ParameterizedClass
@EnumSource(names = {"STOCK", "NEWER"})
final class WalkthroughIT {
  private static final List<String> NODE_HEADS =
      List.of("ID", "HOSTNAME", "STATUS", "AVAILABILITY", "MANAGER STATUS", "ENGINE VERSION");
  private static final List<String> TASK_HEADS =
      List.of("ID", "NAME", "IMAGE", "NODE", "DESIRED STATE", "CURRENT STATE", "ERROR", "PORTS");

  private final EngineKind engines;
  private final Lab lab;
  private final Host manager;
  private final Host worker0;
  private final Host worker1;
  private final Swarms swarm;

  WalkthroughIT(EngineKind engines) {
    this.engines = engines;
    lab = Lab.open("walkthrough-" + engines);
    manager = lab.host("manager0");
    worker0 = lab.host("worker0");
    worker1 = lab.host("worker1");
    swarm = Swarms.of(manager);
  }

  @AfterEach
  void takeDown() {
    lab.close();
  }

  @Test
  void fromInitToFailover() {
    for (Host host : List.of(manager, worker0, worker1)) {
      host.engine().of(engines).start();
      host.daemon().start();
    }
    initialize();
    wrongJoins();
    join();
    listNodes();
    drainTheManager();
    createTheWebserver();
    Host busy = listTheService();
    Host other = busy == worker0 ? worker1 : worker0;
    passThrough(busy);
    losePower(busy, other);
    comeBack(busy, other);
    killTheManager();
    pause();
    removeAndLeave();
  }

  private void initialize() {
    lab.journal().step("1. init");
    manager.swarm("node", "ls").refused("This node is not a swarm manager.");
    String text = manager.swarm("init", "--advertise-addr", manager.address()).ok();
    Matcher matcher =
        Pattern.compile(
                """
                Swarm initialized: current node \\((\\w{25})\\) is now a manager\\.

                To add a worker to this swarm, run the following command:

                    swarm join --token (SWMTKN-1-\\w{50}-\\w{25}) 10\\.89\\.0\\.1:2377

                To add a manager to this swarm, run 'swarm join-token manager' and follow the instructions\\.
                """)
            .matcher(text.strip() + "\n");
    assertTrue(matcher.matches(), text);
    assertEquals(matcher.group(2), swarm.workerToken());
    String managers = manager.swarm("join-token", "manager").ok();
    assertTrue(managers.contains("To add a manager to this swarm, run"), managers);
    assertFalse(managers.contains(matcher.group(2)), managers);
    manager.swarm("init", "--advertise-addr", manager.address()).refused("already part of a swarm");
  }

  private void wrongJoins() {
    lab.journal().step("2. joins that are refused");
    String token = swarm.workerToken();
    refusedJoin(altered(token, token.length() - 3), swarm.endpoint(), "valid join token");
    refusedJoin(altered(token, 20), swarm.endpoint(), "fingerprint");
    // Nobody is there, who may yet come: that is tried on until it is called off.
    worker0
        .swarm("join", "--token", token, "10.89.0.200:2377")
        .refused("this node was not let in yet");
    worker0.swarm("leave").ok();
    refusedJoin("nonsense", swarm.endpoint(), "token");
    assertEquals(1, manager.swarm("node", "ls").table().rows().size());
  }

  private void refusedJoin(String token, String address, String why) {
    worker0.swarm("join", "--token", token, address).refused(why);
    worker0.swarm("leave").refused("not part of a swarm");
  }

  /** The token with another character at {@code index}. */
  private static String altered(String token, int index) {
    char other = token.charAt(index) == '1' ? '2' : '1';
    return token.substring(0, index) + other + token.substring(index + 1);
  }

  private void join() {
    lab.journal().step("2. join");
    for (Host worker : List.of(worker0, worker1)) {
      Output joined = worker.swarm("join", "--token", swarm.workerToken(), swarm.endpoint());
      assertEquals("This node joined a swarm as a worker.", joined.line());
    }
    worker1
        .swarm("join", "--token", swarm.workerToken(), swarm.endpoint())
        .refused("already part of a swarm");
    worker1.swarm("node", "ls").refused("not a swarm manager");
  }

  private void listNodes() {
    lab.journal().step("3. node ls");
    swarm.awaitReady(worker0);
    swarm.awaitReady(worker1);
    Output output = manager.swarm("node", "ls");
    Table nodes = output.table();
    assertEquals(NODE_HEADS, nodes.heads());
    assertEquals(List.of("manager0", "worker0", "worker1"), nodes.column("HOSTNAME"));
    assertEquals(List.of("Ready", "Ready", "Ready"), nodes.column("STATUS"));
    assertEquals(List.of("Active", "Active", "Active"), nodes.column("AVAILABILITY"));
    assertEquals(List.of("Leader", "", ""), nodes.column("MANAGER STATUS"));
    List<String> ids = nodes.column("ID");
    assertTrue(ids.getFirst().matches("\\w{25} \\*"), output::toString);
    assertTrue(ids.get(1).matches("\\w{25}"), output::toString);
    assertFalse(nodes.column("ENGINE VERSION").contains(""), output::toString);
  }

  private void drainTheManager() {
    lab.journal().step("4. drain the manager");
    swarm.createIdle("early", 3);
    Until.holds("a task on each node", LIMIT, () -> swarm.count("early", manager) == 1);
    swarm.availability(manager, "drain");
    assertEquals(
        "Drain", manager.swarm("node", "ls").table().cell("HOSTNAME", "manager0", "AVAILABILITY"));
    Until.holds(
        "the manager is empty and all tasks run",
        LIMIT,
        () -> swarm.count("early", manager) == 0 && swarm.placement("early").size() == 3);
    Swarms.awaitContainers(Map.of(manager, 0));
    assertEquals("early", manager.swarm("service", "rm", "early").line());
    Swarms.awaitContainers(Map.of(worker0, 0, worker1, 0));
  }

  private void createTheWebserver() {
    lab.journal().step("5. service create");
    Output created =
        manager.swarm(
            "service",
            "create",
            "--name",
            "webserver",
            "--replicas",
            "1",
            "--publish",
            "80:80",
            "--stop-grace-period",
            "1s",
            "busybox",
            "httpd",
            "-f",
            "-p",
            "80",
            "-h",
            "/www");
    List<String> lines = created.ok().lines().toList();
    assertTrue(lines.getFirst().matches("\\w{25}"), created::toString);
    assertTrue(created.out().contains("overall progress: 1 out of 1 tasks"), created::toString);
    assertTrue(created.out().contains("converged"), created::toString);
    manager
        .swarm("service", "create", "--name", "webserver", "busybox")
        .refused("name conflicts with an existing object");
    manager.swarm("service", "create", "--name", "bad name", "busybox").refused("name");
    manager.swarm("service", "create", "--replicas", "-1", "busybox").misused("-1");
  }

  /** Where its one task runs. */
  private Host listTheService() {
    lab.journal().step("6. service ls and ps");
    Table services = manager.swarm("service", "ls").table();
    assertEquals(List.of("ID", "NAME", "MODE", "REPLICAS", "IMAGE", "PORTS"), services.heads());
    Map<String, String> service = services.row("NAME", "webserver");
    assertEquals("replicated", service.get("MODE"));
    assertEquals("1/1", service.get("REPLICAS"));
    assertEquals("busybox:latest", service.get("IMAGE"));
    assertEquals("*:80->80/tcp", service.get("PORTS"));
    Output output = manager.swarm("service", "ps", "webserver");
    Table tasks = output.table();
    assertEquals(TASK_HEADS, tasks.heads());
    assertEquals(List.of("webserver.1"), tasks.column("NAME"));
    Map<String, String> task = tasks.rows().getFirst();
    assertTrue(String.valueOf(task.get("ID")).matches("\\w{12}"), output::toString);
    assertEquals("busybox:latest", task.get("IMAGE"));
    assertEquals("Running", task.get("DESIRED STATE"));
    assertTrue(
        String.valueOf(task.get("CURRENT STATE")).matches("Running .* ago"), output::toString);
    String node = String.valueOf(task.get("NODE"));
    assertNotEquals("manager0", node);
    Host busy = node.equals("worker0") ? worker0 : worker1;
    awaitPage(manager, busy);
    return busy;
  }

  private static void awaitPage(Host reader, Host server) {
    Until.holds("a page of " + server, LIMIT, () -> reader.page(server, 80).equals(Image.PAGE));
  }

  private void passThrough(Host busy) {
    lab.journal().step("6. what the engine answers itself");
    assertEquals("hi", busy.daemon().docker("run", "--rm", "busybox", "echo", "hi").line());
    String container = busy.daemon().docker("ps", "-q", "--no-trunc").line();
    assertEquals("there", busy.daemon().docker("exec", container, "echo", "there").line());
    assertEquals(
        busy.engine().docker("version", "--format", "{{.Server.APIVersion}}").line(),
        busy.daemon().docker("version", "--format", "{{.Server.APIVersion}}").line());
  }

  private void losePower(Host busy, Host other) {
    lab.journal().step("7. " + busy + " loses power");
    long start = System.nanoTime();
    busy.powerOff();
    swarm.awaitStatus(busy, "Down");
    lab.journal().figure("power cut to Down", since(start), Duration.ofSeconds(3));
    List<String> moved = List.of("webserver.1 " + other);
    Until.holds("a replacement runs", LIMIT, () -> swarm.placement("webserver").equals(moved));
    lab.journal().figure("power cut to replacement Running", since(start), Duration.ofSeconds(5));
    Output output = manager.swarm("service", "ps", "webserver");
    Table tasks = output.table();
    assertEquals(List.of("webserver.1", "\\_ webserver.1"), tasks.column("NAME"));
    assertEquals(List.of(other.name(), busy.name()), tasks.column("NODE"));
    assertEquals(List.of("Running", "Shutdown"), tasks.column("DESIRED STATE"));
    assertTrue(tasks.column("CURRENT STATE").getLast().startsWith("Running "), output::toString);
    assertEquals("1/1", swarm.replicas("webserver"));
    awaitPage(manager, other);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void comeBack(Host busy, Host other) {
    lab.journal().step("8. " + busy + " comes back");
    busy.powerOn();
    busy.engine().start();
    busy.daemon().start();
    swarm.awaitReady(busy);
    Output updated = manager.swarm("service", "update", "--replicas", "2", "webserver");
    assertTrue(updated.ok().contains("overall progress: 2 out of 2 tasks"), updated::toString);
    assertEquals(
        List.of("webserver.1 " + other, "webserver.2 " + busy), swarm.placement("webserver"));
    awaitPage(manager, busy);
    Swarms.awaitContainers(Map.of(manager, 0, worker0, 1, worker1, 1));
    Until.holds(
        "the lost task is reported as ended", LIMIT, () -> !lostTask(busy).startsWith("Running "));
    Output scaled = manager.swarm("service", "scale", "webserver=1");
    assertTrue(scaled.ok().contains("webserver scaled to 1"), scaled::toString);
    Swarms.awaitContainers(Map.of(other, 1, busy, 0));
    swarm.scale("webserver", 2);
  }

  /** Current state of the row that the loss of power left in the history. */
  private String lostTask(Host busy) {
    Table tasks = manager.swarm("service", "ps", "webserver").table();
    return tasks.rows().stream()
        .filter(row -> "\\_ webserver.1".equals(row.get("NAME")))
        .filter(row -> busy.name().equals(row.get("NODE")))
        .map(row -> row.getOrDefault("CURRENT STATE", ""))
        .findFirst()
        .orElse("");
  }

  private void killTheManager() {
    lab.journal().step("10. kill -9 of the manager's daemon");
    swarm.availability(manager, "active");
    swarm.scale("webserver", 3);
    Swarms.awaitContainers(Map.of(manager, 1, worker0, 1, worker1, 1));
    List<List<String>> containers = containers();
    String nodes = manager.swarm("node", "ls", "-q").ok();
    String services = manager.swarm("service", "inspect", "webserver").ok();
    String tasks = manager.swarm("service", "ps", "-q", "webserver").ok();
    String token = swarm.workerToken();
    manager.daemon().kill();
    Output silent = manager.swarm("node", "ls");
    assertEquals(1, silent.code(), silent::toString);
    long start = System.nanoTime();
    manager.daemon().start();
    Until.holds("the CLI answers", LIMIT, () -> manager.swarm("node", "ls").succeeded());
    lab.journal().figure("manager's restart to node ls", since(start), Duration.ofSeconds(10));
    for (Host node : List.of(manager, worker0, worker1)) {
      swarm.awaitReady(node);
    }
    swarm.awaitReplicas("webserver", 3);
    // Longer than a worker's reconnect back-off and a period of beats.
    Until.stays(
        "no container is restarted",
        Duration.ofSeconds(12),
        () -> {
          assertEquals(containers, containers());
          return true;
        });
    assertEquals(nodes, manager.swarm("node", "ls", "-q").ok());
    assertEquals(services, manager.swarm("service", "inspect", "webserver").ok());
    assertEquals(tasks, manager.swarm("service", "ps", "-q", "webserver").ok());
    assertEquals(token, swarm.workerToken());
  }

  private List<List<String>> containers() {
    return List.of(manager.engine().tasks(), worker0.engine().tasks(), worker1.engine().tasks());
  }

  private void pause() {
    lab.journal().step("9. pause");
    swarm.scale("webserver", 1);
    swarm.availability(manager, "pause");
    swarm.availability(worker0, "pause");
    swarm.createIdle("late", 4);
    assertEquals(4, swarm.count("late", worker1));
    assertEquals(1, swarm.placement("webserver").size());
    swarm.availability(manager, "active");
    swarm.availability(worker0, "active");
  }

  private void removeAndLeave() {
    lab.journal().step("9. service rm, node rm, leave");
    assertEquals("webserver\nlate\n", manager.swarm("service", "rm", "webserver", "late").ok());
    assertEquals("", manager.swarm("service", "ls", "-q").line());
    Swarms.awaitContainers(Map.of(manager, 0, worker0, 0, worker1, 0));
    manager.swarm("service", "rm", "webserver").refused("webserver");
    manager.swarm("node", "rm", "worker0").refused("is not down and can't be removed");
    manager.swarm("node", "rm", "nobody").refused("nobody");
    assertEquals("Node left the swarm.", worker0.swarm("leave").line());
    swarm.awaitStatus(worker0, "Down");
    assertEquals("worker0", manager.swarm("node", "rm", "worker0").line());
    assertEquals("worker1", manager.swarm("node", "rm", "--force", "worker1").line());
    assertEquals(List.of("manager0"), manager.swarm("node", "ls").table().column("HOSTNAME"));
    manager.swarm("leave").refused("--force");
    assertEquals("Node left the swarm.", manager.swarm("leave", "--force").line());
    manager.swarm("node", "ls").refused("not a swarm manager");
  }
}
