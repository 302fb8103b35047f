package dev.swarm.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** What is kept of texts that are too long. */
class ExcerptProperties {
  @Property
  void neverLongerThanAllowedAndWholeWhereItFits(
      @ForAll @StringLength(max = 400) String text,
      @ForAll @IntRange(min = 64, max = 500) int max) {
    String kept = Excerpt.of(text, max);
    assertTrue(bytes(kept) <= max, kept);
    if (bytes(text) <= max && kept.length() != text.length()) {
      // Half a pair may be counted as more than the one byte that replaces it.
      assertTrue(text.chars().anyMatch(c -> Character.isSurrogate((char) c)), kept);
    }
    assertEquals(kept, Excerpt.of(kept, max), "what was cut once is not cut again");
  }

  @Property
  void beginsAndEndsAsTheTextDoes(@ForAll @IntRange(min = 0, max = 3) int width) {
    String letter = new String[] {"a", "é", "€", "😀"}[width];
    String kept = Excerpt.of("first " + letter.repeat(5000) + " last", 300);
    assertTrue(kept.startsWith("first " + letter) && kept.endsWith(letter + " last"), kept);
    assertTrue(kept.contains(" bytes cut ...] "), kept);
    assertEquals(kept, new String(kept.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
