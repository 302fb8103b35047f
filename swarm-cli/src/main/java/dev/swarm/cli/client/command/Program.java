package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.CommandLineParser;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.stack.ComposeError;
import dev.swarm.cli.http.ApiClient;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Endpoint;
import dev.swarm.cli.terminal.Flag;
import dev.swarm.core.port.Reason;
import dev.swarm.core.template.TemplateError;
import dev.swarm.core.text.Printable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the command that the arguments name, runs it and turns errors into one message. */
public final class Program {
  private static final String COMPLETE = "__complete";
  private static final Flag HOST = Flag.value("host", "string", "Daemon to talk to").or('H');

  private final Context.Surroundings surroundings;
  private String host;

  private Program(String host, Context.Surroundings surroundings) {
    this.host = host;
    this.surroundings = surroundings;
  }

  /**
   * Runs one command line.
   *
   * @param arguments without the program's name
   * @param host the daemon's address unless an argument says otherwise
   * @return the exit code: 0, 1 for what the daemon refused or could not do, 125 for a malformed
   *     flag
   */
  public static int run(List<String> arguments, String host, Context.Surroundings surroundings) {
    return new Program(host, surroundings).run(arguments);
  }

  private int run(List<String> arguments) {
    try {
      return dispatch(globals(arguments));
    } catch (UsageError e) {
      unknown(String.valueOf(e.getMessage()), "swarm");
      return e.exitCode();
    }
  }

  /**
   * @param helper whose help has more
   */
  private int unknown(String message, String helper) {
    surroundings
        .err()
        .print("swarm: " + message + "\n\nRun '" + helper + " --help' for more information\n");
    return 1;
  }

  /** Takes the program's own flags off the front. */
  private List<String> globals(List<String> arguments) {
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      String word = arguments.get(at);
      if (word.equals("-H") || word.equals("--host")) {
        if (at + 1 >= arguments.size()) {
          throw UsageError.flag("--host needs a value");
        }
        host = arguments.get(at + 1);
        at += 2;
      } else if (word.startsWith("--host=")) {
        host = word.substring("--host=".length());
        at++;
      } else if (word.startsWith("-H") && !word.startsWith("--")) {
        host = word.substring(word.startsWith("-H=") ? 3 : 2);
        at++;
      } else {
        break;
      }
    }
    return arguments.subList(at, arguments.size());
  }

  private int dispatch(List<String> words) {
    if (words.isEmpty() || isHelp(words.getFirst())) {
      surroundings.out().print(Help.program());
      return 0;
    }
    String first = words.getFirst();
    if (first.equals("--version") || first.equals("-v")) {
      surroundings.out().print("swarm version " + Version.CLIENT + "\n");
      return 0;
    }
    if (first.startsWith("-")) {
      throw UsageError.flag("unknown flag: " + first);
    }
    if (first.equals(COMPLETE)) {
      return complete(words.subList(1, words.size()));
    }
    boolean group = Catalog.GROUPS.contains(first);
    if (group && (words.size() == 1 || isHelp(words.get(1)))) {
      surroundings.out().print(Help.group(first));
      return 0;
    }
    String path = group ? first + " " + words.get(1) : first;
    Optional<Command> command = Catalog.find(path);
    if (command.isEmpty()) {
      if (group) {
        return unknown("unknown command: swarm " + path, "swarm " + first);
      }
      String hint = first.equals("swarm") ? ": it is 'swarm init', 'swarm join' and so on" : "";
      throw UsageError.conflict("unknown command: swarm " + path + hint);
    }
    return run(command.get(), words.subList(group ? 2 : 1, words.size()));
  }

  /** What completion scripts ask: a line for each word that could stand at the cursor. */
  private int complete(List<String> words) {
    List<String> rest = words.size() > 1 ? globals(words) : words;
    try (ApiClient api = new ApiClient(endpoint())) {
      for (String word : new Suggestions(api::get).of(rest)) {
        surroundings.out().print(word + "\n");
      }
    } catch (IOException e) {
      return 1;
    }
    return 0;
  }

  private static boolean isHelp(String word) {
    return word.equals("--help") || word.equals("-h") || word.equals("help");
  }

  private int run(Command command, List<String> words) {
    try {
      CommandLineParser.Parsed parsed =
          CommandLineParser.parse(flags(command), command.flagsFirst(), words);
      if (parsed.help()) {
        surroundings.out().print(Help.command(command));
        return 0;
      }
      if (!command.path().equals("service create") && parsed.flags().has("host")) {
        host = parsed.flags().text("host");
      }
      checkCount(command, parsed.operands().size());
      checkEmpty(command, parsed.operands());
      try (ApiClient api = new ApiClient(endpoint())) {
        return command
            .action()
            .run(new Context(api, surroundings), parsed.flags(), parsed.operands());
      }
    } catch (UsageError e) {
      report(command, e);
      return e.exitCode();
    } catch (TemplateError | ComposeError e) {
      surroundings.err().print(e.getMessage() + "\n");
      return 1;
    } catch (IOException e) {
      report(surroundings.err(), e);
      return 1;
    } catch (UncheckedIOException e) {
      surroundings.err().print(Printable.lines(String.valueOf(e.getMessage())) + "\n");
      return 1;
    }
  }

  /** A command without a {@code --host} of its own takes the program's after its name, too. */
  private static List<Flag> flags(Command command) {
    List<Flag> flags = new ArrayList<>(command.flags());
    for (Flag flag : flags) {
      if (flag.name().equals(HOST.name())) {
        return flags;
      }
    }
    flags.add(HOST);
    return flags;
  }

  private Endpoint endpoint() {
    try {
      return Endpoint.parse(host);
    } catch (IllegalArgumentException e) {
      throw UsageError.flag(String.valueOf(e.getMessage()));
    }
  }

  private static void checkCount(Command command, int count) {
    if (count >= command.least() && count <= command.most()) {
      return;
    }
    throw UsageError.conflict("'swarm " + command.path() + "' " + countRule(command));
  }

  /** An empty reference would ask for the list of all, or for the folder above. */
  private static void checkEmpty(Command command, List<String> operands) {
    int checked = command.flagsFirst() ? Math.min(1, operands.size()) : operands.size();
    if (operands.subList(0, checked).stream().anyMatch(String::isBlank)) {
      throw UsageError.conflict(
          "'swarm " + command.path() + "' takes " + command.operands() + ", and one is empty");
    }
  }

  private static String countRule(Command command) {
    if (command.most() == 0) {
      return "accepts no arguments";
    }
    String noun = command.least() == 1 ? " argument" : " arguments";
    return command.most() == command.least()
        ? "requires " + command.least() + noun
        : "requires at least " + command.least() + noun;
  }

  private void report(Command command, UsageError e) {
    surroundings
        .err()
        .print(
            "swarm: "
                + e.getMessage()
                + "\n\nUsage:  "
                + command.usage()
                + "\n\nRun 'swarm "
                + command.path()
                + " --help' for more information\n");
  }

  /** The daemon's refusals are marked as its own words. */
  static void report(PrintStream err, IOException e) {
    // It may quote what a node or a task said.
    String message = Printable.lines(Reason.of(e));
    err.print(
        e instanceof DaemonRejection
            ? "Error response from daemon: " + message + "\n"
            : message + "\n");
  }
}
