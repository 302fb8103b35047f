package dev.swarm.worker.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.Validity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
  private IdentityFiles files = new IdentityFiles(parent);

  @BeforeEach
  void open() {
    directory = parent.resolve("swarm/certificates");
    files = new IdentityFiles(directory);
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

  private String failure() {
    return assertThrows(CredentialException.class, () -> files.load()).getMessage();
  }
}
