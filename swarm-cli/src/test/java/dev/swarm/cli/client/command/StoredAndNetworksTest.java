package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.cli.client.command.CommandRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets, configs and networks: what is asked of the daemon, what is shown, what is refused. */
class StoredAndNetworksTest {
  private static final String TIMES =
      "'CreatedAt':'2026-03-01T11:00:00.5Z','UpdatedAt':'2026-03-01T11:59:28Z'";
  private static final String SECRET =
      "{'ID':'sec1',"
          + TIMES
          + ",'Spec':{'Name':'key','Labels':{'b':'2','a':'1'},'Driver':{'Name':'vault'}}}";
  private static final String CONFIG =
      "{'ID':'con1'," + TIMES + ",'Spec':{'Name':'motd','Labels':{},'Data':'aGVsbG8K'}}";
  private static final String NETWORK =
      "{'Name':'front','Id':'0123456789abcdef','Driver':'overlay','Scope':'swarm','Ingress':false}";

  @TempDir Path folder = Path.of("");

  private static Function<FakeDaemon.Request, String> daemon() {
    Map<String, String> answers =
        Map.ofEntries(
            Map.entry("GET /secrets", "[" + SECRET + "]"),
            Map.entry("GET /secrets/key", SECRET),
            Map.entry("POST /secrets/create", "{'ID':'sec1'}"),
            Map.entry("DELETE /secrets/key", ""),
            Map.entry("GET /configs", "[" + CONFIG + "]"),
            Map.entry("GET /configs/motd", CONFIG),
            Map.entry("POST /configs/create", "{'ID':'con1'}"),
            Map.entry("DELETE /configs/motd", ""),
            Map.entry("GET /networks", "[" + NETWORK + "]"),
            Map.entry("GET /networks/front", NETWORK),
            Map.entry("GET /networks/ingress", "{'Name':'ingress','Ingress':true}"),
            Map.entry("DELETE /networks/ingress", ""),
            Map.entry("DELETE /networks/front", ""),
            Map.entry("POST /networks/create", "{'Id':'net1','Warning':'mind the gap'}"),
            Map.entry("POST /networks/prune", "{'NetworksDeleted':['front','back']}"));
    return request -> {
      String path = request.path().replaceAll("\\?.*", "");
      String answer = answers.get(request.method() + " " + path);
      return answer == null
          ? FakeDaemon.error(404, path.substring(1).replace('/', ' ') + " not found")
          : FakeDaemon.ok(answer);
    };
  }

  private Outcome run(String... words) throws IOException {
    return new CommandRun(folder, daemon()).run(words);
  }

  private Outcome typing(String input, String... words) throws IOException {
    return new CommandRun(folder, daemon()).typing(input).run(words);
  }

  @Test
  void dataComesFromAFileOrFromStandardInput() throws IOException {
    Path file = Files.writeString(folder.resolve("data"), "hello\n");
    Outcome fromFile = run("secret", "create", "-l", "a=1", "--label", "b", "key", file.toString());
    assertEquals("sec1\n", fromFile.out(), fromFile.err());
    assertEquals(
        "POST /secrets/create"
            + " {\"Name\":\"key\",\"Labels\":{\"a\":\"1\",\"b\":\"\"},\"Data\":\"aGVsbG8K\"}",
        fromFile.changes());
    Outcome typed =
        typing("hello\n", "config", "create", "--template-driver", "golang", "motd", "-");
    assertEquals("con1\n", typed.out(), typed.err());
    assertEquals(
        "POST /configs/create"
            + " {\"Name\":\"motd\",\"Labels\":{},\"Data\":\"aGVsbG8K\",\"Templating\":{\"Name\":\"golang\"}}",
        typed.changes());
    assertEquals(
        "POST /secrets/create"
            + " {\"Name\":\"key\",\"Labels\":{},\"Driver\":{\"Name\":\"vault\"}}",
        run("secret", "create", "-d", "vault", "key").changes());
  }

  @Test
  void dataThatWillNotDoIsRefusedBeforeItIsSent() throws IOException {
    String big = "x".repeat(500 * 1024 + 1);
    Outcome tooBig = typing(big, "secret", "create", "key", "-");
    assertEquals(1, tooBig.code());
    assertEquals(
        "error reading from STDIN: a secret holds at most 500 KiB of data\n", tooBig.err());
    assertEquals("", tooBig.changes());
    assertEquals(0, typing(big, "config", "create", "motd", "-").code());
    String huge = "x".repeat(1000 * 1024 + 1);
    assertTrue(
        typing(huge, "config", "create", "motd", "-").err().contains("holds at most 1000 KiB"));
    assertEquals(
        "error reading from STDIN: data is empty\n",
        typing("", "secret", "create", "key", "-").err());
    assertTrue(run("secret", "create", "key").err().startsWith("secret file is required"));
    assertEquals(
        "error reading from /nowhere: no such file or directory\n",
        run("secret", "create", "key", "/nowhere").err());
    assertTrue(
        run("secret", "create", "key", folder.toString()).err().endsWith("it is a directory\n"));
    assertEquals(
        "a secret that a driver has takes no file\n",
        run("secret", "create", "-d", "vault", "key", "-").err());
    assertEquals(125, run("secret", "create", "-l", "=x", "key", "-").code());
    assertEquals(1, run("config", "create", "motd").code());
    assertEquals(125, run("config", "create", "--driver", "x", "motd", "-").code());
  }

  @Test
  void bothAreListed() throws IOException {
    assertEquals(
        """
        ID        NAME      DRIVER    CREATED          UPDATED
        sec1      key       vault     59 minutes ago   32 seconds ago
        """,
        run("secret", "ls").out());
    assertEquals("sec1\n", run("secret", "list", "-q").out());
    assertEquals(
        """
        ID        NAME      CREATED          UPDATED
        con1      motd      59 minutes ago   32 seconds ago
        """,
        run("config", "ls").out());
    assertEquals("key a=1,b=2\n", run("secret", "ls", "--format", "{{.Name}} {{.Labels}}").out());
    assertEquals(
        "GET /secrets?filters={\"name\":{\"k\":true}}",
        run("secret", "ls", "-f", "name=k").requests().getFirst().toString());
    assertEquals(125, run("config", "ls", "--filter", "name").code());
  }

  @Test
  void bothAreInspected() throws IOException {
    assertEquals("key\n", run("secret", "inspect", "-f", "{{.Spec.Name}}", "key").out());
    assertEquals("aGVsbG8K\n", run("config", "inspect", "-f", "{{.Spec.Data}}", "motd").out());
    assertEquals(
        """
        ID:              sec1
        Name:              key
        Labels:
         - a=1
         - b=2
        Driver:            vault
        Created at:        2026-03-01 11:00:00.5 +0000 utc
        Updated at:        2026-03-01 11:59:28 +0000 utc
        """,
        run("secret", "inspect", "--pretty", "key").out());
    assertEquals(
        "ID:\t\t\tcon1\nName:\t\t\tmotd\n"
            + "Created at:            \t2026-03-01 11:00:00.5 +0000 utc\n"
            + "Updated at:            \t2026-03-01 11:59:28 +0000 utc\n"
            + "Data:\nhello\n",
        run("config", "inspect", "--pretty", "motd").out());
    Outcome missing = run("secret", "inspect", "nope");
    assertEquals(1, missing.code());
    assertEquals("no such secret: nope\n", missing.err());
  }

  @Test
  void severalAreRemovedAndEachFailureIsTold() throws IOException {
    Outcome outcome = run("secret", "rm", "a", "key", "b");
    assertEquals(1, outcome.code());
    assertEquals("key\n", outcome.out());
    assertEquals(
        "Error response from daemon: secrets a not found\n"
            + "Error response from daemon: secrets b not found\n",
        outcome.err());
    assertEquals(0, run("config", "remove", "motd").code());
  }

  @Test
  void aNetworkIsAnOverlayUnlessToldOtherwise() throws IOException {
    Outcome outcome = run("network", "create", "net");
    assertEquals("net1\n", outcome.out());
    assertEquals("mind the gap\n", outcome.err());
    assertEquals(
        "POST /networks/create {\"Name\":\"net\",\"CheckDuplicate\":true,\"Driver\":\"overlay\","
            + "\"IPAM\":{\"Driver\":\"default\",\"Options\":{},\"Config\":[]},\"Internal\":false,"
            + "\"Attachable\":false,\"Ingress\":false,\"ConfigOnly\":false,\"Options\":{},\"Labels\":{}}",
        outcome.changes());
  }

  @Test
  void aNetworkTakesEveryFlag() throws IOException {
    Outcome outcome =
        run(
            "network create -d weave --attachable --internal --ingress --ipv6 --ipv4=false"
                .concat(" --subnet 10.1.0.0/16,fd00::/64 --ip-range 10.1.4.0/24")
                .concat(" --gateway 10.1.0.1 --gateway fd00::1 --aux-address a=10.1.0.9")
                .concat(" --ipam-driver mine --ipam-opt x=y --label l=1 -o mtu=9000")
                .concat(" --scope swarm --config-from base --config-only net")
                .split(" "));
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(
        "POST /networks/create"
            + " {\"Name\":\"net\",\"CheckDuplicate\":true,\"Driver\":\"weave\",\"Scope\":\"swarm\","
            + "\"EnableIPv4\":false,\"EnableIPv6\":true,"
            + "\"IPAM\":{\"Driver\":\"mine\",\"Options\":{\"x\":\"y\"},\"Config\":["
            + "{\"Subnet\":\"10.1.0.0/16\",\"IPRange\":\"10.1.4.0/24\",\"Gateway\":\"10.1.0.1\","
            + "\"AuxiliaryAddresses\":{\"a\":\"10.1.0.9\"}},"
            + "{\"Subnet\":\"fd00::/64\",\"Gateway\":\"fd00::1\"}]},\"Internal\":true,"
            + "\"Attachable\":true,\"Ingress\":true,\"ConfigOnly\":true,"
            + "\"ConfigFrom\":{\"Network\":\"base\"},\"Options\":{\"mtu\":\"9000\"},"
            + "\"Labels\":{\"l\":\"1\"}}",
        outcome.changes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--subnet 10.0.0.0 | --subnet takes a subnet such as 10.0.0.0/24, not \"10.0.0.0\"",
        "--subnet 10.0.0.0/33 | --subnet takes a subnet such as 10.0.0.0/24, not \"10.0.0.0/33\"",
        "--subnet name/8 | --subnet takes a subnet such as 10.0.0.0/24, not \"name/8\"",
        "--subnet 10.0.0.0/8 --subnet 10.1.0.0/16 | --subnet 10.0.0.0/8 and 10.1.0.0/16 overlap",
        "--gateway 10.0.0.1 | every --ip-range and --gateway lies in",
        "--subnet 10.0.0.0/24 --gateway 10.0.1.1 | no --subnet contains gateway 10.0.1.1",
        "--subnet 10.0.0.0/24 --gateway x | --gateway takes an IP address, not \"x\"",
        "--subnet 10.0.0.0/24 --ip-range fd00::/64 | no --subnet contains range fd00::/64",
        "--subnet 10.0.0.0/24 --aux-address a=10.2.0.1 | no --subnet contains aux-address",
        "--subnet 10.0.0.0/24 --aux-address a | takes NAME=IP, as in router=10.0.0.2, not \"a\"",
        "--subnet 10.0.0.0/8 --subnet 11.0.0.0/8 --gateway 10.0.0.1,10.0.0.2 | multiple gateways",
        "--opt =x | --opt takes KEY=VALUE, not \"=x\"",
      })
  void networksThatMakeNoSenseAreRefused(String flags, String message) throws IOException {
    Outcome outcome = run(("network create " + flags + " net").split(" "));
    assertTrue(outcome.err().contains(message), outcome.err());
    assertTrue(outcome.code() != 0);
    assertEquals("", outcome.changes());
  }

  @Test
  void networksAreListedInspectedAndRemoved() throws IOException {
    assertEquals(
        """
        NETWORK ID     NAME      DRIVER    SCOPE
        0123456789ab   front     overlay   swarm
        """,
        run("network", "ls").out());
    assertEquals("0123456789abcdef\n", run("network", "ls", "-q", "--no-trunc").out());
    assertEquals("swarm\n", run("network", "inspect", "-f", "{{.Scope}}", "front").out());
    assertEquals("no such network: x\n", run("network", "inspect", "x").err());
    assertEquals("front\n", run("network", "rm", "front").out());
    assertEquals(1, run("network", "rm", "x", "front").code());
    assertEquals(0, run("network", "rm", "-f", "x").code());
    assertEquals("", typing("n\n", "network", "rm", "ingress").changes());
    assertEquals("DELETE /networks/ingress", typing("y\n", "network", "rm", "ingress").changes());
  }

  @Test
  void pruningAsksFirst() throws IOException {
    Outcome refused = typing("\n", "network", "prune");
    assertEquals(1, refused.code());
    assertEquals("network prune has been cancelled\n", refused.err());
    assertEquals("", refused.changes());
    Outcome forced = run("network", "prune", "-f", "--filter", "label=a=b");
    assertEquals("Deleted Networks:\nfront\nback\n\n", forced.out());
    assertEquals("POST /networks/prune?filters={\"label\":{\"a=b\":true}}", forced.changes());
    assertTrue(
        typing("y\n", "network", "prune").out().endsWith("Deleted Networks:\nfront\nback\n\n"));
  }

  @Test
  void helpAndCompletionKnowThem() throws IOException {
    String help = run("--help").out();
    for (String group : new String[] {"secret", "config", "network"}) {
      assertTrue(help.contains("  " + group), help);
      assertTrue(run(group, "--help").out().contains("  create    "));
    }
    assertTrue(run("__complete", "network", "create", "--aux").out().equals("--aux-address\n"));
    assertTrue(run("__complete", "secret", "create", "--tem").out().equals("--template-driver\n"));
  }
}
