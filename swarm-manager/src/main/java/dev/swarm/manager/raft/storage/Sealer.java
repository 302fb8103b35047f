package dev.swarm.manager.raft.storage;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.LongFunction;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals and opens bytes with AES-256-GCM. A sealed value is a format byte, the key's id, a random
 * nonce, the cipher text and its tag. Safe for use by many threads.
 */
public final class Sealer {
  private static final byte FORMAT = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int HEADER_BYTES = 1 + Long.BYTES + NONCE_BYTES;

  /** By how much sealed bytes are longer than plain ones. */
  public static final int OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;

  private final SecureRandom random;
  private volatile DataKeys keys;

  public Sealer(DataKeys keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  /** From now on seals with the newest of {@code keys} and opens with any of them. */
  public void use(DataKeys keys) {
    this.keys = keys;
  }

  /**
   * @param context opens only with an equal one; not part of the result
   */
  public byte[] seal(byte[] plain, byte[] context) {
    return seal(keys.newest(), random, plain, context);
  }

  /**
   * @param what names the sealed bytes in the exception
   * @throws UnsealException when they were changed, or belong to another context or another key
   */
  public byte[] open(byte[] sealed, byte[] context, String what) throws UnsealException {
    return open(keys::find, sealed, context, what);
  }

  static byte[] seal(DataKey key, SecureRandom random, byte[] plain, byte[] context) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    ByteBuffer sealed = ByteBuffer.allocate(OVERHEAD_BYTES + plain.length);
    sealed.put(FORMAT).putLong(key.id()).put(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
      authenticate(cipher, key.id(), context);
      cipher.doFinal(ByteBuffer.wrap(plain), sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-256-GCM", e);
    }
    return sealed.array();
  }

  static byte[] open(
      LongFunction<Optional<DataKey>> find, byte[] sealed, byte[] context, String what)
      throws UnsealException {
    if (sealed.length < OVERHEAD_BYTES) {
      throw new UnsealException(what, "it is too short to be sealed");
    }
    ByteBuffer in = ByteBuffer.wrap(sealed);
    byte format = in.get();
    if (format != FORMAT) {
      throw new UnsealException(what, "its format " + format + " is not known");
    }
    long id = in.getLong();
    DataKey key = find.apply(id).orElseThrow(() -> unknownKey(what, id));
    byte[] nonce = new byte[NONCE_BYTES];
    in.get(nonce);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce);
      authenticate(cipher, id, context);
      return cipher.doFinal(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES);
    } catch (AEADBadTagException e) {
      throw new UnsealException(what, "it was changed since it was written");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-256-GCM", e);
    }
  }

  private static UnsealException unknownKey(String what, long id) {
    return new UnsealException(
        what,
        "it is sealed with key " + Long.toHexString(id) + ", which this manager does not hold");
  }

  private static Cipher cipher(int mode, DataKey key, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    return cipher;
  }

  private static void authenticate(Cipher cipher, long keyId, byte[] context) {
    cipher.updateAAD(ByteBuffer.allocate(1 + Long.BYTES).put(FORMAT).putLong(keyId).flip());
    cipher.updateAAD(context);
  }
}
