package dev.swarm.cli.terminal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Layout of help pages, the same for every command of the program. */
public final class HelpPage {
  private HelpPage() {}

  /** The page of one command. */
  public static String of(String usage, String summary, List<Flag> all) {
    StringBuilder page = new StringBuilder("Usage:  " + usage + "\n\n");
    page.append(summary).append('\n');
    List<Flag> flags = new ArrayList<>(all);
    flags.sort(Comparator.comparing(Flag::name));
    if (!flags.isEmpty()) {
      page.append("\nOptions:\n");
      columns(page, flags.stream().map(HelpPage::row).toList());
    }
    return page.toString();
  }

  private static String[] row(Flag flag) {
    String letter = flag.letter() == '\0' ? "    " : "-" + flag.letter() + ", ";
    String label = flag.label().isEmpty() ? "" : " " + flag.label();
    return new String[] {letter + "--" + flag.name() + label, flag.help()};
  }

  /** Two columns, the second after the widest of the first. */
  public static void columns(StringBuilder page, List<String[]> rows) {
    int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    for (String[] row : rows) {
      page.append("  ").append(row[0]).repeat(' ', width - row[0].length() + 3);
      page.append(row[1]).append('\n');
    }
  }
}
