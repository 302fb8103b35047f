package dev.swarm.manager.raft.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of data keys, open and locked. */
class DataKeysTest {
  @TempDir Path directory = Path.of("");
  private final SecureRandom random = new SecureRandom();
  private final DataKeys keys = DataKeys.create(random).rotated(random);

  @Test
  void anUnlockedFileIsForItsOwnerOnly() throws IOException {
    Path file = directory.resolve("keys");
    keys.store(file, Optional.empty(), random);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertArrayEquals(keys.encode(), DataKeys.load(file, Optional.empty()).encode());
    DataKeys newest = keys.newestOnly();
    newest.store(file, Optional.empty(), random);
    assertArrayEquals(newest.encode(), DataKeys.load(file, Optional.empty()).encode());
    assertEquals(1, directory.toFile().list().length);
  }

  @Test
  void aLockedFileNeedsItsKey() throws IOException {
    Path file = directory.resolve("keys");
    UnlockKey unlock = unlockKey();
    keys.store(file, Optional.of(unlock), random);
    String content = Files.readString(file, StandardCharsets.US_ASCII);
    assertFalse(content.contains(Base64.getEncoder().encodeToString(keys.encode())));
    assertArrayEquals(keys.encode(), DataKeys.load(file, Optional.of(unlock)).encode());
    assertThrows(LockedException.class, () -> DataKeys.load(file, Optional.empty()));
    assertThrows(LockedException.class, () -> DataKeys.load(file, Optional.of(unlockKey())));
  }

  @Test
  void anotherFileIsRefusedByName() throws IOException {
    Path file = directory.resolve("keys");
    Files.writeString(file, "swarm-data-keys 2 plain\nAAAA\n");
    var failure = assertThrows(IOException.class, () -> DataKeys.load(file, Optional.empty()));
    assertTrue(failure.toString().contains(file.toString()));
    Files.writeString(file, "swarm-data-keys 1 plain\n!!!\n");
    assertThrows(IOException.class, () -> DataKeys.load(file, Optional.empty()));
    Files.writeString(file, "swarm-data-keys 1 plain\nAAAA\n");
    assertThrows(IOException.class, () -> DataKeys.load(file, Optional.empty()));
    Files.writeString(file, "");
    assertThrows(IOException.class, () -> DataKeys.load(file, Optional.empty()));
  }

  private UnlockKey unlockKey() {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return new UnlockKey(key);
  }
}
