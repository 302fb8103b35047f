package dev.swarm.cli.client.render;

import java.util.ArrayList;
import java.util.List;

/**
 * Sets lines of tab-separated cells in columns. A cell that a tab ends is padded to the widest of
 * the cells above and below it that a tab ends too; the last cell of a line never is.
 */
public final class Table {
  /** The least a column takes, its gap included. */
  static final int COLUMN_WIDTH_MIN = 10;

  /** Spaces between the widest cell and the next column. */
  static final int GAP = 3;

  private Table() {}

  /** Sets {@code text}, whose lines end in a line feed. */
  public static String align(String text) {
    List<List<String>> rows = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      rows.add(List.of(line.split("\t", -1)));
    }
    int[][] widths = widths(rows);
    StringBuilder out = new StringBuilder(text.length() * 2);
    for (int row = 0; row < rows.size(); row++) {
      List<String> cells = rows.get(row);
      for (int column = 0; column < cells.size() - 1; column++) {
        String cell = cells.get(column);
        out.append(cell).repeat(' ', widths[row][column] - Width.of(cell));
      }
      out.append(cells.getLast());
      if (row < rows.size() - 1) {
        out.append('\n');
      }
    }
    return out.toString();
  }

  private static int[][] widths(List<List<String>> rows) {
    int[][] widths = new int[rows.size()][];
    int columns = 0;
    for (int row = 0; row < rows.size(); row++) {
      widths[row] = new int[rows.get(row).size() - 1];
      columns = Math.max(columns, widths[row].length);
    }
    for (int column = 0; column < columns; column++) {
      for (int from = 0; from < rows.size(); ) {
        int end = from;
        int width = COLUMN_WIDTH_MIN;
        while (end < rows.size() && widths[end].length > column) {
          width = Math.max(width, Width.of(rows.get(end).get(column)) + GAP);
          end++;
        }
        for (int row = from; row < end; row++) {
          widths[row][column] = width;
        }
        from = Math.max(end, from + 1);
      }
    }
    return widths;
  }
}
