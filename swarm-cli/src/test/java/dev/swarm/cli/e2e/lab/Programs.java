package dev.swarm.cli.e2e.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine, each within a time limit. */
public final class Programs {
  static final Duration LIMIT = Duration.ofSeconds(90);

  private Programs() {}

  public static Output run(List<String> command) {
    return run(command, Map.of(), LIMIT);
  }

  /** Runs it to its end with nothing to read; one that outlives the limit is killed and fails. */
  public static Output run(List<String> command, Map<String, String> environment, Duration limit) {
    return run(command, environment, limit, new File("/dev/null"));
  }

  /** {@link #run(List, Map, Duration)} with {@code input} to read. */
  public static Output run(
      List<String> command, Map<String, String> environment, Duration limit, File input) {
    Path out = null;
    Path err = null;
    try {
      out = Files.createTempFile("swarm-e2e", ".out");
      err = Files.createTempFile("swarm-e2e", ".err");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectInput(input).redirectOutput(out.toFile()).redirectError(err.toFile());
      int code = await(builder.start(), limit);
      return new Output(
          String.join(" ", command), code, Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(out);
      delete(err);
    }
  }

  /** Its exit code, or -1 after the limit. */
  private static int await(Process process, Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      return -1;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Starts it in the background, all its output into {@code log}. */
  static Process start(List<String> command, Map<String, String> environment, Path log) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      return builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path file) {
    if (file != null && !file.toFile().delete()) {
      file.toFile().deleteOnExit();
    }
  }
}
