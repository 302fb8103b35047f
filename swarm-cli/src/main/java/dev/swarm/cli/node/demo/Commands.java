package dev.swarm.cli.node.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands on the demo's nodes: each is the real client in a process of its own. */
final class Commands {
  private static final long SECONDS_MAX = 180;

  private final ThisProgram program;
  private final Narrator narrator;
  private final List<Process> running = new ArrayList<>();
  private boolean closed;

  Commands(ThisProgram program, Narrator narrator) {
    this.program = program;
    this.narrator = narrator;
  }

  /**
   * Shows {@code swarm} with {@code words}, runs it with this program's output, and waits for it.
   *
   * @throws DemoFailure if it fails or takes more than three minutes
   */
  void run(DemoNode node, String... words) throws DemoFailure, InterruptedException {
    show(node, words);
    await(start(node, Redirect.INHERIT, words), true, words);
  }

  /**
   * Runs one command on several nodes at the same time, and shows them one after the other.
   *
   * @param strict whether it is a failure where one of them fails
   * @param words of a command that prints little
   * @throws DemoFailure if it takes more than three minutes
   */
  void runOnEach(List<DemoNode> nodes, boolean strict, String... words)
      throws DemoFailure, InterruptedException {
    List<Process> processes = new ArrayList<>();
    for (DemoNode node : nodes) {
      processes.add(start(node, Redirect.PIPE, words));
    }
    for (int i = 0; i < nodes.size(); i++) {
      show(nodes.get(i), words);
      Process process = processes.get(i);
      try {
        await(process, strict, words);
      } finally {
        narrator.line(output(process));
      }
    }
  }

  private void show(DemoNode node, String... words) {
    narrator.command(node.name(), "swarm " + String.join(" ", words));
  }

  /** The command without its arguments, for sentences. */
  private static String name(String... words) {
    return "\"swarm " + words[0] + (words[1].startsWith("-") ? "\"" : " " + words[1] + "\"");
  }

  private static void await(Process process, boolean strict, String... words)
      throws DemoFailure, InterruptedException {
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new DemoFailure(name(words) + " is not done after " + SECONDS_MAX + " s");
    }
    if (strict && process.exitValue() != 0) {
      throw new DemoFailure(name(words) + " ended with exit code " + process.exitValue());
    }
  }

  private static String output(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "(what it said is lost: " + e.getMessage() + ")";
    }
  }

  private synchronized Process start(DemoNode node, Redirect output, String... words)
      throws DemoFailure {
    if (closed) {
      throw new DemoFailure("the demo is ending");
    }
    ProcessBuilder builder =
        new ProcessBuilder(program.client(List.of(words)))
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output)
            .redirectError(output)
            .redirectErrorStream(output.equals(Redirect.PIPE));
    builder.environment().put("SWARM_HOST", node.host());
    try {
      Process process = builder.start();
      running.removeIf(earlier -> !earlier.isAlive());
      running.add(process);
      return process;
    } catch (IOException e) {
      throw new DemoFailure(name(words) + " cannot be started: " + e.getMessage(), e);
    }
  }

  /** Ends what still runs, and runs nothing more. */
  synchronized void close() {
    closed = true;
    running.forEach(Process::destroyForcibly);
  }
}
