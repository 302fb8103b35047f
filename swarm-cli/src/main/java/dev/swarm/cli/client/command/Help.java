package dev.swarm.cli.client.command;

import dev.swarm.cli.terminal.HelpPage;
import java.util.ArrayList;
import java.util.List;

/** The help pages. */
final class Help {
  private Help() {}

  static String program() {
    StringBuilder page = new StringBuilder("Usage:  swarm [--host HOST] COMMAND\n\n");
    page.append("A cluster orchestrator for containers and processes\n\nCommands:\n");
    List<String[]> rows = new ArrayList<>();
    for (String path : Catalog.PATHS) {
      if (path.indexOf(' ') < 0) {
        rows.add(new String[] {path, Catalog.get(path).summary()});
      }
    }
    for (String path : List.of("daemon", "demo")) {
      rows.add(new String[] {path, NodeCommands.find(path).orElseThrow().summary()});
    }
    for (String group : Catalog.GROUPS) {
      rows.add(new String[] {group, "Manage " + group + "s"});
    }
    HelpPage.columns(page, rows);
    page.append("\nOptions:\n");
    HelpPage.columns(
        page,
        List.of(
            new String[] {
              "-H, --host string",
              "Daemon to talk to (unix:///path or tcp://host:port, or SWARM_HOST)"
            },
            new String[] {"-v, --version", "Print the version and quit"}));
    return page.append("\nRun 'swarm COMMAND --help' for more information on a command.\n")
        .toString();
  }

  static String group(String group) {
    StringBuilder page =
        new StringBuilder(
            "Usage:  swarm " + group + " COMMAND\n\nManage " + group + "s\n\nCommands:\n");
    List<String[]> rows = new ArrayList<>();
    for (String path : Catalog.PATHS) {
      if (path.startsWith(group + " ")) {
        rows.add(new String[] {path.substring(group.length() + 1), Catalog.get(path).summary()});
      }
    }
    HelpPage.columns(page, rows);
    return page.append(
            "\nRun 'swarm " + group + " COMMAND --help' for more information on a command.\n")
        .toString();
  }

  static String command(Command command) {
    return HelpPage.of(command.usage(), command.summary(), command.flags());
  }
}
