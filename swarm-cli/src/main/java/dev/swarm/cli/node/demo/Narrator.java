package dev.swarm.cli.node.demo;

import java.io.PrintStream;

/**
 * Tells the story in the form of a shell session: narration as comments, then each command behind
 * the name of the node it is typed on. Colours only mark what the plain text says as well. Safe for
 * use by many threads.
 */
public final class Narrator {
  private static final String NARRATION = "\u001b[1;36m";
  private static final String COMMAND = "\u001b[1m";
  private static final String TROUBLE = "\u001b[1;31m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintStream out;
  private final boolean colours;
  private boolean muted;

  public Narrator(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /** A new step of the story, in a sentence or two. */
  void tell(String... lines) {
    StringBuilder text = new StringBuilder("\n");
    for (String line : lines) {
      text.append(styled(NARRATION, "# " + line)).append('\n');
    }
    print(text.toString());
  }

  /** The command that runs next, as it would be typed on {@code node}. */
  void command(String node, String line) {
    print("\n" + styled(COMMAND, node + " $ " + line) + "\n");
  }

  /** A line of what happens. */
  void line(String text) {
    print(text + "\n");
  }

  /** Why the story ends early. */
  void trouble(String text) {
    print("\n" + styled(TROUBLE, text) + "\n");
  }

  private String styled(String style, String text) {
    return colours ? style + text + PLAIN : text;
  }

  private synchronized void print(String text) {
    if (!muted) {
      out.print(text);
      out.flush();
    }
  }

  /** Says one last thing; what other threads still have to say is noise by then. */
  synchronized void lastWord(String text) {
    print(text);
    muted = true;
  }
}
