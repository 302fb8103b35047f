package dev.swarm.core.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys on disk, with a passphrase and without. */
class PrivateKeysTest {
  private static final String PASSPHRASE = "SWMKEY-1-the right one";

  private final SecureRandom random = new SecureRandom();
  private final PrivateKey key = PrivateKeys.generate(random).getPrivate();
  private final byte[] open = PrivateKeys.encode(key);
  private final byte[] sealed = PrivateKeys.encode(key, PASSPHRASE, random);

  @Test
  void aSealedKeyComesBackByItsPassphrase() throws CredentialException {
    assertTrue(new String(sealed, US_ASCII).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    assertTrue(PrivateKeys.isEncrypted(sealed));
    assertEquals(key, PrivateKeys.decode(sealed, PASSPHRASE));
  }

  @Test
  void anOpenKeyNeedsNone() throws CredentialException {
    assertFalse(PrivateKeys.isEncrypted(open));
    assertEquals(key, PrivateKeys.decode(open));
  }

  @Test
  void theSealedTextShowsNothingOfTheKey() {
    String body = new String(sealed, US_ASCII).replace("\n", "");
    String plain = Base64.getEncoder().encodeToString(key.getEncoded());
    for (int at = 40; at + 20 <= plain.length(); at++) {
      assertFalse(body.contains(plain.substring(at, at + 20)));
    }
    // Salted: the same key under the same passphrase is not to be recognised.
    String again = new String(PrivateKeys.encode(key, PASSPHRASE, random), US_ASCII);
    assertNotEquals(new String(sealed, US_ASCII), again);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "SWMKEY-1-the right on", "SWMKEY-1-the right one "})
  void anotherPassphraseOpensNothing(String wrong) {
    var refusal = assertThrows(CredentialException.class, () -> PrivateKeys.decode(sealed, wrong));
    assertEquals("the private key does not open with this key", refusal.getMessage());
  }

  /** Padding is right by chance once in 256 times: the key inside must not parse then. */
  @Test
  void manyWrongPassphrasesOpenNothing() {
    for (int i = 0; i < 600; i++) {
      String wrong = "wrong" + i;
      assertThrows(CredentialException.class, () -> PrivateKeys.decode(sealed, wrong));
    }
  }

  @Test
  void aSealedKeyIsNotReadWithoutAPassphrase() {
    assertThrows(CredentialException.class, () -> PrivateKeys.decode(sealed));
  }

  /** Whoever gives a passphrase relies on the seal. */
  @Test
  void anOpenKeyIsNotReadWithAPassphrase() {
    assertThrows(CredentialException.class, () -> PrivateKeys.decode(open, PASSPHRASE));
    byte[] both = (new String(sealed, US_ASCII) + new String(open, US_ASCII)).getBytes(US_ASCII);
    assertThrows(CredentialException.class, () -> PrivateKeys.decode(both, PASSPHRASE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
      })
  void damageIsRefused(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    assertThrows(CredentialException.class, () -> PrivateKeys.decode(bytes, PASSPHRASE));
    assertThrows(CredentialException.class, () -> PrivateKeys.decode(bytes));
  }
}
