package dev.swarm.core.spec;

/** Converts counts, which the wire has without a sign, to numbers that Java can calculate with. */
public final class Counts {
  private Counts() {}

  /** The number, or the largest that there is room for. */
  public static int of(long unsigned) {
    return unsigned < 0 || unsigned > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) unsigned;
  }
}
