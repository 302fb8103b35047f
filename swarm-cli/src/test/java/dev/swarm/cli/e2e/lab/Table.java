package dev.swarm.cli.e2e.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table as the command line prints it: a line of heads, each column as wide as its widest cell.
 *
 * @param heads from left to right
 * @param rows each a map from head to cell, as tall as the table is
 */
public record Table(List<String> heads, List<Map<String, String>> rows) {
  private static final Pattern HEAD = Pattern.compile("\\S+(?: \\S+)*");

  static Table parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty()) {
      return new Table(List.of(), List.of());
    }
    List<String> heads = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    Matcher head = HEAD.matcher(lines.getFirst());
    while (head.find()) {
      heads.add(head.group());
      starts.add(head.start());
    }
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < heads.size(); i++) {
        int end = i + 1 < heads.size() ? starts.get(i + 1) : line.length();
        row.put(heads.get(i), cut(line, starts.get(i), end));
      }
      rows.add(row);
    }
    return new Table(heads, rows);
  }

  private static String cut(String line, int start, int end) {
    return start >= line.length()
        ? ""
        : line.substring(start, Math.min(end, line.length())).strip();
  }

  /** Cells of one column from top to bottom. */
  public List<String> column(String head) {
    return rows.stream().map(row -> row.getOrDefault(head, "")).toList();
  }

  /** The first row whose cell under {@code head} is {@code cell}. */
  public Map<String, String> row(String head, String cell) {
    return rows.stream()
        .filter(row -> cell.equals(row.get(head)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + head + " " + cell + " in " + rows));
  }

  /** The cell under {@code wanted} in the row whose cell under {@code head} is {@code cell}. */
  public String cell(String head, String cell, String wanted) {
    return row(head, cell).getOrDefault(wanted, "");
  }
}
