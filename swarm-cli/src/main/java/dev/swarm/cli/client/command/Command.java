package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/**
 * One command of the client.
 *
 * @param path its words, {@code node ls}
 * @param operands how the usage line shows them
 * @param least how many operands it needs
 * @param most how many it takes
 * @param flagsFirst whether everything after the first operand is an operand, flags included
 */
public record Command(
    String path,
    String operands,
    int least,
    int most,
    String summary,
    List<Flag> flags,
    boolean flagsFirst,
    Action action) {
  static final int ANY = Integer.MAX_VALUE;

  /** What it does; returns the exit code. */
  public interface Action {
    int run(Context context, Flags flags, List<String> operands) throws IOException;
  }

  static Command of(
      String path,
      String operands,
      int least,
      int most,
      String summary,
      List<Flag> flags,
      Action action) {
    return new Command(path, operands, least, most, summary, flags, false, action);
  }

  Command withFlagsFirst() {
    return new Command(path, operands, least, most, summary, flags, true, action);
  }

  String usage() {
    return ("swarm " + path + (flags.isEmpty() ? "" : " [OPTIONS]") + " " + operands).strip();
  }
}
