package dev.swarm.cli.node.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.Validity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored comes back, whole, also after a crash at any rename. */
class IdentityFilesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Identities identities = new Identities(NOW);
  @TempDir private Path parent = Path.of("");
  private Path directory = parent;
  private IdentityFiles files = new IdentityFiles(parent, new SecureRandom());

  @BeforeEach
  void open() {
    directory = parent.resolve("swarm/certificates");
    files = new IdentityFiles(directory, new SecureRandom());
  }

  private NodeIdentity identity() {
    return identities.issue(Validity.DEFAULT, NOW);
  }

  private static void assertSame(NodeIdentity expected, NodeIdentity actual) {
    assertArrayEquals(expected.chainPem(), actual.chainPem());
    assertEquals(expected.key(), actual.key());
    assertEquals(expected.root(), actual.root());
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
  }

  @Test
  void anIdentityComesBack() throws Exception {
    assertEquals(Optional.empty(), files.load());
    for (NodeIdentity identity : new NodeIdentity[] {identity(), identity()}) {
      files.store(identity);
      assertSame(identity, files.load().orElseThrow());
    }
    assertEquals("rw-------", mode("swarm-node.key"));
    assertEquals("rwx------", mode(""));
    try (Stream<Path> list = Files.list(directory)) {
      assertEquals(3, list.count());
    }
    files.delete();
    assertEquals(Optional.empty(), files.load());
  }

  @Test
  void aKeyWithPemHeadersIsRead() throws Exception {
    NodeIdentity identity = identity();
    files.store(identity);
    Path key = directory.resolve("swarm-node.key");
    String headed =
        Files.readString(key).replaceFirst("KEY-----\n", "KEY-----\nkek-version: 0\n\n");
    Files.writeString(key, headed);
    assertSame(identity, files.load().orElseThrow());
  }

  @Test
  void aCrashLeavesTheOldIdentityOrTheNewOne() throws Exception {
    NodeIdentity old = identity();
    NodeIdentity next = identity();
    files.store(next);
    byte[] nextChain = Files.readAllBytes(directory.resolve("swarm-node.crt"));
    byte[] nextKey = Files.readAllBytes(directory.resolve("swarm-node.key"));

    files.store(old);
    Files.write(directory.resolve("swarm-node.key.next"), nextKey);
    Files.write(directory.resolve("swarm-node.crt.next"), nextChain);
    assertSame(old, files.load().orElseThrow());

    Files.write(directory.resolve("swarm-node.crt"), nextChain);
    assertSame(next, files.load().orElseThrow());
    assertSame(next, files.load().orElseThrow());
    files.store(old);
    assertSame(old, files.load().orElseThrow());
  }

  @Test
  void damageIsNamed() throws Exception {
    files.store(identity());
    Path key = directory.resolve("swarm-node.key");
    Path root = directory.resolve("swarm-root-ca.crt");
    byte[] goodKey = Files.readAllBytes(key);

    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertTrue(failure().contains("private key"));
    Files.delete(key);
    assertTrue(failure().contains("swarm-node.key is missing"));
    Files.write(key, goodKey);
    Files.write(root, new Identities(NOW).issue(Validity.DEFAULT, NOW).root().pem());
    assertTrue(failure().contains("not signed by this cluster's root"));
    Files.writeString(root, "garbage");
    assertTrue(failure().contains("root certificate"));
  }

  private String text(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  private IdentityFiles opened(String... passphrase) {
    IdentityFiles again = new IdentityFiles(directory, new SecureRandom());
    again.lock(Stream.of(passphrase).findFirst());
    return again;
  }

  private static void assertRefused(IdentityFiles closed) {
    assertThrows(CredentialException.class, closed::load);
  }

  @Test
  void aLockedIdentityNeedsItsPassphrase() throws Exception {
    assertFalse(files.isLocked());
    NodeIdentity identity = identity();
    files.store(identity);
    assertFalse(files.isLocked());

    files.lock(Optional.of("first"));
    assertFalse(files.isLocked(), "locked by the next store, not before");
    assertSame(identity, files.load().orElseThrow());
    files.store(identity);
    assertTrue(files.isLocked());
    assertSame(identity, files.load().orElseThrow());
    assertTrue(text("swarm-node.key").startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    assertEquals("rw-------", mode("swarm-node.key"));

    assertTrue(opened().isLocked());
    assertSame(identity, opened("first").load().orElseThrow());
    assertRefused(opened());
    assertRefused(opened("second"));
    assertRefused(opened(""));
    assertSame(identity, opened("first").load().orElseThrow());
  }

  @Test
  void aRenewedIdentityIsLockedLikeTheOldOne() throws Exception {
    files.lock(Optional.of("first"));
    files.store(identity());
    NodeIdentity renewed = identity();
    files.store(renewed);
    assertTrue(files.isLocked());
    assertSame(renewed, opened("first").load().orElseThrow());
    assertRefused(opened());
  }

  @Test
  void unlockingLeavesAPlainKey() throws Exception {
    NodeIdentity identity = identity();
    files.lock(Optional.of("first"));
    files.store(identity);
    files.lock(Optional.empty());
    assertTrue(files.isLocked());
    files.store(identity);
    assertFalse(files.isLocked());
    assertTrue(text("swarm-node.key").startsWith("-----BEGIN PRIVATE KEY-----\n"));
    assertEquals("rw-------", mode("swarm-node.key"));
    assertSame(identity, opened().load().orElseThrow());
  }

  /** Between the last two renames the new key lies beside the old one. */
  @Test
  void aCrashWhileSealingAnewLeavesOneOfTheTwoSeals() throws Exception {
    NodeIdentity identity = identity();
    files.lock(Optional.of("second"));
    files.store(identity);
    byte[] second = Files.readAllBytes(directory.resolve("swarm-node.key"));
    files.lock(Optional.of("first"));
    files.store(identity);
    Path pending = directory.resolve("swarm-node.key.next");

    Files.write(pending, second);
    assertRefused(opened());
    assertRefused(opened("third"));
    assertSame(identity, opened("first").load().orElseThrow());
    assertTrue(Files.exists(pending));
    assertSame(identity, opened("second").load().orElseThrow());
    assertFalse(Files.exists(pending));
    assertRefused(opened("first"));
  }

  @Test
  void aDamagedKeyIsNotTakenForALockedOne() throws Exception {
    files.store(identity());
    Files.writeString(directory.resolve("swarm-node.key"), "garbage");
    assertFalse(files.isLocked());
    assertRefused(files);
  }

  private String failure() {
    return assertThrows(CredentialException.class, () -> files.load()).getMessage();
  }
}
