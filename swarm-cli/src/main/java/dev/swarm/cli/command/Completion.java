package dev.swarm.cli.command;

import dev.swarm.cli.command.flag.Flag;
import dev.swarm.cli.command.flag.Flags;
import dev.swarm.cli.command.flag.UsageError;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code swarm completion}: a script that teaches a shell our commands and flags. */
final class Completion {
  private static final String ZSH_PREFIX =
      "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";

  private Completion() {}

  static Command command() {
    return Command.of(
        "completion",
        "(bash|zsh)",
        1,
        1,
        "Print a completion script: source <(swarm completion bash)",
        List.<Flag>of(),
        Completion::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String script = AutoComplete.bash("swarm", new CommandLine(tree()));
    switch (operands.getFirst()) {
      case "bash" -> context.print(script);
      case "zsh" -> context.print(ZSH_PREFIX + script);
      default ->
          throw UsageError.conflict("unknown shell " + operands.getFirst() + ": use bash or zsh");
    }
    return 0;
  }

  private static CommandSpec tree() {
    CommandSpec root = CommandSpec.create().name("swarm");
    root.addOption(OptionSpec.builder("-H", "--host").type(String.class).build());
    for (String name : List.of("daemon", "demo")) {
      root.addSubcommand(name, CommandSpec.create().name(name));
    }
    Map<String, CommandSpec> groups = new LinkedHashMap<>();
    for (String group : Catalog.GROUPS) {
      CommandSpec spec = CommandSpec.create().name(group);
      groups.put(group, spec);
      root.addSubcommand(group, spec);
    }
    for (String path : Catalog.PATHS) {
      Command command = Catalog.get(path);
      int space = path.indexOf(' ');
      String name = path.substring(space + 1);
      CommandSpec parent = groups.getOrDefault(path.substring(0, Math.max(0, space)), root);
      parent.addSubcommand(name, spec(name, command));
    }
    return root;
  }

  private static CommandSpec spec(String name, Command command) {
    CommandSpec spec = CommandSpec.create().name(name);
    for (Flag flag : command.flags()) {
      OptionSpec.Builder option =
          flag.letter() == '\0'
              ? OptionSpec.builder("--" + flag.name())
              : OptionSpec.builder("-" + flag.letter(), "--" + flag.name());
      boolean toggle = flag.kind() == Flag.Kind.SWITCH;
      spec.addOption(option.type(toggle ? boolean.class : String.class).build());
    }
    return spec;
  }
}
