package dev.swarm.cli.command;

import dev.swarm.cli.command.flag.Flag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The help pages. */
public final class Help {
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
    columns(page, rows);
    page.append("\nOptions:\n");
    columns(
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
    columns(page, rows);
    return page.append(
            "\nRun 'swarm " + group + " COMMAND --help' for more information on a command.\n")
        .toString();
  }

  static String command(Command command) {
    return page(command.usage(), command.summary(), command.flags());
  }

  /** The page of one command. */
  public static String page(String usage, String summary, List<Flag> all) {
    StringBuilder page = new StringBuilder("Usage:  " + usage + "\n\n");
    page.append(summary).append('\n');
    List<Flag> flags = new ArrayList<>(all);
    flags.sort(Comparator.comparing(Flag::name));
    if (!flags.isEmpty()) {
      page.append("\nOptions:\n");
      columns(page, flags.stream().map(Help::row).toList());
    }
    return page.toString();
  }

  private static String[] row(Flag flag) {
    String letter = flag.letter() == '\0' ? "    " : "-" + flag.letter() + ", ";
    String label = flag.label().isEmpty() ? "" : " " + flag.label();
    return new String[] {letter + "--" + flag.name() + label, flag.help()};
  }

  private static void columns(StringBuilder page, List<String[]> rows) {
    int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    for (String[] row : rows) {
      page.append("  ").append(row[0]).repeat(' ', width - row[0].length() + 3);
      page.append(row[1]).append('\n');
    }
  }
}
