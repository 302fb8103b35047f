package dev.swarm.core.spec;

/** Numbers of things as the wire has them, without a sign, and as they are reckoned with. */
public final class Counts {
  private Counts() {}

  /** The number, or the largest that there is room for. */
  public static int of(long unsigned) {
    return unsigned < 0 || unsigned > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) unsigned;
  }
}
