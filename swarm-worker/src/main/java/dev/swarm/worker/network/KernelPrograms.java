package dev.swarm.worker.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the system's programs for networks, each within a time and with bounds on what it prints. No
 * shell takes part, and nothing of our own environment but the path.
 */
public final class KernelPrograms {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int OUT_BYTES_MAX = 64 << 20;
  private static final int MESSAGE_BYTES_MAX = 4 << 10;
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final List<String> host;
  private final Executor pipes;

  /**
   * @param host words before each command by which it is run in the node's own namespaces; none
   *     where this process is there already
   * @param pipes serves the pipes of a running program; must take two tasks at once
   */
  public KernelPrograms(List<String> host, Executor pipes) {
    this.host = List.copyOf(host);
    this.pipes = pipes;
  }

  /** Runs it to its end. */
  Ran run(List<String> command, String input) throws KernelException {
    List<String> words = new ArrayList<>(host);
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", PATH);
    environment.put("LC_ALL", "C");
    try {
      return run(builder.start(), command, input);
    } catch (KernelException e) {
      throw e;
    } catch (IOException e) {
      throw new KernelException("cannot run " + command.get(0) + ": " + e.getMessage());
    }
  }

  private Ran run(Process process, List<String> command, String input) throws IOException {
    CompletableFuture<Process> end =
        process.onExit().orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    // Whoever reads its pipes goes on when it is dead.
    CompletableFuture<Void> watch =
        end.handle(
            (_, late) -> {
              if (late != null) {
                process.destroyForcibly();
              }
              return null;
            });
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(() -> write(process, input), pipes);
    CompletableFuture<byte[]> message =
        CompletableFuture.supplyAsync(
            () -> keep(process.getErrorStream(), MESSAGE_BYTES_MAX), pipes);
    byte[] out = keep(process.getInputStream(), OUT_BYTES_MAX + 1);
    try {
      watch.join();
      written.join();
      Ran ran =
          new Ran(
              end.isCompletedExceptionally() ? -1 : process.exitValue(),
              new String(out, StandardCharsets.UTF_8),
              new String(message.join(), StandardCharsets.UTF_8).strip());
      if (end.isCompletedExceptionally()) {
        throw new KernelException(
            command.get(0) + " did not end within " + LIMIT.toSeconds() + " s");
      }
      if (out.length > OUT_BYTES_MAX) {
        throw new KernelException(command.get(0) + " printed too much");
      }
      return ran;
    } catch (CompletionException e) {
      process.destroyForcibly();
      throw new KernelException(command.get(0) + ": " + e.getCause());
    }
  }

  /** One that ended early does not read; its exit code says why. */
  private static void write(Process process, String input) {
    try (OutputStream stream = process.getOutputStream()) {
      stream.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      return;
    }
  }

  /** The beginning of what it prints; the rest is read and thrown away. */
  private static byte[] keep(InputStream stream, int bytesMax) {
    try (stream) {
      byte[] kept = stream.readNBytes(bytesMax);
      stream.skip(Long.MAX_VALUE);
      while (stream.read() >= 0) {
        stream.skip(Long.MAX_VALUE);
      }
      return kept;
    } catch (IOException killed) {
      return new byte[0];
    }
  }
}
