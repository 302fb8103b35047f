package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.cli.client.command.CommandRun.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a shell is told could come next. */
class SuggestionsTest {
  private static final Map<String, String> LISTS =
      Map.of(
          "/nodes", "[{'Description':{'Hostname':'one'}},{'Description':{'Hostname':'two'}}]",
          "/services",
              "[{'Spec':{'Name':'shop_web','Labels':{'com.docker.stack.namespace':'shop'}}},"
                  + "{'Spec':{'Name':'web'}}]",
          "/secrets", "[{'Spec':{'Name':'key'}}]",
          "/configs", "[{'Spec':{'Name':'motd'}}]",
          "/networks", "[{'Name':'front'},{'Name':'ingress'}]");

  @TempDir private Path folder;

  private List<String> after(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("__complete"));
    all.addAll(List.of(words));
    Outcome outcome =
        new CommandRun(
                folder,
                request ->
                    LISTS.containsKey(request.path())
                        ? FakeDaemon.ok(LISTS.get(request.path()))
                        : FakeDaemon.error(404, "no such thing"))
            .run(all.toArray(String[]::new));
    assertEquals("", outcome.err());
    return outcome.out().lines().toList();
  }

  @Test
  void commands() throws IOException {
    List<String> top = after("");
    assertTrue(top.containsAll(List.of("daemon", "demo", "init", "node", "stack")), top::toString);
    assertEquals(List.of("join", "join-token"), after("jo"));
    assertEquals(List.of("promote", "ps"), after("node", "p").stream().sorted().toList());
    assertEquals(List.of("--help", "--host"), after("--h"));
    assertEquals(List.of(), after("nonsense", ""));
  }

  @Test
  void theDaemonsFlagsAndTheirValues() throws IOException {
    assertEquals(List.of("--log-level"), after("daemon", "--log"));
    assertEquals(List.of("warn"), after("daemon", "--log-level", "w"));
    assertEquals(List.of("process"), after("daemon", "--runtime", ""));
    assertEquals(List.of("--keep"), after("demo", "--k"));
    assertEquals(List.of(), after("daemon", ""));
  }

  @Test
  void namesOfWhatThereIs() throws IOException {
    assertEquals(List.of("self", "one", "two"), after("node", "inspect", ""));
    assertEquals(List.of("two"), after("node", "promote", "t"));
    assertEquals(List.of("shop_web", "web"), after("service", "logs", "-f", ""));
    assertEquals(List.of("web="), after("service", "scale", "w"));
    assertEquals(List.of("key"), after("secret", "rm", ""));
    assertEquals(List.of("motd"), after("config", "inspect", ""));
    assertEquals(List.of("front", "ingress"), after("network", "rm", ""));
    assertEquals(List.of("shop"), after("stack", "ps", ""));
    assertEquals(List.of(), after("secret", "create", ""), "that one is yet to be named");
    assertEquals(List.of("key"), after("service", "create", "--secret", ""));
    assertEquals(List.of("front"), after("service", "update", "--network-add", "f"));
    assertEquals(List.of("--config=motd"), after("service", "create", "--config=m"));
  }

  @Test
  void valuesOfFlagsAndOperands() throws IOException {
    assertEquals(
        List.of("active", "pause", "drain"), after("node", "update", "--availability", ""));
    assertEquals(
        List.of("--mode=global", "--mode=global-job"), after("service", "create", "--mode=g"));
    assertEquals(List.of("on-failure"), after("service", "create", "--restart-condition", "on"));
    assertEquals(
        List.of("start-first", "stop-first"), after("service", "update", "--update-order", ""));
    assertEquals(List.of("worker", "manager"), after("join-token", ""));
    assertEquals(List.of("bash", "zsh", "fish"), after("completion", ""));
    List<String> flags = after("service", "create", "--re");
    assertTrue(flags.contains("--replicas") && flags.contains("--restart-delay"), flags::toString);
    assertEquals(List.of(), after("service", "create", "--name", ""));
  }

  @Test
  void aDaemonThatIsAwaySuggestsNothing() throws IOException {
    Outcome outcome =
        new CommandRun(folder, request -> FakeDaemon.error(503, "not a manager"))
            .run("__complete", "node", "rm", "o");
    assertEquals("", outcome.out());
    assertEquals("", outcome.err());
  }

  @Test
  void bashTakesTheAnswers() throws IOException, InterruptedException {
    String script = script("bash");
    assertEquals("drain|", complete(script, "swarm node update --availability ", "", "drain"));
    assertEquals(
        "global|global-job|",
        complete(
            script, "swarm service create --mode=gl", "gl", "--mode=global\\n--mode=global-job"));
    assertEquals("global|", complete(script, "swarm service create --mode=", "=", "--mode=global"));
  }

  @Test
  void scriptsAskThisProgram() throws IOException {
    for (String shell : List.of("bash", "zsh", "fish")) {
      String script = script(shell);
      assertTrue(script.contains("__complete"), script);
      assertFalse(script.contains("YOUR_APP"), script);
    }
    assertEquals(1, new CommandRun(folder, r -> "").run("completion", "csh").code());
  }

  private String script(String shell) throws IOException {
    return new CommandRun(folder, request -> "").run("completion", shell).out();
  }

  /** What bash would offer for {@code line}, whose last word in bash's eyes is {@code last}. */
  private String complete(String script, String line, String last, String answer)
      throws IOException, InterruptedException {
    Path file =
        Files.writeString(
            folder.resolve("completion.bash"),
            script
                + "\nswarm() { [[ $1 == __complete ]] && printf -- '"
                + answer
                + "\\n'; }\ncompopt() { :; }\n"
                + "COMP_LINE='"
                + line
                + "' COMP_POINT="
                + line.length()
                + " COMP_CWORD=0 COMP_WORDS=('"
                + last
                + "')\n_swarm\nprintf '%s|' \"${COMPREPLY[@]}\"\n");
    Process bash = new ProcessBuilder("bash", file.toString()).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), said);
    return said;
  }
}
