package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole command lines against a daemon made of cardboard. */
class ProgramTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String NODE =
      "{'ID':'n1','Version':{'Index':7},'Spec':{'Role':'manager','Availability':'active','Odd':1},"
          + "'Description':{'Hostname':'manager0','Engine':{}},'Status':{'State':'ready'},"
          + "'ManagerStatus':{'Leader':true,'Addr':'10.0.0.1:2377'}}";
  private static final String SERVICE =
      "{'ID':'s1','Version':{'Index':9},'Spec':{'Name':'web','TaskTemplate':{'ContainerSpec':{'Image':'nginx'}},"
          + "'Mode':{'Replicated':{'Replicas':1}}}}";

  @TempDir Path folder = Path.of("");

  private record Outcome(int code, String out, String err, List<FakeDaemon.Request> requests) {
    String changes() {
      return String.join(
          "\n",
          requests.stream().filter(r -> !r.method().equals("GET")).map(Object::toString).toList());
    }
  }

  private Outcome run(Function<FakeDaemon.Request, String> answers, String... words)
      throws IOException {
    return run(answers, false, words);
  }

  private Outcome run(
      Function<FakeDaemon.Request, String> answers, boolean terminal, String... words)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (FakeDaemon daemon = new FakeDaemon(folder, answers)) {
      int code =
          Program.run(
              List.of(words),
              daemon.host(),
              new Context.Surroundings(
                  new PrintStream(out, true, StandardCharsets.UTF_8),
                  new PrintStream(err, true, StandardCharsets.UTF_8),
                  new ByteArrayInputStream("SWMKEY-1-x\n".getBytes(StandardCharsets.UTF_8)),
                  Map.of(),
                  InstantSource.fixed(NOW),
                  new FakeSleeper(),
                  terminal));
      return new Outcome(
          code,
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8),
          List.copyOf(daemon.requests()));
    } finally {
      java.nio.file.Files.deleteIfExists(folder.resolve("swarm.sock"));
    }
  }

  private static Function<FakeDaemon.Request, String> cluster() {
    Map<String, String> answers = new TreeMap<>();
    answers.put(
        "/info", "{'Swarm':{'NodeID':'n1','ControlAvailable':true,'LocalNodeState':'locked'}}");
    answers.put(
        "/swarm",
        "{'ID':'c1','Version':{'Index':5},'Spec':{'Raft':{'X':1}},'JoinTokens':{'Worker':'SWMTKN-1-w','Manager':'SWMTKN-1-m'},'TLSInfo':{'TrustRoot':'-----BEGIN"
            + " CERTIFICATE-----\\n"
            + "x\\n"
            + "'}}");
    answers.put("/swarm/init", "'n1'");
    answers.put("/swarm/join", "");
    answers.put("/swarm/leave", "");
    answers.put("/swarm/update", "");
    answers.put("/swarm/unlock", "");
    answers.put("/swarm/unlockkey", "{'UnlockKey':'SWMKEY-1-x'}");
    answers.put("/nodes", "[" + NODE + "]");
    answers.put("/nodes/n1", NODE);
    answers.put("/nodes/manager0", NODE);
    answers.put("/nodes/n1/update", "");
    answers.put("/services", "[" + SERVICE + "]");
    answers.put("/services/create", "{'ID':'s1','Warnings':['mind the gap']}");
    answers.put("/services/s1", SERVICE);
    answers.put("/services/web", SERVICE);
    answers.put("/services/s1/update", "{}");
    answers.put(
        "/tasks",
        "[{'ID':'t1','ServiceID':'s1','Slot':1,'NodeID':'n1','CreatedAt':'2026-03-01T11:00:00Z','DesiredState':'running','Spec':{'ContainerSpec':{'Image':'nginx'}},'Status':{'State':'running','Timestamp':'2026-03-01T11:59:28Z'}}]");
    answers.put("/tasks/t1", "{'ID':'t1','Slot':1,'Spec':{}}");
    answers.put("/version", "{'Version':'9.9','ApiVersion':'1.44'}");
    return request -> {
      String path = request.path().replaceAll("\\?.*", "");
      String answer = answers.get(path);
      if (path.startsWith("/distribution/")) {
        return FakeDaemon.error(503, "no engine");
      }
      if (request.method().equals("DELETE") && answer != null) {
        return FakeDaemon.ok("");
      }
      return answer == null
          ? FakeDaemon.error(404, path.substring(1).replace('/', ' ') + " not found")
          : FakeDaemon.ok(answer);
    };
  }

  @Test
  void initSaysHowToJoin() throws IOException {
    Outcome outcome =
        run(cluster(), "init", "--advertise-addr", "10.0.0.1", "--task-history-limit", "3");
    assertEquals(
        """
        Swarm initialized: current node (n1) is now a manager.

        To add a worker to this swarm, run the following command:

            swarm join --token SWMTKN-1-w 10.0.0.1:2377

        To add a manager to this swarm, run 'swarm join-token manager' and follow the instructions.
        """,
        outcome.out());
    assertEquals(
        "POST /swarm/init"
            + " {\"ListenAddr\":\"0.0.0.0:2377\",\"AdvertiseAddr\":\"10.0.0.1\",\"DataPathAddr\":\"\","
            + "\"DataPathPort\":0,\"DefaultAddrPool\":[],\"ForceNewCluster\":false,\"AutoLockManagers\":false,"
            + "\"Availability\":\"\",\"SubnetSize\":24,\"Spec\":{\"Orchestration\":{\"TaskHistoryRetentionLimit\":3},"
            + "\"Raft\":{},\"Dispatcher\":{},\"CAConfig\":{},\"TaskDefaults\":{},\"EncryptionConfig\":{}}}",
        outcome.changes());
  }

  @Test
  void initTakesEveryFlag() throws IOException {
    Outcome outcome =
        run(
            cluster(),
            "init",
            "--listen-addr",
            "eth0",
            "--availability",
            "Drain",
            "--autolock",
            "--cert-expiry",
            "2h",
            "--dispatcher-heartbeat",
            "1s",
            "--snapshot-interval",
            "7",
            "--max-snapshots",
            "2",
            "--force-new-cluster",
            "--default-addr-pool",
            "10.1.0.0/16,10.2.0.0/16",
            "--default-addr-pool-mask-length",
            "26",
            "--data-path-addr",
            "eth1",
            "--data-path-port",
            "4790",
            "--external-ca",
            "protocol=cfssl,url=https://ca");
    assertEquals(0, outcome.code(), outcome.err());
    for (String part :
        List.of(
            "\"ListenAddr\":\"eth0:2377\"",
            "\"Availability\":\"drain\"",
            "\"AutoLockManagers\":true",
            "\"NodeCertExpiry\":7200000000000",
            "\"HeartbeatPeriod\":1000000000",
            "\"SnapshotInterval\":7",
            "\"KeepOldSnapshots\":2",
            "\"ForceNewCluster\":true",
            "[\"10.1.0.0/16\",\"10.2.0.0/16\"]",
            "\"SubnetSize\":26",
            "\"DataPathAddr\":\"eth1\"",
            "\"DataPathPort\":4790",
            "\"Protocol\":\"cfssl\",\"URL\":\"https://ca\"")) {
      assertTrue(outcome.changes().contains(part), part + " in " + outcome.changes());
    }
    assertTrue(outcome.out().contains("    SWMKEY-1-x\n"));
  }

  @Test
  void joinSaysAsWhat() throws IOException {
    Outcome outcome = run(cluster(), "join", "--token", "T", "10.0.0.9:2377");
    assertEquals("This node joined a swarm as a manager.\n", outcome.out());
    assertTrue(
        outcome.changes().contains("\"RemoteAddrs\":[\"10.0.0.9:2377\"],\"JoinToken\":\"T\""));
    Function<FakeDaemon.Request, String> worker =
        request -> FakeDaemon.ok(request.path().equals("/info") ? "{'Swarm':{}}" : "");
    assertEquals(
        "This node joined a swarm as a worker.\n",
        run(worker, "join", "--token", "T", "h:1").out());
  }

  @Test
  void aTerminalIsToldWhomAJoinWaitsFor() throws IOException {
    String asking = "Asking 10.0.0.9:2377 to let this node in …\n";
    assertEquals(asking, run(cluster(), true, "join", "--token", "T", "10.0.0.9:2377").err());
    assertEquals("", run(cluster(), "join", "--token", "T", "10.0.0.9:2377").err());
  }

  @Test
  void aRefusalIsTheDaemonsWordAndOne() throws IOException {
    Outcome outcome =
        run(
            request -> FakeDaemon.error(503, "This node is already part of a swarm."),
            "join",
            "h:1");
    assertEquals(1, outcome.code());
    assertEquals("", outcome.out());
    assertEquals(
        "Error response from daemon: This node is already part of a swarm.\n", outcome.err());
  }

  @Test
  void joinTokensShowAndRotate() throws IOException {
    assertEquals("SWMTKN-1-m\n", run(cluster(), "join-token", "-q", "manager").out());
    Outcome rotated = run(cluster(), "join-token", "--rotate", "worker");
    assertTrue(
        rotated.out().startsWith("Successfully rotated worker join token.\n\nTo add a worker"));
    assertEquals(
        "POST /swarm/update?version=5&rotateWorkerToken=true {\"Raft\":{\"X\":1}}",
        rotated.changes());
    assertEquals(1, run(cluster(), "join-token", "king").code());
  }

  @Test
  void leaveUpdateCaAndLocks() throws IOException {
    Outcome left = run(cluster(), "leave", "-f");
    assertEquals("Node left the swarm.\n", left.out());
    assertEquals("POST /swarm/leave?force=1", left.changes());
    Outcome updated = run(cluster(), "update", "--task-history-limit", "1");
    assertEquals("Swarm updated.\n", updated.out());
    assertEquals(
        "POST /swarm/update?version=5"
            + " {\"Raft\":{\"X\":1},\"Orchestration\":{\"TaskHistoryRetentionLimit\":1}}",
        updated.changes());
    assertTrue(run(cluster(), "update").out().startsWith("Usage:  swarm update [OPTIONS]"));
    assertEquals("-----BEGIN CERTIFICATE-----\nx\n", run(cluster(), "ca").out());
    assertEquals(1, run(cluster(), "ca", "--cert-expiry", "1h").code());
    assertTrue(run(cluster(), "ca", "--rotate", "-d").changes().contains("\"ForceRotate\":1"));
    assertEquals(
        "POST /swarm/unlock {\"UnlockKey\":\"SWMKEY-1-x\"}", run(cluster(), "unlock").changes());
    assertEquals("SWMKEY-1-x\n", run(cluster(), "unlock-key", "-q").out());
  }

  @Test
  void nodesListAndFilter() throws IOException {
    Outcome outcome = run(cluster(), "node", "ls", "--filter", "role=manager", "-f", "name=x");
    assertTrue(outcome.out().contains("n1 *      manager0   Ready"), outcome.out());
    assertEquals(
        "GET /nodes?filters={\"role\":{\"manager\":true},\"name\":{\"x\":true}}",
        outcome.requests().getFirst().toString());
    assertEquals("n1\n", run(cluster(), "node", "ls", "-q").out());
    assertEquals(125, run(cluster(), "node", "ls", "--filter", "x").code());
    Outcome bad = run(cluster(), "node", "ls", "--format", "{{.Foo}}");
    assertEquals(1, bad.code());
    assertTrue(bad.err().startsWith("template parsing error: template: 1:3: no field \"Foo\""));
  }

  @Test
  void nodesChange() throws IOException {
    Outcome updated =
        run(
            cluster(),
            "node",
            "update",
            "--availability",
            "drain",
            "--label-add",
            "a=b",
            "manager0");
    assertEquals("manager0\n", updated.out());
    assertEquals(
        "POST /nodes/n1/update?version=7"
            + " {\"Role\":\"manager\",\"Availability\":\"drain\",\"Odd\":1,\"Labels\":{\"a\":\"b\"}}",
        updated.changes());
    assertEquals(1, run(cluster(), "node", "update", "--label-rm", "x", "n1").code());
    assertEquals("Node n1 is already a manager.\n", run(cluster(), "node", "promote", "n1").out());
    assertEquals(
        "Manager n1 demoted in the swarm.\n", run(cluster(), "node", "demote", "n1").out());
    Outcome removed = run(cluster(), "node", "rm", "--force", "n1", "n9");
    assertEquals("n1\n", removed.out());
    assertEquals(1, removed.code());
    assertEquals("Error response from daemon: nodes n9 not found\n", removed.err());
    assertEquals("DELETE /nodes/n1?force=1\nDELETE /nodes/n9?force=1", removed.changes());
  }

  @Test
  void objectsAreInspected() throws IOException {
    assertEquals(
        "manager0\n",
        run(cluster(), "node", "inspect", "self", "-f", "{{.Description.Hostname}}").out());
    assertTrue(
        run(cluster(), "service", "inspect", "web")
            .out()
            .startsWith("[\n    {\n        \"ID\": \"s1\",\n"));
    Outcome missing = run(cluster(), "service", "inspect", "nope");
    assertEquals("[]\n", missing.out());
    assertEquals("no such service: nope\n", missing.err());
    assertEquals(1, missing.code());
    assertTrue(
        run(cluster(), "node", "inspect", "--pretty", "n1").out().startsWith("ID:\t\t\tn1\n"));
    assertEquals("1\n", run(cluster(), "task", "inspect", "-f", "{{.Slot}}", "t1").out());
    assertEquals(1, run(cluster(), "service", "inspect", "--pretty", "-f", "x", "web").code());
  }

  @Test
  void tasksAreListed() throws IOException {
    Outcome outcome = run(cluster(), "service", "ps", "web");
    assertTrue(
        outcome
            .out()
            .contains(
                "t1        web.1     nginx     manager0   Running         Running 32 seconds ago"),
        outcome.out());
    assertTrue(
        outcome.requests().stream()
            .anyMatch(r -> r.path().equals("/tasks?filters={\"service\":{\"s1\":true}}")));
    assertEquals("t1\n", run(cluster(), "service", "ps", "-q", "web").out());
    assertTrue(run(cluster(), "service", "ps", "--no-resolve", "web").out().contains("s1.1"));
    Outcome half = run(cluster(), "service", "ps", "web", "nope");
    assertEquals("no such service: nope\n", half.err());
    assertEquals(1, half.code());
    assertTrue(half.out().contains("web.1"));
    assertTrue(run(cluster(), "node", "ps").out().contains("web.1"));
    assertTrue(run(cluster(), "task", "ls").out().contains("web.1"));
  }

  @Test
  void aServiceIsCreatedAndAwaited() throws IOException {
    AtomicInteger looks = new AtomicInteger();
    Function<FakeDaemon.Request, String> rest = cluster();
    Function<FakeDaemon.Request, String> growing =
        request ->
            request.path().startsWith("/tasks?")
                ? FakeDaemon.ok(
                    switch (looks.getAndIncrement()) {
                      case 0 -> "[]";
                      case 1 -> task("pending", "no suitable node (1 node not available)");
                      case 2, 3 -> task("preparing", "");
                      default -> task("running", "");
                    })
                : rest.apply(request);
    Outcome outcome = run(growing, "service", "create", "--name", "web", "nginx");
    assertEquals(
        """
        s1
        overall progress: 0 out of 1 tasks
        1/1: no suitable node (1 node not available)
        1/1: preparing
        overall progress: 1 out of 1 tasks
        1/1: running
        verify: Waiting 5 seconds to verify that tasks are stable...
        verify: Service web converged
        """,
        outcome.out());
    assertEquals("mind the gap\n", outcome.err());
    assertEquals(0, outcome.code());
  }

  private static String task(String state, String error) {
    return "[{'ID':'t1','Slot':1,'NodeID':'','DesiredState':'running','Status':{'State':'"
        + state
        + "','Err':'"
        + error
        + "'}}]";
  }

  @Test
  void aTerminalIsRedrawn() throws IOException {
    Outcome outcome = run(cluster(), true, "service", "create", "nginx");
    assertTrue(outcome.out().contains("1/1: running   [" + "=".repeat(50) + ">]\n"), outcome.out());
    assertTrue(outcome.out().contains("\u001b[3A"), outcome.out());
  }

  @Test
  void waitingCanBeSkippedOrSilent() throws IOException {
    Outcome detached = run(cluster(), "service", "create", "-d", "nginx");
    assertEquals("s1\n", detached.out());
    assertEquals(2, detached.requests().size(), "for the digest, and to create it");
    assertEquals("s1\n", run(cluster(), "service", "create", "-q", "nginx").out());
  }

  @Test
  void aPausedUpdateFails() throws IOException {
    String paused =
        SERVICE.substring(0, SERVICE.length() - 1)
            + ",'UpdateStatus':{'State':'paused','Message':'too many failures'}}";
    Function<FakeDaemon.Request, String> rest = cluster();
    Outcome outcome =
        run(
            request ->
                request.path().startsWith("/services/s1") && request.method().equals("GET")
                    ? FakeDaemon.ok(paused)
                    : rest.apply(request),
            "service",
            "update",
            "--force",
            "web");
    assertEquals(1, outcome.code());
    assertEquals(
        "service update paused: too many failures\n"
            + "'swarm service ps --no-trunc web' shows every task. Mend it with 'swarm service"
            + " update', or go back with 'swarm service rollback web'.\n",
        outcome.err());
  }

  @Test
  void servicesChange() throws IOException {
    Outcome updated = run(cluster(), "service", "update", "-d", "--replicas", "2", "web");
    assertEquals("web\n", updated.out());
    assertEquals(
        "POST /services/s1/update?version=9&registryAuthFrom=spec"
            + " {\"Name\":\"web\",\"TaskTemplate\":{\"ContainerSpec\":"
            + "{\"Image\":\"nginx\"}},\"Mode\":{\"Replicated\":{\"Replicas\":2}}}",
        updated.changes());
    Outcome scaled = run(cluster(), "service", "scale", "-d", "web=3", "nope=1", "web=x");
    assertEquals("web scaled to 3\n", scaled.out());
    assertTrue(
        scaled.err().contains("nope: Error response from daemon: services nope not found\n"));
    assertTrue(
        scaled.err().contains("web: the number of replicas is a whole number from 0, not \"x\""));
    assertEquals(1, scaled.code());
    assertEquals(1, run(cluster(), "service", "scale", "web").code());
    assertTrue(
        run(cluster(), "service", "rollback", "-d", "web")
            .changes()
            .startsWith("POST /services/s1/update?version=9&rollback=previous {"));
    assertTrue(
        run(cluster(), "service", "update", "-d", "--rollback", "web")
            .changes()
            .contains("rollback=previous"));
    assertEquals(1, run(cluster(), "service", "update", "--rollback", "--force", "web").code());
    assertEquals("web\n", run(cluster(), "service", "rm", "web").out());
  }

  @Test
  void aStaleVersionIsRefused() throws IOException {
    Function<FakeDaemon.Request, String> rest = cluster();
    Outcome outcome =
        run(
            request ->
                request.method().equals("POST")
                    ? FakeDaemon.error(500, "rpc error: update out of sequence")
                    : rest.apply(request),
            "service",
            "update",
            "--force",
            "web");
    assertEquals("service web is being changed all the time: try again later\n", outcome.err());
    assertEquals(1, outcome.code());
    assertEquals(
        20, outcome.requests().stream().filter(r -> r.method().equals("POST")).count(), "bounded");
  }

  @Test
  void logsSayWhoSpeaks() throws IOException {
    String context =
        "com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1";
    String line = context + " hello world\n";
    String frame = "\u0001\u0000\u0000\u0000\u0000\u0000\u0000" + (char) line.length() + line;
    String chunk = Integer.toHexString(frame.length());
    Function<FakeDaemon.Request, String> rest = cluster();
    Function<FakeDaemon.Request, String> logging =
        request ->
            request.path().contains("/logs")
                ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk
                    + "\r\n"
                    + frame
                    + "\r\n0\r\n\r\n"
                : rest.apply(request);
    Outcome outcome = run(logging, "service", "logs", "--tail", "5", "-f", "--since", "1m", "web");
    assertEquals("web.1.t1@manager0    | hello world\n", outcome.out(), outcome.err());
    assertTrue(
        outcome.requests().stream()
            .anyMatch(
                r ->
                    r.path()
                        .equals(
                            "/services/web/logs?stdout=1&stderr=1&tail=5&follow=1&details=1&since=1772366340.000000000")));
    assertEquals(line, run(logging, "service", "logs", "--raw", "web").out());
    Outcome none = run(cluster(), "service", "logs", "nope");
    assertEquals("no such task or service: nope\n", none.err());
  }

  @Test
  void aMistypedValueNamesItsFlag() throws IOException {
    Outcome outcome = run(cluster(), "node", "update", "--availability", "foo", "n1");
    assertTrue(
        outcome
            .err()
            .startsWith("swarm: --availability takes active, pause or drain, not \"foo\"\n"),
        outcome.err());
    assertEquals(1, outcome.code());
    assertEquals(1, run(cluster(), "service", "create", "--update-order", "x", "bb").code());
    assertTrue(
        run(cluster(), "node", "update", "--availability", "Drain", "n1")
            .changes()
            .contains("\"Availability\":\"drain\""));
  }

  @Test
  void commandLinesAreChecked() throws IOException {
    assertEquals(1, run(cluster(), "node", "rm").code());
    assertTrue(
        run(cluster(), "node", "rm")
            .err()
            .startsWith(
                "swarm: 'swarm node rm' requires at least 1 argument\n\n"
                    + "Usage:  swarm node rm [OPTIONS] NODE [NODE...]"));
    assertTrue(run(cluster(), "node", "ls", "x").err().contains("accepts no arguments"));
    assertTrue(run(cluster(), "join-token", "a", "b").err().contains("requires 1 argument\n"));
    assertEquals(125, run(cluster(), "node", "ls", "--foo").code());
    assertEquals(1, run(cluster(), "swarm", "init").code());
    assertEquals(125, run(cluster(), "--foo").code());
    assertEquals(125, run(cluster(), "-H", "nonsense", "node", "ls").code());
    assertEquals(0, run(cluster(), "service", "create", "--help").code());
    assertTrue(
        run(cluster(), "service", "--help").out().contains("  create     Create a new service\n"));
    assertFalse(run(cluster()).out().isEmpty());
    assertEquals(
        "swarm: unknown command: swarm node bogus\n\n"
            + "Run 'swarm node --help' for more information\n",
        run(cluster(), "node", "bogus").err());
    assertTrue(run(cluster(), "swarm", "init").err().contains("it is 'swarm init'"));
  }

  @Test
  void helpNamesDefaultsOnlyWhereTheyApply() throws IOException {
    String create = run(cluster(), "service", "create", "--help").out();
    String update = run(cluster(), "service", "update", "--help").out();
    assertTrue(create.contains("Number of tasks (default 1)\n"), create);
    assertTrue(update.contains("Number of tasks\n"), update);
    assertFalse(update.contains("(default "), update);
    assertFalse(run(cluster(), "update", "--help").out().contains("(default "));
  }

  @Test
  void anAbsentDaemonIsNamed() throws IOException {
    Outcome outcome = run(cluster(), "-H", "unix:///nowhere/swarm.sock", "node", "ls");
    assertEquals(1, outcome.code());
    assertEquals(
        "Cannot connect to the swarm daemon at unix:///nowhere/swarm.sock. Is the swarm daemon"
            + " running?\n",
        outcome.err());
    assertEquals(
        outcome.err(), run(cluster(), "node", "ls", "--host", "unix:///nowhere/swarm.sock").err());
  }

  @Test
  void versions() throws IOException {
    assertTrue(run(cluster(), "version").out().contains("Server:\n Version:             9.9\n"));
    assertEquals("9.9\n", run(cluster(), "version", "-f", "{{.Server.Version}}").out());
  }
}
