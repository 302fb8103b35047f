package dev.swarm.core.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PrintableProperties {
  @Property
  void nothingThatATerminalObeysIsLeft(@ForAll String text) {
    String shown = Printable.of(text);
    assertTrue(shown.chars().noneMatch(Character::isISOControl), shown);
    assertTrue(
        shown
            .chars()
            .map(Character::getType)
            .noneMatch(
                type -> type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR));
    assertSame(shown, Printable.of(shown), "what is printable stays as it is");
  }

  @Example
  void colourTitlesAndForgedLinesAreSpelledOut() {
    assertEquals("\\x1b[31mred\\x1b[0m", Printable.of("\u001b[31mred\u001b[0m"));
    assertEquals("ok\\r\\n2026 INFO forged", Printable.of("ok\r\n2026 INFO forged"));
    assertEquals("gpj.\\u202eexe \\x9b", Printable.of("gpj.\u202eexe \u009b"));
    assertEquals("Grüße, 世界 👍", Printable.of("Grüße, 世界 👍"));
    assertEquals("one\n\ttwo\\x07", Printable.lines("one\n\ttwo\u0007"));
  }
}
