package dev.swarm.core.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Laws of join tokens and their spelling. */
class JoinTokenProperties {
  private static RootCertificate root = root(1);

  private static RootCertificate root(long seed) {
    return CertificateAuthority.create(Instant.parse("2026-01-01T00:00:00Z"), new Seeded(seed))
        .root();
  }

  @BeforeContainer
  static void makeRoot() {
    root = root(2);
  }

  @Property
  void aTokenReadsBackAsItWasWritten(@ForAll long seed) throws CredentialException {
    JoinToken token = JoinToken.generate(root, new Seeded(seed));
    assertEquals(token, JoinToken.parse(token.format()));
    assertEquals(token, JoinToken.parse("  " + token.format() + "\n"));
    assertEquals("SWMTKN-1-".length() + 50 + 1 + 25, token.format().length());
    assertEquals(root.digest(), token.rootDigest());
  }

  @Property
  void onlyTheWholeTokenMatches(@ForAll long seed, @ForAll @IntRange(max = 84) int at) {
    JoinToken token = JoinToken.generate(root, new Seeded(seed));
    StringBuilder changed = new StringBuilder(token.format());
    changed.setCharAt(at, changed.charAt(at) == '0' ? '1' : '0');
    assertTrue(token.matches(token.format()));
    assertFalse(token.matches(changed.toString()));
    assertFalse(token.matches(token.format().substring(0, at)));
    assertFalse(token.matches(""));
  }

  @Property
  void aCutOrLengthenedTokenIsRefused(@ForAll long seed, @ForAll @IntRange(max = 84) int length) {
    String text = JoinToken.generate(root, new Seeded(seed)).format();
    assertThrows(CredentialException.class, () -> JoinToken.parse(text.substring(0, length)));
    assertThrows(CredentialException.class, () -> JoinToken.parse(text + "0"));
  }

  @Property
  void anyTextIsATokenOrAnError(@ForAll String text) {
    assertThrows(CredentialException.class, () -> JoinToken.parse(text));
  }

  @Property
  void theSecretIsNotPrinted(@ForAll long seed) {
    JoinToken token = JoinToken.generate(root, new Seeded(seed));
    assertFalse(token.toString().contains(token.secret()));
  }

  @Property
  void base36KeepsTheNumber(@ForAll @Size(32) byte[] bytes) {
    String text = Base36.encode(bytes, 50);
    assertTrue(Base36.isNumber(text, 50));
    assertEquals(new BigInteger(1, bytes), Base36.decode(text));
  }
}
