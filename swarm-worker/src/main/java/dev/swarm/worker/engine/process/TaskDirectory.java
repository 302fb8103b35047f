package dev.swarm.worker.engine.process;

import dev.swarm.host.DurableFiles;
import dev.swarm.worker.disk.ForeignTree;
import dev.swarm.worker.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files that are kept of one task: who runs it and as whom, how it ended, what it printed. Only its
 * supervisor and this daemon write here; what the task itself writes is in {@link #work}, the one
 * place in here that it can open.
 *
 * <p>{@code shim} and {@code child} are written by the task's supervisor, {@code exit} when the
 * task has ended; so a daemon that was killed meanwhile learns all of it from here. What a host
 * that lost its power left empty or in pieces is as good as not there.
 */
record TaskDirectory(Path path) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern CODE = Pattern.compile("[0-9]{1,9}");
  private static final FileAttribute<?> OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /**
   * @throws EngineException if {@code taskId} could be more than a name
   */
  static TaskDirectory of(Path all, String taskId) {
    if (!canBe(taskId)) {
      throw new EngineException("not the id of a task: " + taskId);
    }
    return new TaskDirectory(all.resolve(taskId));
  }

  static boolean canBe(String taskId) {
    return ID.matcher(taskId).matches();
  }

  Path work() {
    return path.resolve("work");
  }

  /** A part of what came out of the process, before it is in the log. */
  Path segment(boolean stderr, long number) {
    return path.resolve(segmentPrefix(stderr) + number);
  }

  static String segmentPrefix(boolean stderr) {
    return stderr ? "err." : "out.";
  }

  /** How far the segments were read. */
  Path mark(boolean stderr) {
    return path.resolve(stderr ? "read.err" : "read.out");
  }

  /** Makes everything a process of {@code user} needs, as far as it is not there yet. */
  void create(Optional<TaskUser> user, Optional<Path> group) throws IOException {
    if (!exists()) {
      Files.createDirectory(path, OWNER);
    }
    if (user.isPresent()) {
      write("user", user.get().uid() + " " + user.get().gid());
      // The task's way to its own place, and nobody else's. What is on it is root's.
      Files.setAttribute(path, "unix:gid", user.get().gid());
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x---"));
    }
    if (group.isPresent()) {
      write("group", group.get().toString());
    }
    if (!Files.exists(work())) {
      Path unfinished = path.resolve("work.tmp");
      ForeignTree.delete(unfinished);
      Files.createDirectory(unfinished, OWNER);
      if (user.isPresent()) {
        Files.setAttribute(unfinished, "unix:gid", user.get().gid());
        Files.setAttribute(unfinished, "unix:uid", user.get().uid());
      }
      Files.move(unfinished, work());
    }
  }

  boolean exists() {
    return Files.isDirectory(path);
  }

  /** Whom the task runs as; nothing if as this daemon. */
  Optional<TaskUser> user() {
    return read("user").flatMap(TaskDirectory::user);
  }

  private static Optional<TaskUser> user(String text) {
    String[] ids = text.split(" ", 2);
    try {
      return ids.length == 2
          ? Optional.of(new TaskUser(Integer.parseInt(ids[0]), Integer.parseInt(ids[1])))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The control group of what the task starts, where there are such. */
  Optional<Path> group() {
    return read("group").filter(group -> group.startsWith("/")).map(Path::of);
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
    return read("exit").filter(code -> CODE.matcher(code).matches()).map(Integer::parseInt);
  }

  /** Remembers that the supervisor is gone without a word about the task's end. */
  void writeExit(int code) throws IOException {
    write("exit", Integer.toString(code));
  }

  private Optional<String> read(String name) {
    Path file = path.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      throw new EngineException(name + " of the process cannot be read", e);
    }
  }

  private void write(String name, String text) throws IOException {
    DurableFiles.replace(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  void delete() throws IOException {
    ForeignTree.delete(path);
  }
}
