package dev.swarm.cli.client.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TableProperties {
  private static final int COLUMNS = 4;

  @Provide
  Arbitrary<List<List<String>>> rows() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .ofMaxLength(20)
        .list()
        .ofSize(COLUMNS)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  /** Whatever the cells, every column starts at one place and has a gap before it. */
  @Property(tries = 300)
  void columnsLineUp(@ForAll("rows") List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add(String.join("\t", row)));
    String[] aligned = Table.align(String.join("\n", lines) + "\n").split("\n", -1);
    int start = 0;
    for (int column = 0; column < COLUMNS; column++) {
      int widest = 0;
      for (int row = 0; row < rows.size(); row++) {
        String cell = rows.get(row).get(column);
        widest = Math.max(widest, cell.length());
        assertEquals(cell, aligned[row].substring(start, start + cell.length()));
      }
      start += Math.max(Table.COLUMN_WIDTH_MIN, widest + Table.GAP);
    }
  }

  @Example
  void theLastCellIsNotPaddedAndBlocksAreIndependent() {
    assertEquals(
        "a                 b\nlonger than ten   c\n", Table.align("a\tb\nlonger than ten\tc\n"));
    assertEquals("plain\nx         y\n", Table.align("plain\nx\ty\n"));
  }
}
