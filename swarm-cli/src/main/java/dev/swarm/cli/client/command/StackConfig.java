package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.client.command.stack.Project;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code swarm stack config}: the files as one. */
final class StackConfig {
  private StackConfig() {}

  static Command command() {
    return Command.of(
        "stack config",
        "",
        0,
        0,
        "Output the final config file, after doing merges and interpolations",
        List.of(
            filesFlag(),
            Flag.toggle("skip-interpolation", "Skip interpolation and output only merged config")),
        StackConfig::run);
  }

  static Flag filesFlag() {
    return Flag.list("compose-file", "file", "Path to a Compose file, or \"-\" to read from stdin")
        .or('c');
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    context.print(load(context, flags, !flags.on("skip-interpolation")).yaml());
    return 0;
  }

  /** The files that {@code -c} names. */
  static Project load(Context context, Flags flags, boolean interpolate) throws IOException {
    List<String> files = new ArrayList<>();
    flags.values("compose-file", Words::csv).forEach(files::addAll);
    if (files.isEmpty()) {
      throw UsageError.conflict("specify a Compose file (with --compose-file)");
    }
    Context.Surroundings surroundings = context.surroundings();
    return Project.load(files, surroundings.in(), surroundings.environment(), interpolate);
  }
}
