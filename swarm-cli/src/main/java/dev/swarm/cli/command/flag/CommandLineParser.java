package dev.swarm.cli.command.flag;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.ParserSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Splits the words after a command into flags and operands, by the rules Docker's users know. */
public final class CommandLineParser {
  /** @param help whether the user asked for the command's help instead */
  public record Parsed(Flags flags, List<String> operands, boolean help) {}

  private CommandLineParser() {}

  /**
   * @param flagsFirst whether everything after the first operand is an operand too
   * @throws UsageError for an unknown flag or one without its value
   */
  public static Parsed parse(List<Flag> flags, boolean flagsFirst, List<String> words) {
    CommandLine line = new CommandLine(spec("swarm", flags, flagsFirst));
    try {
      return parsed(flags, line.parseArgs(words.toArray(new String[0])));
    } catch (CommandLine.UnmatchedArgumentException e) {
      throw UsageError.flag(unknown(e.getUnmatched().getFirst()));
    } catch (CommandLine.MissingParameterException e) {
      throw UsageError.flag("flag needs an argument: " + missing(e));
    } catch (CommandLine.ParameterException e) {
      throw UsageError.flag(String.valueOf(e.getMessage()));
    }
  }

  /** The same flags as picocli sees them. */
  public static CommandSpec spec(String name, List<Flag> flags, boolean flagsFirst) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.parser(
        new ParserSpec()
            .stopAtPositional(flagsFirst)
            .overwrittenOptionsAllowed(true)
            .allowOptionsAsOptionParameters(true)
            .trimQuotes(false)
            .caseInsensitiveEnumValuesAllowed(false)
            .unmatchedOptionsArePositionalParams(false));
    for (Flag flag : flags) {
      spec.addOption(option(flag));
    }
    if (flags.stream().noneMatch(f -> f.name().equals("help"))) {
      String[] names =
          flags.stream().anyMatch(f -> f.letter() == 'h')
              ? new String[] {"--help"}
              : new String[] {"-h", "--help"};
      spec.addOption(OptionSpec.builder(names).usageHelp(true).arity("0").type(boolean.class).build());
    }
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("OPERAND")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .index("0..*")
            .arity("0..*")
            .build());
    return spec;
  }

  private static OptionSpec option(Flag flag) {
    String[] names =
        flag.letter() == '\0'
            ? new String[] {"--" + flag.name()}
            : new String[] {"-" + flag.letter(), "--" + flag.name()};
    OptionSpec.Builder option = OptionSpec.builder(names).description(flag.help().replace("%", "%%"));
    switch (flag.kind()) {
      case SWITCH -> option.type(boolean.class).arity("0");
      case VALUE -> option.type(String.class).arity("1").paramLabel(flag.label());
      case LIST ->
          option
              .type(List.class)
              .auxiliaryTypes(String.class)
              .arity("1")
              .paramLabel(flag.label());
    }
    return option.build();
  }

  private static Parsed parsed(List<Flag> flags, CommandLine.ParseResult result) {
    Map<String, Flag> declared = LinkedHashMap.newLinkedHashMap(flags.size());
    Map<String, List<String>> given = new HashMap<>();
    for (Flag flag : flags) {
      declared.put(flag.name(), flag);
      OptionSpec option = result.matchedOption("--" + flag.name());
      if (option != null) {
        given.put(flag.name(), values(flag, option));
      }
    }
    List<String> operands = new ArrayList<>();
    if (result.hasMatchedPositional(0)) {
      List<String> values = result.matchedPositionalValue(0, List.of());
      operands.addAll(values);
    }
    return new Parsed(new Flags(declared, given), List.copyOf(operands), result.isUsageHelpRequested());
  }

  private static List<String> values(Flag flag, OptionSpec option) {
    return switch (flag.kind()) {
      case SWITCH -> List.of(String.valueOf((Object) option.getValue()));
      case VALUE -> List.of(String.valueOf((Object) option.getValue()));
      case LIST -> {
        List<String> values = option.getValue();
        yield List.copyOf(values);
      }
    };
  }

  private static String unknown(String word) {
    if (word.startsWith("--")) {
      int equals = word.indexOf('=');
      return "unknown flag: " + (equals < 0 ? word : word.substring(0, equals));
    }
    return word.length() > 1 && word.startsWith("-")
        ? "unknown shorthand flag: '" + word.charAt(1) + "' in " + word
        : "unexpected argument: " + word;
  }

  private static String missing(CommandLine.MissingParameterException e) {
    return e.getMissing().isEmpty()
        ? String.valueOf(e.getMessage())
        : e.getMissing().getFirst() instanceof OptionSpec option
            ? option.longestName()
            : e.getMissing().getFirst().paramLabel();
  }
}
