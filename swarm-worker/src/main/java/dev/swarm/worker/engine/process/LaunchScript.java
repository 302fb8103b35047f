package dev.swarm.worker.engine.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Script that turns a shell into a task's process. It comes to the shell on its standard input,
 * once that has dropped all rights but the task's own: so nothing in it has met anybody with more
 * rights, and no list of processes shows it.
 */
final class LaunchScript {
  /**
   * Variables that some shell keeps for itself: it refuses them a value, or has one of its own.
   * They are set by {@code env}, on whose command line they can be seen for a moment.
   */
  private static final Pattern SHELLS_OWN =
      Pattern.compile(
          "_|[EP]?[UGP]ID|BASH.*|COMP_.*|DIRSTACK|EPOCH.*|ERRNO|FUNCNAME|GROUPS|HISTCMD|KSH.*|LINENO"
              + "|OPTIND|PIPESTATUS|S?RANDOM|SECONDS|SHELLOPTS|SHLVL|USER_ID");

  static final int NO_ENTRY = 3;
  static final int NO_PROGRAM = 4;

  private LaunchScript() {}

  /**
   * Everything is one compound command: of a script that was cut short a shell does nothing.
   *
   * @param env the program of that name
   * @param directory where the process begins
   * @param environment {@code NAME=value} each, and all there will be; the last of a name counts
   */
  static String of(Path env, List<String> command, String directory, List<String> environment) {
    // To env such a program is one more variable.
    boolean byEnv = command.getFirst().indexOf('=') < 0;
    List<String> plain = new ArrayList<>();
    List<String> shellsOwn = new ArrayList<>();
    for (String variable : environment) {
      boolean special = byEnv && SHELLS_OWN.matcher(name(variable)).matches();
      (special ? shellsOwn : plain).add(variable);
    }
    List<String> lines = new ArrayList<>();
    lines.add("{ cd " + quoted(directory) + " || exit 126");
    lines.add("umask 022");
    lines.add("unset OLDPWD SHLVL");
    lines.add(byEnv ? words(env, shellsOwn) : "set --");
    // Of a locale that is not here some shells say so, though nobody asked them.
    lines.add("{ :");
    for (String variable : plain) {
      String value = variable.substring(name(variable).length() + 1);
      lines.add("export " + name(variable) + "=" + quoted(value));
    }
    lines.add("} 2>/dev/null");
    lines.add(
        "exec \"$@\" "
            + String.join(" ", command.stream().map(LaunchScript::quoted).toList())
            + " </dev/null");
    lines.add("}");
    return String.join("\n", lines) + "\n";
  }

  /** Sets the words before the command: none where the shell adds nothing to an environment. */
  private static String words(Path env, List<String> variables) {
    String set = "set -- " + quoted(env.toString()) + " -u SHLVL -u _";
    if (variables.isEmpty()) {
      return "if [ -n \"${BASH_VERSION-}\" ]; then " + set + "; else set --; fi";
    }
    return set + " " + String.join(" ", variables.stream().map(LaunchScript::quoted).toList());
  }

  /**
   * Finds out whether whoever reads it can begin in {@code directory} (or ends with {@link
   * #NO_ENTRY}) and run {@code program} (or ends with {@link #NO_PROGRAM}).
   */
  static String trial(String directory, String program) {
    return "{ cd %s || exit %d; [ -x %s ] || exit %d; exit 0; }\n"
        .formatted(quoted(directory), NO_ENTRY, quoted(program), NO_PROGRAM);
  }

  private static String name(String variable) {
    return variable.substring(0, variable.indexOf('='));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
