package dev.swarm.cli.client.command.flag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.terminal.Flag;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagsTest {
  private static final List<Flag> FLAGS =
      List.of(
          Flag.toggle("detach", "").or('d'),
          Flag.toggle("quiet", "").or('q'),
          Flag.value("name", "string", ""),
          Flag.list("env", "list", "").or('e'));

  private static CommandLineParser.Parsed parse(boolean flagsFirst, String... words) {
    return CommandLineParser.parse(FLAGS, flagsFirst, List.of(words));
  }

  @Test
  void readsEverySpelling() {
    CommandLineParser.Parsed parsed =
        parse(
            false,
            "-dq",
            "a",
            "--name",
            "x",
            "-eA=1",
            "-e",
            "B=2",
            "--env=C=3",
            "-e=D=4",
            "b",
            "--name=y");
    assertTrue(parsed.flags().on("detach") && parsed.flags().on("quiet"));
    assertEquals("y", parsed.flags().text("name"));
    assertEquals(List.of("A=1", "B=2", "C=3", "D=4"), parsed.flags().all("env"));
    assertEquals(List.of("a", "b"), parsed.operands());
  }

  @Test
  void stopsAtTheFirstOperandWhenItMust() {
    CommandLineParser.Parsed parsed = parse(true, "-d", "nginx", "-q", "--", "--name", "x");
    assertEquals(List.of("nginx", "-q", "--", "--name", "x"), parsed.operands());
    assertFalse(parsed.flags().has("quiet"));
  }

  @Test
  void twoDashesEndTheFlags() {
    assertEquals(List.of("-d", "-"), parse(false, "--", "-d", "-").operands());
    assertEquals(List.of("-"), parse(false, "-").operands());
  }

  @Test
  void aValueMayLookLikeAFlag() {
    assertEquals("-d", parse(false, "--name", "-d").flags().text("name"));
    assertEquals("", parse(false, "--name=").flags().text("name"));
  }

  @Test
  void switchesTakeTruthValues() {
    CommandLineParser.Parsed parsed = parse(false, "--detach=false", "-q=1");
    assertTrue(parsed.flags().has("detach"));
    assertFalse(parsed.flags().on("detach"));
    assertTrue(parsed.flags().on("quiet"));
  }

  @Test
  void asksForHelp() {
    assertTrue(parse(false, "x", "--help").help());
    assertTrue(parse(false, "-h").help());
    assertFalse(parse(true, "x", "--help").help());
  }

  @ParameterizedTest
  @CsvSource({
    "--foo=1, unknown flag: --foo",
    "-dx, unknown flag: -x in -dx",
    "--name, --name needs a value",
    "-e, --env needs a value",
    "--detach=maybe, '--detach takes true or false, not \"maybe\"'"
  })
  void saysWhatIsWrong(String word, String message) {
    UsageError e = assertThrows(UsageError.class, () -> parse(false, word));
    assertEquals(message, e.getMessage());
    assertEquals(125, e.exitCode());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0", "1s, 1000000000", "1h30m, 5400000000000", "1.5s, 1500000000", "300ms, 300000000",
    "2us, 2000", "7ns, 7", "-1s, -1000000000", ".5s, 500000000", "1m0.5s, 60500000000"
  })
  void readsDurations(String text, long nanos) {
    assertEquals(nanos, Durations.parseNanos(text));
  }

  @ParameterizedTest
  @CsvSource({"''", "1", "s", "1x", "1.2.3s", "--1s", "9999999999h", "1s 2s", "."})
  void refusesOtherDurations(String text) {
    assertThrows(IllegalArgumentException.class, () -> Durations.parseNanos(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "1k, 1024",
    "64m, 67108864",
    "1.5GiB, 1610612736",
    "2 gb, 2147483648",
    "1T, 1099511627776"
  })
  void readsBytes(String text, long bytes) {
    assertEquals(bytes, Numbers.bytes(text));
  }

  @ParameterizedTest
  @CsvSource({"''", "m", "-1", "1x", "1.2.3m", "99999p"})
  void refusesOtherBytes(String text) {
    assertThrows(IllegalArgumentException.class, () -> Numbers.bytes(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 | a whole number from 0, not \"-1\"",
        "1.5 | a whole number from 0, not \"1.5\"",
        "'' | a whole number from 0, not \"\"",
        "99999999999999999999 | a whole number from 0 below 2^63, not \"99999999999999999999\""
      })
  void saysWhatCountsAre(String text, String message) {
    assertEquals(message, assertThrows(Unexpected.class, () -> Numbers.uint(text)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 | a duration with its unit, such as 5s or 5m, not \"5\"",
        "soon | a duration such as 1h30m, 10s or 300ms (ns, us, ms, s, m, h), not \"soon\"",
        "-5s | a duration from 0, not \"-5s\""
      })
  void saysWhatDurationsAre(String text, String message) {
    assertEquals(
        message,
        assertThrows(Unexpected.class, () -> Durations.parsePositiveNanos(text)).getMessage());
  }

  @Test
  void saysWhatSizesAndSharesAre() {
    String said =
        String.valueOf(assertThrows(Unexpected.class, () -> Numbers.bytes("abc")).getMessage());
    assertTrue(said.startsWith("a size such as 512m or 2g"), said);
    assertEquals(
        "a number of CPUs such as 1.5, not \"abc\"",
        assertThrows(Unexpected.class, () -> Numbers.nanoCpus("abc")).getMessage());
    assertEquals(
        "a share such as 0.25, not \"x\"",
        assertThrows(Unexpected.class, () -> Numbers.ratio("x")).getMessage());
  }

  @Test
  void readsNumbers() {
    assertEquals(500_000_000, Numbers.nanoCpus("0.5"));
    assertThrows(IllegalArgumentException.class, () -> Numbers.nanoCpus("0.0000000001"));
    assertThrows(IllegalArgumentException.class, () -> Numbers.nanoCpus("one"));
    assertEquals(31, Numbers.uint("0x1f"));
    assertEquals(8, Numbers.uint("010"));
    assertThrows(IllegalArgumentException.class, () -> Numbers.uint("-1"));
    assertThrows(IllegalArgumentException.class, () -> Numbers.uint("99999999999999999999"));
    assertThrows(IllegalArgumentException.class, () -> Numbers.ratio("x"));
  }

  @Test
  void splitsWords() {
    assertEquals(
        List.of("a", "b c", "d\"e", "", "f\\g"),
        Words.shell("a 'b c' d\\\"e \"\" \"f\\\\g\" # rest"));
    assertThrows(IllegalArgumentException.class, () -> Words.shell("'open"));
    assertEquals(List.of("a", "b,c", "d\"e", ""), Words.csv("a,\"b,c\",\"d\"\"e\","));
    assertThrows(IllegalArgumentException.class, () -> Words.csv("\"open"));
  }
}
