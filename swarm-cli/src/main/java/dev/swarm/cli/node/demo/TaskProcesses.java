package dev.swarm.cli.node.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds the processes that a daemon runs for its tasks. They outlive it, so only its disk tells of
 * them.
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
  SortedSet<Long> running() throws IOException {
    TreeSet<Long> pids = new TreeSet<>();
    for (Path task : tasks()) {
      Optional<ProcessHandle> supervisor = supervisor(task);
      // A supervisor has others that keep the task's log; the task's own is the one it wrote down.
      read(task.resolve("child"))
          .filter(child -> child.parent().equals(supervisor))
          .ifPresent(child -> pids.add(child.pid()));
    }
    return pids;
  }

  /** Kills every task with its supervisor, as a power cut would. Does not wait for their end. */
  void kill() throws IOException {
    for (Path task : tasks()) {
      // Asked before the supervisor is gone: afterwards they are nobody's children.
      for (ProcessHandle supervisor : supervisor(task).stream().toList()) {
        List<ProcessHandle> all = new ArrayList<>(supervisor.descendants().toList());
        all.addFirst(supervisor);
        all.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private List<Path> tasks() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> tasks = Files.list(directory)) {
      return tasks.filter(Files::isDirectory).sorted().toList();
    }
  }

  /**
   * A number on disk may be another's by now; the supervisor has its task's directory as a word.
   */
  private static Optional<ProcessHandle> supervisor(Path task) throws IOException {
    return read(task.resolve("shim"))
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(line -> line.contains(task.toString()))
                    .isPresent());
  }

  /** The process whose number {@code file} begins with, if it lives. */
  private static Optional<ProcessHandle> read(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .findFirst()
          .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())))
          .filter(ProcessHandle::isAlive);
    } catch (NoSuchFileException | NumberFormatException e) {
      // Not started yet, or just removed.
      return Optional.empty();
    }
  }
}
