package dev.swarm.worker.engine.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Users that a node's processes run as. */
public sealed interface TaskUsers {

  /** As the daemon itself, which is not root and so can be nobody else. */
  record Own() implements TaskUsers {}

  /**
   * All as one user of the host, who may do to one task whatever another may.
   *
   * @param name as users of the swarm call it
   */
  record Shared(String name, TaskUser user) implements TaskUsers {}

  /**
   * Each as a user of its own, of those with the numbers {@code first} to {@code last}, which
   * belong to nobody else on the host. Its group has its user's number.
   */
  record Range(int first, int last) implements TaskUsers {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,9})-([1-9][0-9]{0,9})");

    public Range {
      if (first <= 0 || last < first) {
        throw new IllegalArgumentException(
            "a range of users goes from a number above 0 to one that is not less: "
                + first
                + "-"
                + last);
      }
    }

    /**
     * @param text {@code FIRST-LAST}
     * @throws IllegalArgumentException in a sentence, if it is not
     */
    public static Range parse(String text) {
      Matcher range = FORM.matcher(text);
      if (!range.matches()) {
        throw new IllegalArgumentException(
            "a range of users is written like 200000-265535, not " + text);
      }
      try {
        return new Range(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("there are no users with numbers as in " + text, e);
      }
    }

    boolean has(int uid) {
      return uid >= first && uid <= last;
    }
  }
}
