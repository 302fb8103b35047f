package dev.swarm.manager.raft;

import dev.swarm.host.DurableFiles;
import dev.swarm.manager.raft.LogFiles.LastEntry;
import dev.swarm.manager.raft.RaftOptions.Start;
import dev.swarm.manager.raft.snapshot.Snapshots;
import dev.swarm.manager.raft.storage.Sealer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Directory of one replica: held by one process, checked, and prepared for the way it starts. */
final class LogDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);
  private static final Set<StandardOpenOption> LOCK_FILE =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final UUID group;
  private final Path storage;
  private final FileChannel lock;
  private final Snapshots snapshots;
  private final boolean startsAlone;

  private LogDirectory(
      UUID group, Path storage, FileChannel lock, Snapshots snapshots, boolean startsAlone) {
    this.group = group;
    this.storage = storage;
    this.lock = lock;
    this.snapshots = snapshots;
    this.startsAlone = startsAlone;
  }

  /**
   * @throws IOException when the directory is in use, is damaged, belongs to another cluster, or
   *     does not hold what the start needs
   */
  static LogDirectory open(RaftOptions options, Sealer sealer) throws IOException {
    DurableFiles.createDirectory(options.directory());
    FileChannel lock = lock(options.directory());
    try {
      return prepare(options, sealer, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Where the Raft library keeps its part. */
  static Path storage(Path directory) {
    return directory.resolve("raft");
  }

  /** Deletes all of it; a crash half way leaves nothing that would be taken for a log. */
  static void delete(Path directory) throws IOException {
    Path left = directory.resolveSibling(directory.getFileName() + ".left");
    deleteTree(left);
    if (Files.exists(directory)) {
      Files.move(directory, left, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(left);
    }
  }

  private static void deleteTree(Path top) throws IOException {
    if (!Files.exists(top)) {
      return;
    }
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static LogDirectory prepare(RaftOptions options, Sealer sealer, FileChannel lock)
      throws IOException {
    Path storage = storage(options.directory());
    UUID group = LogFiles.group(options.clusterId());
    var files = new LogFiles(storage, group);
    files.checkCluster();
    var snapshots =
        new Snapshots(options.directory().resolve("snapshots"), sealer, options.snapshots().kept());
    boolean exists = files.exist() || snapshots.latest().isPresent();
    switch (options.start()) {
      case NEW_CLUSTER -> require(!exists, options, "holds a log already");
      case RESTART, FORCE_NEW_CLUSTER -> require(exists, options, "holds no log");
      case JOIN -> {
        // A join that was broken off leaves a part of the leader's log, which is welcome.
      }
    }
    LastEntry last = lastEntry(files, snapshots);
    boolean alone = options.start() == Start.NEW_CLUSTER || files.isOnlyVoter(options.self().id());
    if (options.start() == Start.FORCE_NEW_CLUSTER) {
      files.makeOnlyVoter(options.self(), last);
      LOG.warn("this manager becomes the only voter, after entry {}", last.index());
      alone = true;
    }
    return new LogDirectory(group, storage, lock, snapshots, alone);
  }

  /**
   * The last entry of the log or the snapshot. A snapshot that was fetched just before a crash is
   * ahead of the log, to which the library could then add nothing: what it covers is dropped.
   */
  private static LastEntry lastEntry(LogFiles files, Snapshots snapshots) throws IOException {
    LastEntry last = files.check();
    Optional<Snapshots.Stored> latest = snapshots.latest();
    if (latest.isEmpty() || latest.get().index() <= last.index()) {
      return last;
    }
    files.drop();
    return new LastEntry(latest.get().term(), latest.get().index());
  }

  private static void require(boolean condition, RaftOptions options, String what)
      throws IOException {
    if (!condition) {
      throw new IOException(options.directory() + " " + what);
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolve("lock");
    FileChannel channel = FileChannel.open(file, LOCK_FILE, OWNER_ONLY);
    // Whoever may read a file can lock it; one that an older manager made may be open to all.
    Files.setPosixFilePermissions(file, OWNER_ONLY.value());
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held by another log of this process: the same to whoever asks.
    }
    channel.close();
    throw new IOException(directory + " is in use");
  }

  UUID group() {
    return group;
  }

  Path storage() {
    return storage;
  }

  Snapshots snapshots() {
    return snapshots;
  }

  /** Whether there is, as far as can be told, no other voter to wait for. */
  boolean startsAlone() {
    return startsAlone;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("could not release the lock of the log's directory", e);
    }
  }
}
