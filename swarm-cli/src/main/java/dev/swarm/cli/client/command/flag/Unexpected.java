package dev.swarm.cli.client.command.flag;

/** A value of another kind than the one wanted, and what is wanted instead. */
public final class Unexpected extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /**
   * @param wanted with its article, {@code a whole number from 0}
   * @param text what was there instead
   */
  public Unexpected(String wanted, String text) {
    super(wanted + ", not " + Words.quoted(text));
  }
}
