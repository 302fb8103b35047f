package dev.swarm.cli;

import java.util.List;

/**
 * Runs the usual client commands once against the daemon at {@code arguments[0]}, so that the JVM
 * can record what a start needs. Only the build calls it.
 */
final class Training {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("init", "--advertise-addr", "10.0.0.1"),
          List.of("join", "--token", "t", "10.0.0.1:2377"),
          List.of("join-token", "worker"),
          List.of("ca"),
          List.of("node", "ls"),
          List.of("node", "ls", "--format", "{{.ID}} {{json .}}", "--filter", "role=manager"),
          List.of("node", "inspect", "self"),
          List.of("node", "inspect", "--pretty", "n1"),
          List.of("node", "ps"),
          List.of("node", "update", "--availability", "drain", "n1"),
          List.of(
              "service",
              "create",
              "--name",
              "web",
              "--replicas",
              "1",
              "--publish",
              "80:80",
              "--env",
              "A=b",
              "--limit-memory",
              "64m",
              "--update-delay",
              "1s",
              "nginx"),
          List.of("service", "ls"),
          List.of("service", "ps", "web"),
          List.of("service", "inspect", "web"),
          List.of("service", "inspect", "--pretty", "web"),
          List.of("service", "update", "--replicas", "2", "--env-add", "C=d", "web"),
          List.of("service", "scale", "-d", "web=2"),
          List.of("service", "rm", "none"),
          List.of("task", "ls"),
          List.of("version"),
          List.of("--help"),
          List.of("service", "create", "--help"),
          List.of("leave", "--force"));

  private Training() {}

  public static void main(String[] arguments) throws Exception {
    for (List<String> command : COMMANDS) {
      String[] words = new String[command.size() + 2];
      words[0] = "--host";
      words[1] = arguments[0];
      for (int i = 0; i < command.size(); i++) {
        words[i + 2] = command.get(i);
      }
      Main.run(words);
    }
  }
}
