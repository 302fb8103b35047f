package dev.swarm.manager.raft.storage;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key an operator keeps to unlock a manager: it seals the file of data keys. */
public final class UnlockKey {
  /** There is only one unlock key at a time, so its name says nothing. */
  private static final long ID = 0;

  private final DataKey key;

  /**
   * @param key 32 bytes; copied
   */
  public UnlockKey(byte[] key) {
    this.key = new DataKey(ID, key);
  }

  /** The key itself: secret. */
  public byte[] bytes() {
    return key.bytes();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UnlockKey that && MessageDigest.isEqual(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  byte[] seal(byte[] plain, byte[] context, SecureRandom random) {
    return Sealer.seal(key, random, plain, context);
  }

  byte[] open(byte[] sealed, byte[] context, String what) throws UnsealException {
    return Sealer.open(id -> id == ID ? Optional.of(key) : Optional.empty(), sealed, context, what);
  }

  @Override
  public String toString() {
    return "unlock key";
  }
}
