package dev.swarm.worker.engine.process;

import dev.swarm.worker.engine.EngineException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Gives each task a user to run as. The tasks' own directories record which task has which; a
 * number is given again only after all others of the range had their turn, and while nothing of it
 * is found on the host. For one thread at a time.
 */
final class UserPool {
  private final Path directory;
  private final TaskUsers users;
  private final Residue residue;

  /** Which users still have something on this host. */
  interface Residue {
    Set<Integer> find() throws IOException;
  }

  /**
   * @param directory has the directories of all tasks; where the next turn begins is kept here
   */
  UserPool(Path directory, TaskUsers users, Residue residue) {
    this.directory = directory;
    this.users = users;
    this.residue = residue;
  }

  /**
   * The user for a new task, or for one whose directory names none yet.
   *
   * @throws EngineException if the range is used up
   */
  Optional<TaskUser> take() throws IOException {
    return switch (users) {
      case TaskUsers.Own own -> Optional.empty();
      case TaskUsers.Shared shared -> Optional.of(shared.user());
      case TaskUsers.Range range -> Optional.of(take(range));
    };
  }

  private TaskUser take(TaskUsers.Range range) throws IOException {
    Set<Integer> taken = new HashSet<>(residue.find());
    taken.addAll(ofTasks());
    long size = (long) range.last() - range.first() + 1;
    long next = next(range);
    for (long step = 0; step < size; step++) {
      int candidate = (int) (range.first() + (next - range.first() + step) % size);
      if (!taken.contains(candidate)) {
        remember(candidate);
        return new TaskUser(candidate, candidate);
      }
    }
    throw new EngineException(
        "all users of --process-users "
            + range.first()
            + "-"
            + range.last()
            + " are taken, or have left processes or files in shared directories");
  }

  private Set<Integer> ofTasks() throws IOException {
    Set<Integer> taken = new HashSet<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path task : tasks) {
        new TaskDirectory(task).user().ifPresent(user -> taken.add(user.uid()));
      }
    }
    return taken;
  }

  private Path last() {
    return directory.resolve("last-user");
  }

  private long next(TaskUsers.Range range) throws IOException {
    try {
      int last = Integer.parseInt(Files.readString(last()).strip());
      return range.has(last) ? last + 1L : range.first();
    } catch (NoSuchFileException | NumberFormatException e) {
      return range.first();
    }
  }

  private void remember(int uid) throws IOException {
    Files.writeString(last(), Integer.toString(uid));
  }
}
