package dev.swarm.manager.raft.storage;

import dev.swarm.host.DurableFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The cluster's data keys, the newest first: the first one seals, all of them open. Every manager
 * of a cluster must hold the same ones, so a joining manager is given {@link #encode} over its
 * authenticated connection before its log starts. Immutable.
 */
public final class DataKeys {
  private static final int KEYS_MAX = 64;
  private static final String PLAIN = "swarm-data-keys 1 plain";
  private static final String SEALED = "swarm-data-keys 1 sealed";

  private static final byte[] SEALED_CONTEXT = SEALED.getBytes(StandardCharsets.US_ASCII);

  private final List<DataKey> keys;

  private DataKeys(List<DataKey> keys) {
    if (keys.isEmpty() || keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException(
          "from 1 to " + KEYS_MAX + " data keys, not " + keys.size());
    }
    this.keys = List.copyOf(keys);
  }

  /** One new random key. */
  public static DataKeys create(SecureRandom random) {
    return new DataKeys(List.of(DataKey.create(random)));
  }

  /**
   * A new key in front of these. To be done before one key has sealed 2^32 entries, the bound of
   * random nonces. Every manager must hold the new keys before a leader seals with them.
   */
  public DataKeys rotated(SecureRandom random) {
    List<DataKey> all = new ArrayList<>();
    all.add(DataKey.create(random));
    all.addAll(keys);
    return new DataKeys(all);
  }

  /**
   * Only the newest key; for when no entry or snapshot sealed with an older one is left anywhere.
   */
  public DataKeys newestOnly() {
    return new DataKeys(List.of(newest()));
  }

  DataKey newest() {
    return keys.getFirst();
  }

  Optional<DataKey> find(long id) {
    return keys.stream().filter(key -> key.id() == id).findFirst();
  }

  /** The keys themselves, as bytes: secret. */
  public byte[] encode() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(keys.size());
      for (DataKey key : keys) {
        out.writeLong(key.id());
        out.write(key.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The inverse of {@link #encode}. */
  public static DataKeys decode(byte[] encoded) throws IOException {
    try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      int count = in.readInt();
      if (count < 1 || count > KEYS_MAX || encoded.length != 4 + count * (8 + DataKey.KEY_BYTES)) {
        throw new IOException("not an encoded list of data keys");
      }
      List<DataKey> keys = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long id = in.readLong();
        keys.add(new DataKey(id, in.readNBytes(DataKey.KEY_BYTES)));
      }
      return new DataKeys(keys);
    }
  }

  /**
   * Writes the keys to {@code file}, readable by its owner only, atomically and to the disk.
   *
   * @param unlock seals the file; empty leaves the keys readable to whoever can read the file
   */
  public void store(Path file, Optional<UnlockKey> unlock, SecureRandom random) throws IOException {
    byte[] body =
        unlock.map(key -> key.seal(encode(), SEALED_CONTEXT, random)).orElseGet(this::encode);
    String text =
        (unlock.isPresent() ? SEALED : PLAIN)
            + "\n"
            + Base64.getEncoder().encodeToString(body)
            + "\n";
    DurableFiles.replace(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Reads what {@link #store} wrote.
   *
   * @throws LockedException when the file is sealed and {@code unlock} is empty or not its key
   */
  public static DataKeys load(Path file, Optional<UnlockKey> unlock) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
    if (lines.size() != 2) {
      throw new IOException(file + " is not a file of data keys");
    }
    byte[] body = body(file, lines.get(1));
    return switch (lines.getFirst()) {
      case PLAIN -> decode(body);
      case SEALED -> decode(unseal(file, body, unlock));
      default -> throw new IOException(file + " is not a file of data keys this version knows");
    };
  }

  /** Whether {@link #load} needs a key for what {@link #store} wrote to {@code file}. */
  static boolean isSealed(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
    return !lines.isEmpty() && lines.getFirst().equals(SEALED);
  }

  private static byte[] body(Path file, String base64) throws IOException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is damaged", e);
    }
  }

  private static byte[] unseal(Path file, byte[] body, Optional<UnlockKey> unlock)
      throws LockedException {
    if (unlock.isEmpty()) {
      throw new LockedException(file + " is sealed: an unlock key is needed");
    }
    try {
      return unlock.get().open(body, SEALED_CONTEXT, file.toString());
    } catch (UnsealException e) {
      var locked = new LockedException(file + " does not open with this unlock key");
      locked.initCause(e);
      throw locked;
    }
  }

  @Override
  public String toString() {
    return keys.toString();
  }
}
