package dev.swarm.cli.daemon.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Types commands on the demo's nodes: each is the real client in a process of its own. */
final class Commands {
  private static final long SECONDS_MAX = 60;

  private final ThisProgram program;
  private final Narrator narrator;
  private @Nullable Process running;
  private boolean closed;

  Commands(ThisProgram program, Narrator narrator) {
    this.program = program;
    this.narrator = narrator;
  }

  /**
   * Shows {@code swarm} with {@code words}, runs it with this program's output, and waits for it.
   *
   * @throws DemoFailure if it fails or takes more than a minute
   */
  void run(DemoNode node, String... words) throws DemoFailure, InterruptedException {
    narrator.command(node.name(), "swarm " + String.join(" ", words));
    String line = "swarm " + words[0] + (words[1].startsWith("-") ? "" : " " + words[1]);
    Process process = start(node, line, List.of(words));
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new DemoFailure("\"" + line + "\" is not done after " + SECONDS_MAX + " s");
    }
    if (process.exitValue() != 0) {
      throw new DemoFailure("\"" + line + "\" ended with exit code " + process.exitValue());
    }
  }

  private synchronized Process start(DemoNode node, String line, List<String> words)
      throws DemoFailure {
    if (closed) {
      throw new DemoFailure("the demo is ending");
    }
    ProcessBuilder builder =
        new ProcessBuilder(program.client(words))
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT);
    builder.environment().put("SWARM_HOST", node.host());
    try {
      running = builder.start();
      return running;
    } catch (IOException e) {
      throw new DemoFailure("\"" + line + "\" cannot be started: " + e.getMessage(), e);
    }
  }

  /** Ends a command that still runs, and runs no other. */
  synchronized void close() {
    closed = true;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
