package dev.swarm.cli.client.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "PT0.4S, Less than a second",
    "PT1.9S, 1 second",
    "PT32S, 32 seconds",
    "PT60S, About a minute",
    "PT119S, About a minute",
    "PT2M, 2 minutes",
    "PT59M59S, 59 minutes",
    "PT60M, About an hour",
    "PT89M, About an hour",
    "PT90M, 2 hours",
    "PT47H, 47 hours",
    "PT48H, 2 days",
    "P13D, 13 days",
    "P14D, 2 weeks",
    "P59D, 8 weeks",
    "P60D, 2 months",
    "P729D, 24 months",
    "P730D, 2 years"
  })
  void saysDurationsAsPeopleDo(Duration duration, String words) {
    assertEquals(words, Units.human(duration));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0B",
    "1023, 1023B",
    "1024, 1KiB",
    "67108864, 64MiB",
    "2095874048, 1.952GiB",
    "1572864, 1.5MiB"
  })
  void saysSizes(long bytes, String words) {
    assertEquals(words, Units.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "4, 4ns",
    "1500, 1.5µs",
    "300000000, 300ms",
    "1500000000, 1.5s",
    "90000000000, 1m30s",
    "7776000000000000, 2160h0m0s",
    "-1000000000, -1s"
  })
  void writesDurationsAsGoDoes(long nanos, String text) {
    assertEquals(text, Units.goDuration(nanos));
  }

  @Test
  void ordersDigitsAsNumbers() {
    List<String> sorted =
        List.of("node-10", "node-2", "node-02b", "node", "alpha").stream()
            .sorted(NaturalOrder.NATURAL)
            .toList();
    assertEquals(List.of("alpha", "node", "node-2", "node-02b", "node-10"), sorted);
  }

  @Test
  void cutsByColumnsNotCharacters() {
    assertEquals("short", Width.cut("short", 5));
    assertEquals("shor…", Width.cut("shorter", 5));
    assertEquals(10, Width.of("日本語のe\u0301"));
    assertTrue(Width.of(Width.cut("日本語日本語日本語", 8)) <= 8);
  }
}
