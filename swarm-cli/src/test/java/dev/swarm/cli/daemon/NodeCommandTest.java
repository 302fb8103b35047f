package dev.swarm.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The help of the node's commands looks as that of the client's. */
class NodeCommandTest {
  @Test
  void theDaemonsHelpIsAPageLikeTheOthers() {
    String page = NodeCommand.page(new CommandLine(new DaemonCommand()).getCommandSpec());
    assertTrue(page.startsWith("Usage:  swarm daemon [OPTIONS]\n\nRun a node of a swarm"), page);
    assertTrue(
        page.contains("      --data-dir DIR  ") && page.contains("(default: /var/lib/swarm)"),
        page);
    assertTrue(page.contains("  -H, --host URL  "), page);
    assertTrue(page.contains("      --tlsverify  "), page);
    assertFalse(page.contains("${"), page);
    // No line is broken, least of all within a word: the terminal does that better.
    page.lines().skip(6).forEach(line -> assertTrue(line.isEmpty() || line.matches(" +-.*"), line));
  }

  @Test
  void theDemosHelpIs() {
    String page = NodeCommand.page(new CommandLine(new DemoCommand()).getCommandSpec());
    assertTrue(page.startsWith("Usage:  swarm demo [OPTIONS]\n\nStart a swarm"), page);
    assertTrue(page.contains("      --keep "), page);
  }
}
