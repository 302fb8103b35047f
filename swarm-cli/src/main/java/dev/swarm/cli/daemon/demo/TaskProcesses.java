package dev.swarm.cli.daemon.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The processes that a daemon runs for its tasks. They outlive it, so only its disk tells of them.
 */
final class TaskProcesses {
  private final Path directory;

  /**
   * @param dataDir the daemon's
   */
  TaskProcesses(Path dataDir) {
    directory = dataDir.resolve("swarm/processes");
  }

  /** The tasks' own processes, in ascending order. */
  TreeSet<Long> running() throws IOException {
    TreeSet<Long> pids = new TreeSet<>();
    for (ProcessHandle supervisor : supervisors()) {
      supervisor.children().filter(ProcessHandle::isAlive).forEach(child -> pids.add(child.pid()));
    }
    return pids;
  }

  /** Kills every task with its supervisor, as a power cut would. Does not wait for their end. */
  void kill() throws IOException {
    for (ProcessHandle supervisor : supervisors()) {
      // Asked before the supervisor is gone: afterwards they are nobody's children.
      List<ProcessHandle> all = new ArrayList<>(supervisor.descendants().toList());
      all.addFirst(supervisor);
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private List<ProcessHandle> supervisors() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<ProcessHandle> found = new ArrayList<>();
    try (Stream<Path> tasks = Files.list(directory)) {
      for (Path task : tasks.sorted().toList()) {
        supervisor(task).ifPresent(found::add);
      }
    }
    return found;
  }

  /**
   * A number on disk may be another's by now; the supervisor has its task's directory as a word.
   */
  private static Optional<ProcessHandle> supervisor(Path task) throws IOException {
    try (Stream<String> lines = Files.lines(task.resolve("shim"))) {
      return lines
          .findFirst()
          .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())))
          .filter(ProcessHandle::isAlive)
          .filter(
              process ->
                  process
                      .info()
                      .commandLine()
                      .filter(line -> line.contains(task.toString()))
                      .isPresent());
    } catch (NoSuchFileException | NumberFormatException e) {
      // Not started yet, or just removed.
      return Optional.empty();
    }
  }
}
