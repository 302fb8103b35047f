package dev.swarm.core.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of how people keep an unlock key. */
class UnlockKeyTextProperties {
  private static final int PREFIX = "SWMKEY-1-".length();

  @Property
  void aKeyReadsBackAsItWasWritten(@ForAll @Size(32) byte[] key) throws CredentialException {
    String text = UnlockKeyText.of(key);
    assertTrue(text.startsWith("SWMKEY-1-"));
    assertEquals(PREFIX + 43, text.length());
    assertArrayEquals(key, UnlockKeyText.parse(text));
    assertArrayEquals(key, UnlockKeyText.parse(" \t" + text + "\n"));
  }

  @Property
  void aKeyOfAnotherLengthIsRefused(@ForAll @Size(max = 70) byte[] key) {
    Assume.that(key.length != UnlockKeyText.KEY_BYTES);
    assertRefused(UnlockKeyText.of(key));
  }

  @Property
  void aDamagedTextIsRefusedAndNotShown(
      @ForAll @Size(32) byte[] key, @ForAll @IntRange(max = 50) int at) {
    String text = UnlockKeyText.of(key);
    assertRefused(text.substring(0, at));
    assertRefused(text.substring(0, at) + "!" + text.substring(at + 1));
    assertRefused(text.substring(0, at + 1) + " " + text.substring(at + 1));
    assertRefused(text.substring(at + 1));
  }

  @Property
  void anyTextIsRefused(@ForAll String text) {
    assertRefused(text);
  }

  @Property(tries = 50)
  void aLongTextIsRefused(@ForAll @Size(32) byte[] key, @ForAll @IntRange(max = 9) int times) {
    assertRefused(UnlockKeyText.of(key) + "A".repeat(1 << times));
  }

  /** A key mistyped by one letter must not end up in a log. */
  private static void assertRefused(String text) {
    var refusal = assertThrows(CredentialException.class, () -> UnlockKeyText.parse(text));
    String said = String.valueOf(refusal.getMessage()) + refusal.getCause();
    assertTrue(said.startsWith("invalid key: "), said);
    String secret = text.strip();
    for (int at = PREFIX; at + 8 <= secret.length() && secret.startsWith("SWMKEY-1-"); at++) {
      assertFalse(said.contains(secret.substring(at, at + 8)), said);
    }
  }
}
