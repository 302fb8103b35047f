package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.cli.client.command.CommandRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks: what is asked of the daemon, in which order, and what is shown. */
class StackCommandsTest {
  private static final String LABELS = "'Labels':{'com.docker.stack.namespace':'app'";
  private static final String WEB =
      "{'ID':'s1','Version':{'Index':7},'Spec':{'Name':'app_web',"
          + LABELS
          + ",'com.docker.stack.image':'nginx'},'Mode':{'Replicated':{'Replicas':1}},"
          + "'TaskTemplate':{'ForceUpdate':3,'ContainerSpec':{'Image':'nginx:latest@sha256:1'}}},"
          + "'ServiceStatus':{'RunningTasks':1,'DesiredTasks':1}}";
  private static final String OLD =
      "{'ID':'s2','Spec':{'Name':'app_old'," + LABELS + "},'TaskTemplate':{'ContainerSpec':{}}}}";
  private static final String FILE =
      """
      services:
        web:
          image: nginx
          secrets: [key]
      secrets:
        key: {content: hello}
      configs:
        motd: {content: hello}
      """;

  @TempDir Path folder = Path.of("");

  private final Map<String, String> answers = new TreeMap<>();

  private Function<FakeDaemon.Request, String> daemon() {
    answers.putIfAbsent("GET /info", "{'Swarm':{'ControlAvailable':true}}");
    answers.putIfAbsent("GET /services", "[]");
    answers.putIfAbsent("GET /networks", "[]");
    answers.putIfAbsent("GET /secrets", "[{'ID':'sec1','Spec':{'Name':'app_key'}}]");
    answers.putIfAbsent("GET /configs", "[]");
    answers.putIfAbsent("GET /tasks", "[]");
    answers.putIfAbsent("GET /services/s1", WEB);
    answers.put("POST /networks/create", "{'Id':'n1'}");
    answers.put("POST /secrets/create", "{'ID':'sec1'}");
    answers.put("POST /configs/create", "{'ID':'con1'}");
    answers.put("POST /configs/con1/update", "");
    answers.put("POST /services/create", "{'ID':'s1','Warnings':['mind the gap']}");
    answers.put("POST /services/s1/update", "{}");
    for (String gone : new String[] {"services/s1", "services/s2", "secrets/sec1", "networks/n1"}) {
      answers.putIfAbsent("DELETE /" + gone, "");
    }
    return request -> {
      String path = request.path().replaceAll("\\?.*", "");
      String answer = answers.get(request.method() + " " + path);
      if (path.startsWith("/distribution/") && answer == null) {
        return FakeDaemon.error(503, "no engine");
      }
      return answer == null || answer.equals("refused")
          ? FakeDaemon.error(answer == null ? 404 : 400, path.substring(1) + " is not to be had")
          : FakeDaemon.ok(answer);
    };
  }

  private Outcome deploy(String file, String... more) throws IOException {
    String[] words = new String[more.length + 6];
    System.arraycopy(new String[] {"stack", "deploy", "-d", "-c", "-", "app"}, 0, words, 0, 6);
    System.arraycopy(more, 0, words, 6, more.length);
    return new CommandRun(folder, daemon()).typing(file).run(words);
  }

  private Outcome run(String... words) throws IOException {
    return new CommandRun(folder, daemon()).run(words);
  }

  @Test
  void aNewStackIsMadeFromTheGroundUp() throws IOException {
    Outcome outcome = deploy(FILE);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(
        """
        Creating network app_default
        Creating secret app_key
        Creating config app_motd
        Creating service app_web
        """,
        outcome.out());
    assertEquals("mind the gap\n", outcome.err());
    String labels = "\"Labels\":{\"com.docker.stack.namespace\":\"app\"}";
    assertEquals(
        "POST /networks/create {\"Name\":\"app_default\",\"CheckDuplicate\":true,"
            + "\"Driver\":\"overlay\",\"Internal\":false,\"Attachable\":false,"
            + labels
            + "}\nPOST /secrets/create {\"Name\":\"app_key\","
            + labels
            + ",\"Data\":\"aGVsbG8=\"}\nPOST /configs/create {\"Name\":\"app_motd\","
            + labels
            + ",\"Data\":\"aGVsbG8=\"}\nPOST /services/create {\"Name\":\"app_web\","
            + "\"Labels\":{\"com.docker.stack.namespace\":\"app\","
            + "\"com.docker.stack.image\":\"nginx\"},\"TaskTemplate\":{\"ContainerSpec\":"
            + "{\"Image\":\"nginx:latest\","
            + labels
            + ",\"Privileges\":{\"CredentialSpec\":null,\"SELinuxContext\":null},"
            + "\"Secrets\":[{\"File\":{\"Name\":\"key\",\"UID\":\"0\",\"GID\":\"0\",\"Mode\":292},"
            + "\"SecretName\":\"app_key\",\"SecretID\":\"sec1\"}]},\"Resources\":{},"
            + "\"Placement\":{},\"Networks\":[{\"Target\":\"app_default\",\"Aliases\":[\"web\"]}],"
            + "\"ForceUpdate\":0},\"Mode\":{\"Replicated\":{}},\"EndpointSpec\":{}}",
        outcome.changes());
  }

  @Test
  void imagesArePinnedUnlessToldNotTo() throws IOException {
    String digest = "sha256:" + "ab".repeat(32);
    answers.put(
        "GET /distribution/nginx:latest/json", "{'Descriptor':{'digest':'" + digest + "'}}");
    assertTrue(deploy(FILE).changes().contains("\"nginx:latest@" + digest + "\""));
    assertTrue(
        deploy(FILE, "--resolve-image", "never").changes().contains("\"Image\":\"nginx:latest\""));
  }

  @Test
  void whatIsThereIsUpdated() throws IOException {
    answers.put("GET /services", "[" + WEB + "," + OLD + "]");
    answers.put("GET /networks", "[{'Id':'n1','Name':'app_default'}]");
    answers.put("GET /configs/app_motd", "{'ID':'con1','Version':{'Index':4}}");
    Outcome outcome = deploy(FILE, "-d", "--prune", "--resolve-image", "changed");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(
        """
        Removing service app_old
        Creating secret app_key
        Updating service app_web (id: s1)
        """,
        outcome.out());
    assertEquals("", outcome.err());
    String changes = outcome.changes();
    assertTrue(changes.startsWith("DELETE /services/s2\n"), changes);
    assertTrue(changes.contains("\nPOST /configs/con1/update?version=4 {"), changes);
    assertTrue(changes.contains("\nPOST /services/s1/update?version=7 {"), changes);
    assertTrue(changes.contains("\"Image\":\"nginx:latest@sha256:1\""), changes);
    assertTrue(changes.contains("\"ForceUpdate\":3"), changes);
    assertTrue(deploy(FILE, "-d").changes().contains("\"Image\":\"nginx:latest\""));
    String newer = FILE.replace("nginx", "nginx:2");
    assertTrue(
        deploy(newer, "-d", "--resolve-image=never").changes().contains("\"Image\":\"nginx:2\""));
  }

  @Test
  void externalNetworksMustBeThere() throws IOException {
    String file =
        "services: {a: {image: x, networks: [out, host]}}\n"
            + "networks: {out: {external: true}, host: {external: true}}\n";
    Outcome missing = deploy(file, "-d");
    assertEquals(1, missing.code());
    assertEquals(
        "network \"out\" is declared as external, but could not be found. You need to create a"
            + " swarm-scoped network before the stack is deployed\n",
        missing.err());
    answers.put("GET /networks/out", "{'Scope':'local'}");
    assertTrue(deploy(file, "-d").err().contains("not in the right scope: \"local\" instead of"));
    answers.put("GET /networks/out", "{'Scope':'swarm'}");
    Outcome good = deploy(file, "-d");
    assertEquals(0, good.code(), good.err());
    assertTrue(
        good.changes()
            .contains(
                "\"Networks\":[{\"Target\":\"host\"},{\"Target\":\"out\",\"Aliases\":[\"a\"]}]"),
        good.changes());
  }

  @Test
  void aDeploymentIsAwaitedUnlessItIsToBeDetached() throws IOException {
    answers.put("GET /nodes", "[{'ID':'n1','Status':{'State':'ready'}}]");
    answers.put(
        "GET /tasks",
        "[{'ID':'t1','ServiceID':'s1','Slot':1,'NodeID':'n1','DesiredState':'running',"
            + "'Status':{'State':'running'}}]");
    Outcome outcome =
        new CommandRun(folder, daemon()).typing(FILE).run("stack", "up", "-c", "-", "app");
    assertEquals("mind the gap\n", outcome.err());
    assertTrue(outcome.out().endsWith("verify: Service app_web converged\n"), outcome.out());
    assertEquals(0, outcome.code());
  }

  @Test
  void nothingIsAskedForAFileThatIsWrong() throws IOException {
    Outcome outcome = deploy("services:\n  web:\n    image: nginx\n    ports: [a]\n");
    assertEquals(1, outcome.code());
    assertEquals(
        "stdin:4:13: services.web.ports[0]: \"a\": write [PUBLISHED:]TARGET[/PROTOCOL], as in"
            + " 8080:80/tcp\n",
        outcome.err());
    assertTrue(outcome.requests().isEmpty());
    assertTrue(run("stack", "deploy", "app").err().contains("specify a Compose file"));
    assertEquals(1, run("stack", "deploy", "-c", "/nowhere.yml", "app").code());
    assertEquals(
        "open /nowhere.yml: no such file or directory\n",
        run("stack", "deploy", "-c", "/nowhere.yml", "app").err());
    assertTrue(
        run("stack", "deploy", "-c", folder.toString(), "app").err().contains("is a directory"));
    assertTrue(deploy(FILE, "--resolve-image", "x").err().contains("--resolve-image takes always"));
    assertTrue(run("stack", "ps", "' '").err().contains("invalid stack name: \"' '\""));
    answers.put("GET /info", "{'Swarm':{}}");
    assertTrue(deploy(FILE).err().contains("this node is not a swarm manager"));
  }

  @Test
  void theDaemonsRefusalNamesWhatItWasAbout() throws IOException {
    Function<FakeDaemon.Request, String> rest = daemon();
    Outcome outcome =
        new CommandRun(
                folder,
                request ->
                    request.path().equals("/services/create")
                        ? FakeDaemon.error(400, "bad spec")
                        : rest.apply(request))
            .typing(FILE)
            .run("stack", "deploy", "-d", "-c", "-", "app");
    assertEquals(1, outcome.code());
    assertEquals(
        "failed to create service app_web: Error response from daemon: bad spec\n", outcome.err());
  }

  @Test
  void stacksAreListed() throws IOException {
    answers.put("GET /services", "[" + WEB + "," + OLD + "]");
    Outcome outcome = run("stack", "ls");
    assertEquals("NAME      SERVICES\napp       2\n", outcome.out());
    assertEquals(
        "GET /services?filters={\"label\":{\"com.docker.stack.namespace\":true}}",
        outcome.requests().getFirst().toString());
    assertEquals("app=2\n", run("stack", "ls", "--format", "{{.Name}}={{.Services}}").out());
    Outcome services = run("stack", "services", "--filter", "name=w", "app");
    assertTrue(services.out().contains("app_web   replicated   1/1"), services.out());
    assertEquals(
        "GET /services?filters={\"name\":{\"w\":true},"
            + "\"label\":{\"com.docker.stack.namespace=app\":true}}&status=true",
        services.requests().getFirst().toString());
    answers.put(
        "GET /tasks", "[{'ID':'t1','ServiceID':'s1','Slot':1,'Status':{'State':'running'}}]");
    assertEquals("t1\n", run("stack", "ps", "-q", "app").out());
    answers.put(
        "GET /tasks",
        "[{'ID':'t0','ServiceID':'gone','Slot':1,'Status':{'State':'shutdown'}},"
            + "{'ID':'t1','ServiceID':'s1','Slot':1,'Status':{'State':'running'}}]");
    assertEquals("t1\n", run("stack", "ps", "-q", "app").out(), "what was removed has no row");
  }

  @Test
  void anAbsentStackIsToldOf() throws IOException {
    answers.put("GET /secrets", "[]");
    Outcome services = run("stack", "services", "app");
    assertEquals(0, services.code());
    assertEquals("Nothing found in stack: app\n", services.err());
    Outcome tasks = run("stack", "ps", "app");
    assertEquals(1, tasks.code());
    assertEquals("nothing found in stack: app\n", tasks.err());
    Outcome removal = run("stack", "rm", "app");
    assertEquals(0, removal.code());
    assertEquals("Nothing found in stack: app\n", removal.err());
  }

  @Test
  void aStackGoesInOrder() throws IOException {
    answers.put("GET /services", "[" + WEB + "," + OLD + "]");
    answers.put("GET /networks", "[{'Id':'n1','Name':'app_default'}]");
    Outcome outcome = run("stack", "rm", "app");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(
        """
        Removing service app_old
        Removing service app_web
        Removing secret app_key
        Removing network app_default
        """,
        outcome.out());
    answers.put("DELETE /secrets/sec1", "refused");
    Outcome failed = run("stack", "down", "-d=false", "app");
    assertEquals(1, failed.code());
    assertEquals(
        "Failed to remove secret sec1: secrets/sec1 is not to be had\n"
            + "failed to remove some resources from stack: app\n",
        failed.err());
    answers.put("DELETE /secrets/sec1", "");
    answers.put("GET /tasks", "[{'Status':{'State':'shutdown'}}]");
    Outcome waited = run("stack", "rm", "--detach=false", "app");
    assertEquals(0, waited.code());
    assertTrue(waited.requests().getLast().toString().startsWith("GET /tasks?"));
  }

  @Test
  void theFilesAreShownAsOne() throws IOException {
    Path file = Files.writeString(folder.resolve("c.yml"), "services: {a: {image: 'x:${TAG}'}}\n");
    CommandRun run = new CommandRun(folder, daemon()).in(Map.of("TAG", "7"));
    assertEquals(
        "services:\n  a:\n    image: x:7\n",
        run.run("stack", "config", "-c", file.toString()).out());
    assertEquals(
        "services:\n  a:\n    image: x:${TAG}\n",
        run.run("stack", "config", "--skip-interpolation", "-c", file.toString()).out());
    assertFalse(run("stack", "--help").out().isEmpty());
  }

  @Test
  void whatOtherReadersNeedIsKeptAndUnmistakable() throws IOException {
    String shown =
        """
        services:
          a:
            build: .
            depends_on:
              - b
            environment:
              A: 'no'
              B: 'TRUE'
              C: 'y'
              D: '22:22'
              E: '0777'
              F: '1e3'
              G: '2026-01-01'
              H: '~'
              I: plain
              J: 1.27.0
            image: x
            x-tool:
              deep:
                - 1
                - yes indeed
          b:
            image: x
        x-top:
          on: true
        """;
    Path file = Files.writeString(folder.resolve("c.yml"), shown);
    String again = run("stack", "config", "-c", file.toString()).out();
    assertEquals(shown.replace("  on: true", "  'on': true"), again);
    Files.writeString(file, again);
    assertEquals(again, run("stack", "config", "-c", file.toString()).out());
    assertEquals("--skip-interpolation\n", run("__complete", "stack", "config", "--skip").out());
  }
}
