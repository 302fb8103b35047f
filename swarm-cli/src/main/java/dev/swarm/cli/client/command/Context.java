package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.ApiClient;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Sleeper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Environment of a command: the daemon and the terminal. For one thread. */
public final class Context {
  /**
   * The world around the program.
   *
   * @param environment the program's environment variables
   * @param terminal whether {@code out} is one, so that lines may be redrawn
   */
  public record Surroundings(
      PrintStream out,
      PrintStream err,
      InputStream in,
      Map<String, String> environment,
      InstantSource clock,
      Sleeper sleeper,
      boolean terminal) {}

  private final ApiClient api;
  private final Surroundings surroundings;

  public Context(ApiClient api, Surroundings surroundings) {
    this.api = api;
    this.surroundings = surroundings;
  }

  ApiClient api() {
    return api;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  PrintStream out() {
    return surroundings.out();
  }

  PrintStream err() {
    return surroundings.err();
  }

  void print(String text) {
    out().print(text);
    out().flush();
  }

  /** Prints a line; always with a line feed, on every platform. */
  void line(String text) {
    print(text + "\n");
  }

  /** Prints warnings that came with an answer. */
  void warn(JsonNode answer) {
    for (JsonNode warning : answer.path("Warnings")) {
      warn(warning.asText());
    }
  }

  void warn(String warning) {
    err().print(warning + "\n");
  }

  JsonNode info() throws IOException {
    return api.get(Target.of("info"));
  }

  JsonNode swarm() throws IOException {
    return api.get(Target.of("swarm"));
  }

  JsonNode service(String reference) throws IOException {
    return api.get(Target.of("services", reference));
  }

  JsonNode node(String reference) throws IOException {
    return api.get(Target.of("nodes", reference));
  }

  /** The user's {@code --filter} flags as the API has them: values by key. */
  static ObjectNode filters(Flags flags) {
    ObjectNode filters = Json.object();
    for (Words.Pair pair : flags.values("filter", Context::filterPair)) {
      filter(filters, pair.key().strip().toLowerCase(java.util.Locale.ROOT), pair.value().strip());
    }
    return filters;
  }

  private static Words.Pair filterPair(String text) {
    Words.Pair pair = Words.pair(text);
    if (!pair.hasValue() || pair.key().isBlank()) {
      throw new Unexpected("KEY=VALUE, as in name=web", text);
    }
    return pair;
  }

  static void filter(ObjectNode filters, String key, String value) {
    ObjectNode values =
        filters.path(key) instanceof ObjectNode known ? known : filters.putObject(key);
    values.put(value, true);
  }

  static Target filtered(Target target, ObjectNode filters) {
    return filters.isEmpty() ? target : target.with("filters", Json.text(filters));
  }

  /** {@code self} as this node's id, anything else as it is. */
  String nodeReference(String reference) throws IOException {
    if (!reference.equals("self")) {
      return reference;
    }
    String id = info().path("Swarm").path("NodeID").asText();
    if (id.isEmpty()) {
      // Asks what every node command asks first: a manager says who it is, others say why not.
      api.get(Target.of("nodes"));
      throw new IOException("this node is in no swarm");
    }
    return id;
  }

  /**
   * Does {@code each} for every operand, going on after one that fails.
   *
   * @return the exit code
   */
  int forEach(List<String> operands, Step each) throws IOException {
    int failed = 0;
    for (String operand : operands) {
      try {
        each.run(operand);
      } catch (dev.swarm.cli.http.DaemonRejection e) {
        failed = 1;
        Program.report(err(), e);
      }
    }
    return failed;
  }

  /** One operand's work. */
  interface Step {
    void run(String operand) throws IOException;
  }
}
