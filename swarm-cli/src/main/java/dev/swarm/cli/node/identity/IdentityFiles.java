package dev.swarm.cli.node.identity;

import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.host.DurableFiles;
import dev.swarm.host.DurableFiles.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * A node's identity in a directory, under the names that engines use: {@code swarm-root-ca.crt},
 * {@code swarm-node.crt}, {@code swarm-node.key}. The directory is 0700 and the key 0600. A crash
 * while storing leaves the old identity or the new one, never neither. Used by one thread at a
 * time.
 */
public final class IdentityFiles {
  private static final String ROOT = "swarm-root-ca.crt";
  private static final String CHAIN = "swarm-node.crt";
  private static final String KEY = "swarm-node.key";
  private static final String NEXT = ".next";
  private static final String OWNER_ONLY = "rwx------";
  private static final int BYTES_MAX = 64 * 1024;

  private final Path directory;
  private final SecureRandom random;
  private Optional<String> passphrase = Optional.empty();

  /**
   * @param directory usually {@code certificates} in a node's data directory; made when first
   *     needed
   * @param random for the encryption of a key that is {@link #lock locked}
   */
  public IdentityFiles(Path directory, SecureRandom random) {
    this.directory = directory;
    this.random = random;
  }

  /** Whether there is a key here that only {@link #lock} makes readable. */
  public boolean isLocked() throws IOException {
    try {
      Optional<byte[]> key = read(KEY);
      return key.isPresent() && PrivateKeys.isEncrypted(key.get());
    } catch (CredentialException e) {
      return false; // load says what is wrong with it
    }
  }

  /** The passphrase that the private key is encrypted with from now on; empty for none. */
  public void lock(Optional<String> with) {
    passphrase = with;
  }

  /**
   * What is stored, out of date or not; empty if this node never joined.
   *
   * @throws CredentialException naming the file that is missing, malformed or another's
   */
  public Optional<NodeIdentity> load() throws IOException, CredentialException {
    Optional<byte[]> chain = read(CHAIN);
    if (chain.isEmpty()) {
      return Optional.empty();
    }
    RootCertificate root = RootCertificate.parse(required(ROOT));
    Optional<byte[]> pendingKey = read(KEY + NEXT);
    if (pendingKey.isPresent()) {
      Optional<NodeIdentity> finished = finish(root, chain.get(), pendingKey.get());
      if (finished.isPresent()) {
        return finished;
      }
    }
    return Optional.of(assemble(root, chain.get(), required(KEY)));
  }

  /** Writes all three files, durably, before it returns. */
  public void store(NodeIdentity identity) throws IOException {
    DurableFiles.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(OWNER_ONLY));
    write(ROOT, identity.root().pem(), Readers.EVERYBODY);
    write(KEY, encoded(identity.key()), Readers.OWNER);
    write(CHAIN, identity.chainPem(), Readers.EVERYBODY);
    DurableFiles.force(directory);
    publish(ROOT);
    // The key goes last: until then its pending file says which of the two belongs to the chain.
    publish(CHAIN);
    publish(KEY);
  }

  /** Forgets the identity, as on leaving a swarm. */
  public void delete() throws IOException {
    for (String name : new String[] {KEY, CHAIN, ROOT}) {
      Files.deleteIfExists(directory.resolve(name));
      Files.deleteIfExists(directory.resolve(name + NEXT));
    }
    if (Files.isDirectory(directory)) {
      DurableFiles.force(directory);
    }
  }

  /** Completes a store that ended between its last two renames, if that is what happened. */
  private Optional<NodeIdentity> finish(RootCertificate root, byte[] chain, byte[] pendingKey)
      throws IOException {
    NodeIdentity identity;
    try {
      identity = assemble(root, chain, pendingKey);
    } catch (CredentialException e) {
      // The store ended earlier: its key is for a certificate that never took effect.
      return Optional.empty();
    }
    publish(KEY);
    return Optional.of(identity);
  }

  private byte[] encoded(PrivateKey key) {
    return passphrase
        .map(secret -> PrivateKeys.encode(key, secret, random))
        .orElseGet(() -> PrivateKeys.encode(key));
  }

  private NodeIdentity assemble(RootCertificate root, byte[] chain, byte[] key)
      throws CredentialException {
    boolean opened = passphrase.isPresent() && PrivateKeys.isEncrypted(key);
    return NodeIdentity.of(
        root,
        chain,
        opened ? PrivateKeys.decode(key, passphrase.orElseThrow()) : PrivateKeys.decode(key));
  }

  private byte[] required(String name) throws IOException, CredentialException {
    return read(name)
        .orElseThrow(
            () ->
                new CredentialException(
                    directory.resolve(name) + " is missing; leave the swarm" + " and join again"));
  }

  private Optional<byte[]> read(String name) throws IOException {
    try (var in = Files.newInputStream(directory.resolve(name))) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new IOException(directory.resolve(name) + " is larger than any certificate");
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void write(String name, byte[] bytes, Readers readers) throws IOException {
    DurableFiles.write(directory.resolve(name + NEXT), bytes, readers);
  }

  private void publish(String name) throws IOException {
    DurableFiles.publish(directory.resolve(name + NEXT), directory.resolve(name));
  }
}
