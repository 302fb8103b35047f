package dev.swarm.cli.daemon;

import dev.swarm.cli.command.Help;
import dev.swarm.cli.command.flag.Flag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Runs a command of the node's half of the program, whose help looks as that of the others. */
final class NodeCommand {
  private static final int USAGE_ERROR = 125;

  private NodeCommand() {}

  static int run(Object command, String[] arguments) {
    CommandLine line = new CommandLine(command);
    CommandSpec spec = line.getCommandSpec();
    if (Arrays.stream(arguments).anyMatch(word -> word.equals("--help") || word.equals("-h"))) {
      System.out.print(page(spec));
      return 0;
    }
    line.setParameterExceptionHandler(
        (wrong, words) -> {
          System.err.print(
              "swarm: "
                  + wrong.getMessage()
                  + "\n\nUsage:  "
                  + usage(spec)
                  + "\n\nRun '"
                  + spec.name()
                  + " --help' for more information\n");
          return USAGE_ERROR;
        });
    return line.execute(arguments);
  }

  private static String usage(CommandSpec spec) {
    return spec.name() + " [OPTIONS]";
  }

  static String page(CommandSpec spec) {
    List<Flag> flags = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        flags.add(flag(option));
      }
    }
    return Help.page(usage(spec), String.join("\n", spec.usageMessage().description()), flags);
  }

  private static Flag flag(OptionSpec option) {
    String name = option.longestName().substring("--".length());
    String help = String.join(" ", option.description());
    String label = option.arity().max() == 0 ? "" : option.paramLabel();
    Flag flag = label.isEmpty() ? Flag.toggle(name, help) : Flag.value(name, label, help);
    String shortest = option.shortestName();
    return shortest.startsWith("--") ? flag : flag.or(shortest.charAt(1));
  }
}
