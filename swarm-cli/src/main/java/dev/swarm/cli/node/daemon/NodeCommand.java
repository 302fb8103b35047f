package dev.swarm.cli.node.daemon;

import dev.swarm.cli.terminal.ExitCode;
import dev.swarm.cli.terminal.Flag;
import dev.swarm.cli.terminal.HelpPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs a command of the node's half of the program, whose help looks as that of the others. */
final class NodeCommand {
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
                  + sentence(wrong, spec)
                  + "\n\nUsage:  "
                  + usage(spec)
                  + "\n\nRun '"
                  + spec.name()
                  + " --help' for more information\n");
          return isOperand(wrong) ? 1 : ExitCode.FLAGS;
        });
    return line.execute(arguments);
  }

  /** As the client's half says it. */
  static String sentence(ParameterException wrong, CommandSpec spec) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      return isOperand(wrong)
          ? "'" + spec.name() + "' accepts no arguments: \"" + word + "\""
          : "unknown flag: " + word.replaceFirst("=.*", "");
    }
    if (wrong instanceof MissingParameterException missing) {
      return name(missing.getMissing().getFirst()) + " needs a value";
    }
    return wrong.getArgSpec() == null || wrong.getValue() == null
        ? String.valueOf(wrong.getMessage())
        : name(wrong.getArgSpec()) + " does not take \"" + wrong.getValue() + "\"";
  }

  private static String name(ArgSpec flag) {
    return flag instanceof OptionSpec option ? option.longestName() : flag.paramLabel();
  }

  private static boolean isOperand(ParameterException wrong) {
    return wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().getFirst().startsWith("-");
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
    return HelpPage.of(usage(spec), String.join("\n", spec.usageMessage().description()), flags);
  }

  private static Flag flag(OptionSpec option) {
    String name = option.longestName().substring("--".length());
    String help = String.join(" ", option.description()).replace("(default: ", "(default ");
    String label = option.arity().max() == 0 ? "" : option.paramLabel();
    Flag flag = label.isEmpty() ? Flag.toggle(name, help) : Flag.value(name, label, help);
    String shortest = option.shortestName();
    return shortest.startsWith("--") ? flag : flag.or(shortest.charAt(1));
  }
}
