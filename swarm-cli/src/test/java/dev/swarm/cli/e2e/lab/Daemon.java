package dev.swarm.cli.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The daemon under test on a host, and its client. */
public final class Daemon {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Host host;
  private final Map<String, String> environment = new TreeMap<>();
  private @Nullable Process process;

  Daemon(Host host) {
    this.host = host;
  }

  /** The program as the build leaves it. */
  public static Path program() {
    return Path.of(System.getProperty("swarm.e2e.home", "target/swarm"))
        .toAbsolutePath()
        .resolve("bin/swarm");
  }

  /** Sets a variable of the environment for the next start. */
  public Daemon with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  public String url() {
    return "unix://" + host.disk().resolve("swarm.sock");
  }

  public Path data() {
    return host.disk().resolve("swarm");
  }

  /** Starts it on the host's engine and waits until it answers. */
  public void start() {
    start("--engine", host.engine().url());
  }

  /** Starts it with these options beside its directory, socket and address. */
  public void start(String... options) {
    List<String> words = new ArrayList<>(List.of(program().toString(), "daemon"));
    words.addAll(List.of("--data-dir", data().toString(), "--host", url()));
    words.addAll(List.of("--listen-addr", "0.0.0.0:2377"));
    words.addAll(List.of(options));
    process = host.start(words, environment, host.log("swarm"));
    Until.holds(
        "the daemon of " + host + " answers",
        START_LIMIT,
        () -> {
          assertTrue(process != null && process.isAlive(), "it ended: see " + host.log("swarm"));
          return quietly("version").succeeded();
        });
  }

  /** kill -9 of the daemon alone. */
  public void kill() {
    Process running = process;
    assertTrue(running != null && running.isAlive(), "the daemon of " + host + " is not running");
    running.children().forEach(ProcessHandle::destroyForcibly);
    try {
      running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stands still for so long, as on a machine that is suspended or has too much to do. */
  public void holdUp(Duration length) {
    signal("-STOP");
    Until.pause(length);
    signal("-CONT");
    // What entered the host for it stops with it, and could not see it end then.
    Process running = process;
    if (running != null) {
      Programs.run(List.of("kill", "-CONT", Long.toString(running.pid()))).ok();
    }
  }

  private void signal(String signal) {
    Process running = process;
    assertTrue(running != null && running.isAlive(), "the daemon of " + host + " is not running");
    running
        .children()
        .forEach(child -> Programs.run(List.of("kill", signal, Long.toString(child.pid()))).ok());
  }

  /** The client on this daemon. */
  Output swarm(String... arguments) {
    Output output = quietly(arguments);
    host.lab().journal().ran(output);
    return output;
  }

  private Output quietly(String... arguments) {
    List<String> words = new ArrayList<>(List.of(program().toString()));
    words.addAll(List.of(arguments));
    return Programs.run(words, Map.of("SWARM_HOST", url()), Programs.LIMIT);
  }

  /** The {@code docker} client on this daemon. */
  public Output docker(String... arguments) {
    List<String> words = new ArrayList<>(List.of(Engine.CLIENT, "-H", url()));
    words.addAll(List.of(arguments));
    Output output = Programs.run(words);
    host.lab().journal().ran(output);
    return output;
  }

  /** The client on this daemon, with a line to read. */
  public Output reading(String line, String... arguments) {
    try {
      Path input = Files.createTempFile(host.disk(), "input", "");
      Files.writeString(input, line + "\n");
      List<String> words = new ArrayList<>(List.of(program().toString()));
      words.addAll(List.of(arguments));
      Output output =
          Programs.run(words, Map.of("SWARM_HOST", url()), Programs.LIMIT, input.toFile());
      Files.delete(input);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This node's certificate on disk. */
  public X509Certificate certificate() {
    return Engine.certificate(data().resolve("swarm/certificates/swarm-node.crt"));
  }
}
