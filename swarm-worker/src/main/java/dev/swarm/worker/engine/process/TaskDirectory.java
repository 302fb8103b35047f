package dev.swarm.worker.engine.process;

import dev.swarm.worker.disk.ForeignTree;
import dev.swarm.worker.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * What is kept of one task: who runs it, how it ended, what it printed.
 *
 * <p>{@code shim} and {@code child} are written by the task's supervisor, {@code exit} when the
 * task has ended; so a daemon that was killed meanwhile learns all of it from here.
 */
record TaskDirectory(Path path) {
  private static final FileAttribute<?> OPEN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));

  Path work() {
    return path.resolve("work");
  }

  Path spool(boolean stderr) {
    return path.resolve(stderr ? "spool.err" : "spool.out");
  }

  void create() throws IOException {
    Files.createDirectories(path, OPEN);
    Files.createDirectories(work(), OPEN);
  }

  boolean exists() {
    return Files.isDirectory(path);
  }

  /** The supervisor, whether it still lives or not; nothing if none was ever started. */
  Optional<LiveProcess> shim() {
    return LiveProcess.read(path.resolve("shim"));
  }

  /** The task's own process. */
  Optional<LiveProcess> child() {
    return LiveProcess.read(path.resolve("child"));
  }

  /** The exit code, once there is one. */
  Optional<Integer> exitCode() {
    Path file = path.resolve("exit");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Integer.parseInt(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      throw new EngineException("the exit code of the process cannot be read", e);
    }
  }

  /** Remembers that the supervisor is gone without a word about the task's end. */
  void writeExit(int code) throws IOException {
    Path unfinished = path.resolve("exit.tmp");
    Files.write(unfinished, Integer.toString(code).getBytes(StandardCharsets.US_ASCII));
    Files.move(unfinished, path.resolve("exit"));
  }

  void delete() throws IOException {
    ForeignTree.delete(path);
  }
}
