package dev.swarm.cli.node.demo;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Command line that this program was started with, so that it can start itself again.
 *
 * @param java the running JVM's own program
 * @param options the words it was given before the main class
 * @param launcher the script that starts clients, if this is an installation
 */
record ThisProgram(Path java, List<String> options, String classPath, Optional<Path> launcher) {
  private static final String MAIN = "dev.swarm.cli.Main";

  /** Code that is used for half a minute never earns back what the optimizing compiler costs. */
  private static final String BRIEF = "-XX:TieredStopAtLevel=1";

  static ThisProgram current() {
    Path java =
        ProcessHandle.current()
            .info()
            .command()
            .map(Path::of)
            .orElse(Path.of(System.getProperty("java.home"), "bin", "java"));
    Optional<Path> launcher =
        Optional.ofNullable(System.getProperty("swarm.home"))
            .map(home -> Path.of(home, "bin", "swarm").toAbsolutePath())
            .filter(Files::isExecutable);
    return new ThisProgram(
        java.toAbsolutePath(),
        ManagementFactory.getRuntimeMXBean().getInputArguments(),
        System.getProperty("java.class.path"),
        launcher);
  }

  /** {@code swarm daemon …}. The process is the JVM itself, so that a signal reaches it. */
  List<String> daemon(List<String> arguments) {
    return inJava("daemon", arguments);
  }

  /** {@code swarm …}, as a user's shell would start it. */
  List<String> client(List<String> arguments) {
    if (launcher.isEmpty()) {
      return inJava(arguments.getFirst(), arguments.subList(1, arguments.size()));
    }
    List<String> line = new ArrayList<>();
    line.add(launcher.get().toString());
    line.addAll(arguments);
    return line;
  }

  private List<String> inJava(String command, List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(java.toString());
    line.addAll(options);
    line.add(BRIEF);
    line.addAll(List.of("-cp", classPath, MAIN, command));
    line.addAll(arguments);
    return line;
  }
}
