package dev.swarm.worker.engine.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A process that may have been started by an earlier life of this daemon. Its number alone could
 * belong to another by now, so it is known by number, start time and the host's boot.
 *
 * @param birth boot id and start time; empty where the system does not tell
 */
record LiveProcess(long pid, String birth) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /**
   * Reads what the supervisor wrote: pid, then boot id, then its line of {@code /proc/pid/stat}.
   */
  static Optional<LiveProcess> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      long pid = Long.parseLong(lines.getFirst().strip());
      String birth =
          lines.size() < 3 || lines.get(2).isEmpty()
              ? ""
              : lines.get(1).strip() + " " + startTime(lines.get(2));
      return Optional.of(new LiveProcess(pid, birth));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  boolean isAlive() {
    Optional<ProcessHandle> handle = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    return handle.isPresent() && (birth.isEmpty() || birth.equals(currentBirth()));
  }

  /**
   * Whether the group of this process' number can be what it led: no number is given to another
   * while its group has members. Nothing can, once the host was started anew.
   */
  boolean mayLeadGroup() {
    boolean sameBoot = birth.isEmpty() || birth.startsWith(boot() + " ");
    return sameBoot && (isAlive() || ProcessHandle.of(pid).isEmpty());
  }

  /** Completes when the process is gone. */
  CompletableFuture<Void> gone() {
    if (!isAlive()) {
      return CompletableFuture.completedFuture(null);
    }
    return ProcessHandle.of(pid)
        .map(handle -> handle.onExit().<Void>thenApply(ended -> null))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  private String currentBirth() {
    try {
      String stat =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      return boot() + " " + startTime(stat);
    } catch (IOException e) {
      return "gone";
    }
  }

  private static String boot() {
    try {
      return Files.readString(BOOT).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** The 22nd field; the second is a name in parentheses that may contain anything. */
  private static String startTime(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return fields.length > 19 ? fields[19] : "";
  }
}
