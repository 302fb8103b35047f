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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The data keys while their seal changes. Whatever else is sealed changes its seal between the two
 * steps, so a manager that starts again has the old unlock key or the new one, and either must do.
 */
class DataKeysFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Optional<UnlockKey> NONE = Optional.empty();
  private static final Optional<UnlockKey> FIRST = key();
  private static final Optional<UnlockKey> SECOND = key();
  private static final Optional<UnlockKey> OTHER = key();

  @TempDir private Path directory = Path.of("");
  private final DataKeys keys = DataKeys.create(RANDOM).rotated(RANDOM);

  private static Optional<UnlockKey> key() {
    byte[] key = new byte[32];
    RANDOM.nextBytes(key);
    return Optional.of(new UnlockKey(key));
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of("locked", NONE, FIRST),
        Arguments.of("rotated", FIRST, SECOND),
        Arguments.of("unlocked", FIRST, NONE));
  }

  private Path path() {
    return directory.resolve("keys");
  }

  private Path next() {
    return directory.resolve("keys.next");
  }

  /** As a process that has just started. */
  private DataKeysFile file() {
    return new DataKeysFile(path(), RANDOM);
  }

  private void assertOpens(Optional<UnlockKey> unlock) throws IOException {
    assertArrayEquals(keys.encode(), file().load(unlock).encode());
  }

  private void assertLocked(Optional<UnlockKey> unlock) {
    assertThrows(LockedException.class, () -> file().load(unlock));
  }

  private void assertReadable(Path file, boolean readable) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    assertEquals(readable, text.contains(Base64.getEncoder().encodeToString(keys.encode())));
  }

  @Test
  void whatWasStoredOpensWithItsKey() throws IOException {
    assertFalse(file().exists());
    file().store(keys, FIRST);
    assertTrue(file().exists());
    assertOpens(FIRST);
    assertLocked(NONE);
    assertLocked(OTHER);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void aCrashBeforeTheOthersAreSealedLeavesTheOldSeal(
      String what, Optional<UnlockKey> before, Optional<UnlockKey> after) throws IOException {
    file().store(keys, before);
    file().prepare(keys, after);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(next())));
    // Looking changes nothing: the next start may be with the old key just as well.
    assertOpens(before);
    assertOpens(before);
    assertTrue(Files.exists(next()), what);
    if (before.isPresent()) {
      assertLocked(OTHER);
      assertOpens(before);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void aCrashAfterTheOthersAreSealedIsMadeGood(
      String what, Optional<UnlockKey> before, Optional<UnlockKey> after) throws IOException {
    file().store(keys, before);
    file().prepare(keys, after);
    assertOpens(after);
    assertFalse(Files.exists(next()), what);
    assertSealedWithOnly(after);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void onlyTheNewSealIsLeftInTheEnd(
      String what, Optional<UnlockKey> before, Optional<UnlockKey> after) throws IOException {
    file().store(keys, before);
    file().prepare(keys, after);
    file().finish();
    assertFalse(Files.exists(next()), what);
    assertSealedWithOnly(after);
  }

  private void assertSealedWithOnly(Optional<UnlockKey> key) throws IOException {
    assertOpens(key);
    assertReadable(path(), key.isEmpty());
    if (key.isPresent()) {
      for (Optional<UnlockKey> wrong : Stream.of(NONE, FIRST, SECOND, OTHER).toList()) {
        if (!wrong.equals(key)) {
          assertLocked(wrong);
        }
      }
    }
  }

  /** A step that failed is taken again, perhaps with yet another key. */
  @Test
  void anAbandonedChangeDoesNotCount() throws IOException {
    file().store(keys, FIRST);
    file().prepare(keys, SECOND);
    file().prepare(keys, OTHER);
    assertLocked(SECOND);
    assertOpens(FIRST);
    file().finish();
    assertLocked(FIRST);
    assertLocked(SECOND);
    assertOpens(OTHER);
  }

  /** What a manager left behind that was one before must not stand in for the new keys. */
  @Test
  void newKeysAreNotThoseOfAnEarlierChange() throws IOException {
    file().store(DataKeys.create(RANDOM), FIRST);
    file().prepare(DataKeys.create(RANDOM), SECOND);
    file().store(keys, SECOND);
    assertOpens(SECOND);
  }
}
