package dev.swarm.cli.node.demo;

import dev.swarm.cli.http.Endpoint;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One host of the demo: a daemon in a process of its own, with a data directory of its own. */
final class DemoNode {
  private static final long STOP_SECONDS_MAX = 8;

  private final String name;
  private final Path directory;
  private final List<String> commandLine;
  private final TaskProcesses tasks;
  private @Nullable Process daemon;
  private boolean closed;

  /**
   * @param directory the demo's; this node's files in it begin with its name
   * @param listen host:port, should it become a manager
   * @param processUser whom its tasks run as, where the demo runs as root
   */
  DemoNode(
      String name,
      Path directory,
      String listen,
      Optional<String> processUser,
      ThisProgram program) {
    this.name = name;
    this.directory = directory;
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "--data-dir",
            data().toString(),
            "--host",
            host(),
            "--listen-addr",
            listen,
            "--hostname",
            name,
            "--engine",
            "none",
            "--runtime",
            "process"));
    processUser.ifPresent(user -> arguments.addAll(List.of("--process-user", user)));
    commandLine = program.daemon(arguments);
    tasks = new TaskProcesses(data());
  }

  String name() {
    return name;
  }

  /** Where clients reach the daemon. */
  String host() {
    return "unix://" + socket();
  }

  Endpoint endpoint() {
    return new Endpoint.Unix(socket());
  }

  private Path socket() {
    return directory.resolve(name + ".sock");
  }

  private Path data() {
    return directory.resolve(name);
  }

  private Path log() {
    return directory.resolve(name + ".log");
  }

  /** Starts the daemon, once an earlier one of this node is gone. */
  synchronized void start() throws DemoFailure, InterruptedException {
    if (closed) {
      throw new DemoFailure("the demo is ending");
    }
    try {
      if (daemon != null) {
        daemon.waitFor();
      }
      daemon =
          new ProcessBuilder(commandLine)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new DemoFailure(name + "'s daemon cannot be started: " + e.getMessage(), e);
    }
  }

  private synchronized Process daemon() {
    if (daemon == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return daemon;
  }

  long pid() {
    return daemon().pid();
  }

  /**
   * @throws DemoFailure if the daemon is not there any more, with its own last words
   */
  void requireAlive() throws DemoFailure {
    Optional<String> death = death();
    if (death.isPresent()) {
      throw new DemoFailure(death.get());
    }
  }

  /** How the daemon ended, if it was started and has. */
  synchronized Optional<String> death() {
    return daemon == null || daemon.isAlive()
        ? Optional.empty()
        : Optional.of(name + "'s daemon ended with exit code " + daemon.exitValue() + lastWords());
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log());
      return lines.isEmpty() ? "" : ": " + lines.getLast();
    } catch (IOException e) {
      return " (its log cannot be read: " + e.getMessage() + ")";
    }
  }

  /** The processes of this node's tasks. */
  SortedSet<Long> tasks() throws DemoFailure {
    try {
      return tasks.running();
    } catch (IOException e) {
      throw new DemoFailure("the tasks of " + name + " cannot be found: " + e.getMessage(), e);
    }
  }

  /** Kill -9 of the daemon; its tasks go on. */
  void kill() throws InterruptedException {
    daemon().destroyForcibly().waitFor();
  }

  /** Kill -9 of the daemon and of all it runs, without waiting for their end. */
  void losePower() throws DemoFailure {
    daemon().destroyForcibly();
    killTasks();
  }

  private void killTasks() throws DemoFailure {
    try {
      tasks.kill();
    } catch (IOException e) {
      throw new DemoFailure("the tasks of " + name + " cannot be killed: " + e.getMessage(), e);
    }
  }

  /** Asks the daemon to end, if there is one, and allows no other. */
  synchronized void beginEnd() {
    closed = true;
    if (daemon != null) {
      daemon.destroy();
    }
  }

  /**
   * Waits for the end, helps where it does not come by itself, and ends what is left of tasks.
   *
   * @return whether there ever was a daemon
   */
  boolean end() throws DemoFailure, InterruptedException {
    Process process;
    synchronized (this) {
      process = daemon;
    }
    if (process != null && !process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    killTasks();
    return process != null;
  }
}
