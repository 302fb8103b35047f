package dev.swarm.cli.client.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Asks the user before something is lost. */
final class Confirmation {
  private static final int ANSWER_LENGTH_MAX = 100;

  private Confirmation() {}

  /** Whether the user says yes; everything else, the end of the input too, is a no. */
  static boolean given(Context context, String question) throws IOException {
    context.print(question + " [y/N] ");
    String answer = line(context.surroundings().in()).strip().toLowerCase(Locale.ROOT);
    return answer.equals("y");
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c >= 0 && c != '\n' && line.length() < ANSWER_LENGTH_MAX) {
      line.append((char) c);
      c = in.read();
    }
    return line.toString();
  }
}
