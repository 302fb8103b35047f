package dev.swarm.cli.client.command.flag;

/** A value of the wrong kind, with the kind that is wanted. */
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
