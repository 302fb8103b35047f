package dev.swarm.cli.client.command;

import dev.swarm.cli.FakeDaemon;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Runs command lines of the client against a daemon made of cardboard. */
final class CommandRun {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  record Outcome(int code, String out, String err, List<FakeDaemon.Request> requests) {
    /** What was asked besides reads, a line each. */
    String changes() {
      return String.join(
          "\n",
          requests.stream().filter(r -> !r.method().equals("GET")).map(Object::toString).toList());
    }
  }

  private final Path folder;
  private final Function<FakeDaemon.Request, String> answers;
  private String input = "";
  private Map<String, String> environment = Map.of();

  CommandRun(Path folder, Function<FakeDaemon.Request, String> answers) {
    this.folder = folder;
    this.answers = answers;
  }

  CommandRun typing(String text) {
    input = text;
    return this;
  }

  CommandRun in(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  Outcome run(String... words) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (FakeDaemon daemon = new FakeDaemon(folder, answers)) {
      int code =
          Program.run(
              List.of(words),
              daemon.host(),
              new Context.Surroundings(
                  new PrintStream(out, true, StandardCharsets.UTF_8),
                  new PrintStream(err, true, StandardCharsets.UTF_8),
                  new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                  environment,
                  InstantSource.fixed(NOW),
                  new FakeSleeper(),
                  false));
      return new Outcome(
          code,
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8),
          List.copyOf(daemon.requests()));
    } finally {
      Files.deleteIfExists(folder.resolve("swarm.sock"));
    }
  }
}
