package dev.swarm.core.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.PrivateKey;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of the text forms. */
class PemProperties {
  @Property
  void aBlockReadsBackAsItWasWritten(@ForAll @Size(max = 300) byte[] der)
      throws CredentialException {
    var blocks = Pem.parse(Pem.encode("THING", der), 4096, "it");
    assertEquals(1, blocks.size());
    assertEquals("THING", blocks.getFirst().type());
    assertArrayEquals(der, blocks.getFirst().der());
  }

  @Property
  void anyBytesAreReadOrRefused(@ForAll @Size(max = 300) byte[] bytes) {
    assertThrows(CredentialException.class, () -> RootCertificate.parse(bytes));
    assertThrows(CredentialException.class, () -> PrivateKeys.decode(bytes));
    assertThrows(CredentialException.class, () -> CertificateRequest.parse(bytes));
    for (String type : new String[] {Pem.CERTIFICATE, Pem.PRIVATE_KEY, Pem.CERTIFICATE_REQUEST}) {
      byte[] pem = Pem.encode(type, bytes);
      assertThrows(CredentialException.class, () -> RootCertificate.parse(pem));
      assertThrows(CredentialException.class, () -> PrivateKeys.decode(pem));
      assertThrows(CredentialException.class, () -> CertificateRequest.parse(pem));
    }
  }

  @Property(tries = 50)
  void aKeyReadsBackWithAndWithoutHeaders(@ForAll long seed) throws CredentialException {
    KeyPair keys = PrivateKeys.generate(new Seeded(seed));
    String pem = new String(PrivateKeys.encode(keys.getPrivate()), US_ASCII);
    String headed = pem.replaceFirst("-----\n", "-----\nkek-version: 0\n\n");
    for (String text : new String[] {pem, headed}) {
      PrivateKey read = PrivateKeys.decode(text.getBytes(US_ASCII));
      assertArrayEquals(keys.getPrivate().getEncoded(), read.getEncoded());
      assertTrue(PrivateKeys.match(keys.getPublic(), read));
    }
  }

  @Property(tries = 200)
  void aFlippedBitInARequestIsRefused(@ForAll long seed, @ForAll @IntRange(max = 1600) int bit)
      throws CredentialException {
    byte[] pem =
        CertificateRequest.create(PrivateKeys.generate(new Seeded(seed)), new Seeded(seed)).pem();
    byte[] der = Pem.parse(pem, 4096, "it").getFirst().der();
    der[bit / 8 % der.length] ^= (byte) (1 << (bit % 8));
    byte[] changed = Pem.encode(Pem.CERTIFICATE_REQUEST, der);
    assertThrows(CredentialException.class, () -> CertificateRequest.parse(changed));
  }
}
