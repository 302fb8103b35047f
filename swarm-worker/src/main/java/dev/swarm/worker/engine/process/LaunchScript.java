package dev.swarm.worker.engine.process;

import java.util.ArrayList;
import java.util.List;

/**
 * What turns a shell into a task's process. It comes to the shell on its standard input, once that
 * has dropped all rights but the task's own: so nothing in it has met anybody with more rights, and
 * no list of processes shows it.
 */
final class LaunchScript {
  private LaunchScript() {}

  /**
   * Everything is one compound command: of a script that was cut short a shell does nothing.
   *
   * @param directory where the process begins
   * @param environment {@code NAME=value} each, and all there will be; the last of a name counts
   */
  static String of(List<String> command, String directory, List<String> environment) {
    List<String> lines = new ArrayList<>();
    lines.add("{ cd " + quoted(directory) + " || exit 126");
    lines.add("umask 022");
    for (String variable : environment) {
      int equals = variable.indexOf('=');
      lines.add(
          "export " + variable.substring(0, equals) + "=" + quoted(variable.substring(equals + 1)));
    }
    lines.add(
        "exec "
            + String.join(" ", command.stream().map(LaunchScript::quoted).toList())
            + " </dev/null");
    lines.add("}");
    return String.join("\n", lines) + "\n";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
