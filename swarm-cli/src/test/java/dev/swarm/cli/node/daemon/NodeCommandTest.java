package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.client.command.NodeCommands;
import dev.swarm.cli.terminal.Flag;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The help of the node's commands looks as that of the client's. */
class NodeCommandTest {
  @Test
  void theDaemonsHelpIsAPageLikeTheOthers() {
    String page = NodeCommand.page(new CommandLine(new DaemonCommand()).getCommandSpec());
    assertTrue(page.startsWith("Usage:  swarm daemon [OPTIONS]\n\nRun a node of a swarm"), page);
    assertTrue(
        page.contains("      --data-dir DIR  ") && page.contains("(default /var/lib/swarm)"), page);
    assertTrue(page.contains("  -H, --host URL  "), page);
    assertTrue(page.contains("      --tlsverify  "), page);
    assertFalse(page.contains("${"), page);
    // No line is broken, least of all within a word: the terminal does that better.
    page.lines().skip(6).forEach(line -> assertTrue(line.isEmpty() || line.matches(" +-.*"), line));
  }

  @ParameterizedTest
  @CsvSource({
    "bogus, 1, 'swarm: ''swarm daemon'' accepts no arguments: \"bogus\"'",
    "--bogus=1, 125, swarm: unknown flag: --bogus",
    "-x, 125, swarm: unknown flag: -x",
    "--data-dir, 125, swarm: --data-dir needs a value",
    "--log-level=loud, 125, 'swarm: --log-level is debug, info, warn or error, not loud'"
  })
  void whatIsWrongIsSaidAsTheClientSaysIt(String word, int code, String message) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertEquals(code, NodeCommand.run(new DaemonCommand(), new String[] {word}));
    } finally {
      System.setErr(before);
    }
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith(message + "\n"), err::toString);
  }

  @Test
  void theClientKnowsTheFlagsOfTheNodesHalf() {
    assertEquals(flags(new DaemonCommand()), known("daemon"));
    assertEquals(flags(new DemoCommand()), known("demo"));
  }

  private static Set<String> flags(Object command) {
    Set<String> flags = new TreeSet<>();
    for (OptionSpec option : new CommandLine(command).getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        flags.add(
            String.join(" ", new TreeSet<>(List.of(option.names())))
                + (option.arity().max() == 0 ? "" : " " + option.paramLabel()));
      }
    }
    return flags;
  }

  private static Set<String> known(String command) {
    Set<String> flags = new TreeSet<>();
    for (Flag flag : NodeCommands.find(command).orElseThrow().flags()) {
      String letter = flag.letter() == '\0' ? "" : " -" + flag.letter();
      Set<String> names = new TreeSet<>(List.of(("--" + flag.name() + letter).split(" ")));
      flags.add(String.join(" ", names) + (flag.label().isEmpty() ? "" : " " + flag.label()));
    }
    return flags;
  }

  @Test
  void theDemosHelpIs() {
    String page = NodeCommand.page(new CommandLine(new DemoCommand()).getCommandSpec());
    assertTrue(page.startsWith("Usage:  swarm demo [OPTIONS]\n\nStart a swarm"), page);
    assertTrue(page.contains("      --keep "), page);
  }
}
