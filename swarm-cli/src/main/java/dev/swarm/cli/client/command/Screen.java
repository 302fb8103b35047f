package dev.swarm.cli.client.command;

import dev.swarm.cli.client.render.ProgressView.Line;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows lines that change: redrawn in place on a terminal, else each change as one more line. */
final class Screen {
  /** Where lines are shown. */
  enum Kind {
    TERMINAL,
    PLAIN,
    SILENT
  }

  private static final int BAR_WIDTH = 50;

  private final PrintStream out;
  private final Kind kind;
  private final Sheet sheet;
  private final String prefix;
  private final Map<String, Integer> countdowns = new HashMap<>();

  /** What is to be seen, of all parts. */
  private static final class Sheet {
    private final Map<String, String> shown = new LinkedHashMap<>();
    private int drawn;
  }

  Screen(PrintStream out, Kind kind) {
    this(out, kind, new Sheet(), "");
  }

  private Screen(PrintStream out, Kind kind, Sheet sheet, String prefix) {
    this.out = out;
    this.kind = kind;
    this.sheet = sheet;
    this.prefix = prefix;
  }

  /** A part of this screen whose lines begin with {@code name}. */
  Screen of(String name) {
    return new Screen(out, kind, sheet, name + " ");
  }

  void show(List<Line> lines) {
    switch (kind) {
      case SILENT -> {}
      case PLAIN -> lines.forEach(this::append);
      case TERMINAL -> redraw(lines);
    }
    out.flush();
  }

  void show(Line line) {
    show(List.of(line));
  }

  /** A line that only counts down: without a terminal its first value is enough. */
  void countdown(Line line, int value) {
    if (kind == Kind.PLAIN && countdowns.getOrDefault(line.id(), 0) >= value) {
      return;
    }
    countdowns.put(line.id(), value);
    show(line);
  }

  /** The next countdown of {@code id} is a new one. */
  void restart(String id) {
    countdowns.remove(id);
  }

  private void append(Line line) {
    String id = prefix + line.id();
    String text = line.text().isBlank() ? "" : id + ": " + line.text().strip();
    if (!text.isEmpty() && !text.equals(sheet.shown.put(id, text))) {
      out.print(text + "\n");
    }
  }

  private void redraw(List<Line> lines) {
    boolean changed = false;
    for (Line line : lines) {
      String id = prefix + line.id();
      String text = id + ": " + line.text() + bar(line);
      changed |= !text.equals(sheet.shown.put(id, text));
    }
    if (!changed) {
      return;
    }
    StringBuilder frame = new StringBuilder();
    if (sheet.drawn > 0) {
      frame.append("\u001b[").append(sheet.drawn).append('A');
    }
    for (String text : new ArrayList<>(sheet.shown.values())) {
      frame.append("\r\u001b[2K").append(text).append('\n');
    }
    sheet.drawn = sheet.shown.size();
    out.print(frame);
  }

  private static String bar(Line line) {
    if (line.barTotal() == 0) {
      return "";
    }
    int filled = line.bar() * BAR_WIDTH / line.barTotal();
    return " [" + "=".repeat(filled) + ">" + " ".repeat(BAR_WIDTH - filled) + "]";
  }
}
