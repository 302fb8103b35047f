package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Programs;
import dev.swarm.cli.e2e.lab.Until;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The unmodified {@code docker} client plays one long scenario to a stock swarm and to ours. What
 * differs is what {@code differences.txt} explains, line by line, and nothing else.
 */
@NeedsHosts
final class DifferentialIT {
  private static final Duration AWAIT_LIMIT = Duration.ofSeconds(60);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);

  /** One side: a host and the socket on it that the client talks to. */
  private record Side(Host host, String socket, Path directory) {
    Output run(String line) {
      String script =
          "docker() { /usr/bin/docker -H \"$SIDE_SOCKET\" \"$@\"; }; "
              + line.replace("ADDR", host.address()).replace("HOST", host.name());
      Output ran =
          Programs.run(
              List.of("sh", "-c", "cd \"$SIDE_DIRECTORY\" && { " + script + "; }"),
              Map.of("SIDE_SOCKET", socket, "SIDE_DIRECTORY", directory.toString()),
              COMMAND_LIMIT);
      host.lab().journal().ran(new Output(line, ran.code(), ran.out(), ran.err()));
      return ran;
    }

    String normalised(String line) {
      Output ran = run(line);
      return "exit code %d%n%s%s"
          .formatted(ran.code(), Normal.form(ran.out(), host), Normal.form(ran.err(), host));
    }
  }

  @Test
  void whatDiffersIsExplained() throws IOException {
    Map<String, String> explained = explained();
    List<String> unexplained = new ArrayList<>();
    List<String> differing = new ArrayList<>();
    int compared = 0;
    try (Lab lab = Lab.open("differential")) {
      Host stockHost = lab.host("stock");
      Host ourHost = lab.host("ours");
      stockHost.engine().start();
      ourHost.engine().start();
      ourHost.daemon().start();
      Side stock = side(stockHost, stockHost.engine().url());
      Side ours = side(ourHost, ourHost.daemon().url());
      for (String line : lines("scenario.txt")) {
        if (line.startsWith("@await ")) {
          await(line, stock, ours);
          continue;
        }
        compared++;
        String expected = stock.normalised(line);
        String actual = ours.normalised(line);
        if (!expected.equals(actual)) {
          differing.add(line);
          String report = "$ " + line + "\n--- stock\n" + expected + "\n--- ours\n" + actual + "\n";
          Files.writeString(
              lab.records().resolve("differences.txt"),
              report + "\n",
              java.nio.file.StandardOpenOption.CREATE,
              java.nio.file.StandardOpenOption.APPEND);
          if (!explained.containsKey(line)) {
            unexplained.add(report);
          }
        }
      }
      lab.journal().step(differing.size() + " of " + compared + " commands differ from docker's");
    }
    assertTrue(compared >= 120, "only " + compared + " commands were compared");
    assertEquals("", String.join("\n", unexplained), "differences that nothing explains");
    explained.keySet().removeAll(differing);
    assertEquals(Map.of(), explained, "explained differences that are gone: take them out");
  }

  private static Side side(Host host, String socket) throws IOException {
    return new Side(host, socket, Files.createDirectories(host.disk().resolve("work")));
  }

  private static void await(String line, Side... sides) {
    int bar = line.indexOf(" | ");
    String wanted = line.substring("@await ".length(), bar);
    for (Side side : sides) {
      Until.holds(
          side.host() + ": " + line,
          AWAIT_LIMIT,
          () -> side.run(line.substring(bar + 3)).out().contains(wanted));
    }
  }

  private static Map<String, String> explained() throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    String reason = "";
    for (String line : lines("differences.txt")) {
      if (line.startsWith("= ")) {
        reason = line.substring(2);
      } else {
        reasons.put(line, reason);
      }
    }
    return reasons;
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(DifferentialIT.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }
}
