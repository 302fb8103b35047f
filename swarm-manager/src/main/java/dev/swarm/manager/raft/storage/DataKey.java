package dev.swarm.manager.raft.storage;

import java.security.SecureRandom;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** One AES-256 key under which entries and snapshots are sealed. Its text never shows the key. */
public final class DataKey {
  static final int KEY_BYTES = 32;

  private final long id;
  private final byte[] key;

  DataKey(long id, byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a data key has " + KEY_BYTES + " bytes");
    }
    this.id = id;
    this.key = key.clone();
  }

  static DataKey create(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new DataKey(random.nextLong(), key);
  }

  /** Names the key in the header of whatever it sealed. Random, and no secret. */
  public long id() {
    return id;
  }

  SecretKey secret() {
    return new SecretKeySpec(key, "AES");
  }

  byte[] bytes() {
    return key.clone();
  }

  @Override
  public String toString() {
    return "data key " + Long.toHexString(id);
  }
}
