package dev.swarm.cli.node.engineapi;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What clients leave in this process while they are served.
 *
 * @param sockets open, or -1 where the system does not tell
 * @param threads running, virtual ones included
 */
record Traces(long sockets, long threads) {

  /**
   * @param directory for a file that {@link #forget} removes
   */
  static Traces now(Path directory) throws IOException {
    return new Traces(openSockets(), running(directory));
  }

  /** Whether there is more than {@code before}. Pools of the JVM itself may have grown a little. */
  boolean exceed(Traces before) {
    return sockets > before.sockets || threads > before.threads + THREADS_OF_POOLS_MAX;
  }

  private static final int THREADS_OF_POOLS_MAX = 8;

  private static long openSockets() throws IOException {
    Path files = Path.of("/proc/self/fd");
    if (!Files.isDirectory(files)) {
      return -1;
    }
    try (Stream<Path> all = Files.list(files)) {
      return all.filter(Traces::isSocket).count();
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException closed) {
      return false;
    }
  }

  private static long running(Path directory) throws IOException {
    Path file = dump(directory);
    Files.deleteIfExists(file);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(
            file.toAbsolutePath().toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.startsWith("#")).count();
    }
  }

  static void forget(Path directory) {
    try {
      Files.deleteIfExists(dump(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path dump(Path directory) {
    return directory.resolve("threads");
  }
}
