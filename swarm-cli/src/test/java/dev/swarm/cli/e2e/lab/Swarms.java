package dev.swarm.cli.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What stories do with a swarm of ours, seen from its manager. */
public final class Swarms {
  /** For anything but a lost node: far longer than it ever takes on a busy machine. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private final Host manager;

  private Swarms(Host manager) {
    this.manager = manager;
  }

  /** Starts an engine and a daemon on {@code manager} and makes it the manager of a new swarm. */
  public static Swarms init(Host manager) {
    manager.engine().start();
    manager.daemon().start();
    manager.swarm("init", "--advertise-addr", manager.address()).ok();
    return new Swarms(manager);
  }

  /** The swarm that {@code manager} already manages. */
  public static Swarms of(Host manager) {
    return new Swarms(manager);
  }

  public String endpoint() {
    return manager.address() + ":2377";
  }

  public String workerToken() {
    return manager.swarm("join-token", "-q", "worker").line();
  }

  /** A worker of ours. */
  public void join(Host worker) {
    worker.engine().start();
    worker.daemon().start();
    Output joined = worker.swarm("join", "--token", workerToken(), endpoint());
    assertEquals("This node joined a swarm as a worker.", joined.line());
    awaitReady(worker);
  }

  /** An unmodified engine as a worker. */
  public void joinStock(Host worker) {
    worker.engine().start();
    Output joined = worker.docker("swarm", "join", "--token", workerToken(), endpoint());
    assertEquals("This node joined a swarm as a worker.", joined.line());
    awaitReady(worker);
  }

  public void awaitReady(Host node) {
    awaitStatus(node, "Ready");
  }

  public Duration awaitStatus(Host node, String status) {
    return Until.holds(node + " is " + status, LIMIT, () -> status(node).equals(status));
  }

  /** As {@code node ls} tells it; empty when the node is not listed. */
  public String status(Host node) {
    return manager
        .swarm("node", "ls", "--format", "{{.Hostname}} {{.Status}}")
        .ok()
        .lines()
        .filter(line -> line.startsWith(node.name() + " "))
        .map(line -> line.substring(node.name().length() + 1))
        .findFirst()
        .orElse("");
  }

  public void availability(Host node, String availability) {
    Output updated = manager.swarm("node", "update", "--availability", availability, node.name());
    assertEquals(node.name(), updated.line());
  }

  /** Creates a service of busybox that does nothing, and waits until all its tasks run. */
  public void createIdle(String name, int replicas) {
    manager
        .swarm(
            "service",
            "create",
            "-d",
            "--name",
            name,
            "--replicas",
            Integer.toString(replicas),
            "--stop-grace-period",
            "1s",
            "busybox",
            "sleep",
            "100000")
        .ok();
    awaitReplicas(name, replicas);
  }

  public void scale(String service, int replicas) {
    manager.swarm("service", "scale", "-d", service + "=" + replicas).ok();
    awaitReplicas(service, replicas);
  }

  public Duration awaitReplicas(String service, int replicas) {
    String wanted = replicas + "/" + replicas;
    return Until.holds(service + " has " + wanted, LIMIT, () -> replicas(service).equals(wanted));
  }

  public String replicas(String service) {
    String lines = manager.swarm("service", "ls", "--format", "{{.Name}} {{.Replicas}}").ok();
    return lines
        .lines()
        .filter(line -> line.startsWith(service + " "))
        .map(line -> line.substring(service.length() + 1))
        .findFirst()
        .orElse("");
  }

  /** Tasks that should run and do, as {@code slot node}, in order. */
  public List<String> placement(String service) {
    String format = "{{.Name}} {{.Node}} {{.CurrentState}}";
    String tasks =
        manager
            .swarm("service", "ps", "-f", "desired-state=running", "--format", format, service)
            .ok();
    return tasks
        .lines()
        .map(line -> line.split(" ", 4))
        .filter(words -> words.length > 2 && words[2].equals("Running"))
        .map(words -> words[0] + " " + words[1])
        .sorted()
        .toList();
  }

  /** How many tasks of a service run on a node. */
  public long count(String service, Host node) {
    return placement(service).stream().filter(task -> task.endsWith(" " + node.name())).count();
  }

  /** Whether each of these hosts' engines runs exactly so many containers of tasks. */
  public static void awaitContainers(Map<Host, Integer> wanted) {
    wanted.forEach(
        (host, count) ->
            Until.holds(
                count + " containers on " + host,
                LIMIT,
                () -> {
                  List<String> tasks = host.engine().tasks();
                  assertTrue(tasks.size() == count, () -> "there are " + tasks);
                  return true;
                }));
  }
}
