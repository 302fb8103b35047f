package dev.swarm.cli.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a program left behind.
 *
 * @param command the words it was started with, for messages
 * @param code its exit code
 */
public record Output(String command, int code, String out, String err) {

  /** Its standard output, after checking that it succeeded. */
  public String ok() {
    assertEquals(0, code, this::toString);
    return out;
  }

  /** {@link #ok} without the white space around it. */
  public String line() {
    return ok().strip();
  }

  /** {@link #ok} as the table it is. */
  public Table table() {
    return Table.parse(ok());
  }

  /** Checks that it refused with exit code 1 and one line of error that has all these words. */
  public void refused(String... words) {
    assertEquals(1, code, this::toString);
    assertEquals(1, err.strip().lines().count(), this::toString);
    for (String word : words) {
      assertTrue(err.contains(word), () -> "no \"" + word + "\" in " + this);
    }
  }

  /** Checks that it did not understand its own command line, which ends with docker's code. */
  public void misused(String... words) {
    assertEquals(125, code, this::toString);
    for (String word : words) {
      assertTrue(err.contains(word), () -> "no \"" + word + "\" in " + this);
    }
  }

  public boolean succeeded() {
    return code == 0;
  }

  @Override
  public String toString() {
    return "$ " + command + "  (exit code " + code + ")\n" + out + err;
  }
}
