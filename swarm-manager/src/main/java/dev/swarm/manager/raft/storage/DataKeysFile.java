package dev.swarm.manager.raft.storage;

import dev.swarm.host.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * File of the cluster's data keys on one manager. Sealed anew in two steps, with whatever else must
 * change its seal in between: a crash at any moment leaves a file that opens with the old unlock
 * key or one that opens with the new.
 */
public final class DataKeysFile {
  private static final String NEXT = ".next";

  private final Path file;
  private final Path next;
  private final SecureRandom random;

  public DataKeysFile(Path file, SecureRandom random) {
    this.file = file;
    this.next = file.resolveSibling(file.getFileName() + NEXT);
    this.random = random;
  }

  public boolean exists() {
    return Files.exists(file);
  }

  public void store(DataKeys keys, Optional<UnlockKey> unlock) throws IOException {
    // Of keys that were here before, a change of their seal may have been left half done.
    Files.deleteIfExists(next);
    keys.store(file, unlock, random);
  }

  /**
   * @param unlock what the rest of this manager's secrets are sealed with now; empty for nothing
   * @throws LockedException when nothing opens with {@code unlock}
   */
  public DataKeys load(Optional<UnlockKey> unlock) throws IOException {
    // Open keys open with anything: that the next ones do says only then that they are in force.
    if (Files.exists(next) && DataKeys.isSealed(next) == unlock.isPresent()) {
      try {
        DataKeys keys = DataKeys.load(next, unlock);
        finish();
        return keys;
      } catch (LockedException e) {
        // What was to come after this step never did: the old seal is the one in force.
      }
    }
    return DataKeys.load(file, unlock);
  }

  /** The first step: both seals open what they open. */
  public void prepare(DataKeys keys, Optional<UnlockKey> unlock) throws IOException {
    keys.store(next, unlock, random);
  }

  /** The second step: only the new seal is left. */
  public void finish() throws IOException {
    DurableFiles.publish(next, file);
  }
}
