package dev.swarm.core.pki;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.Clock;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** Client certificates that the cluster's root signed, and that are refused all the same. */
class OddCertificatesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final X500Name AUTHORITY = new X500Name("CN=swarm-ca");

  private final Seeded random = new Seeded(11);
  private final KeyPair authority = PrivateKeys.generate(random);
  private final KeyPair node = PrivateKeys.generate(random);
  private final Clock clock =
      new Clock() {
        @Override
        public Instant now() {
          return NOW;
        }

        @Override
        public long nanoTime() {
          return 0;
        }
      };

  private X509Certificate sign(X500Name subject, KeyPair keys, String algorithm, boolean isRoot)
      throws Exception {
    var builder =
        new JcaX509v3CertificateBuilder(
            AUTHORITY,
            BigInteger.ONE,
            Date.from(NOW.minus(Duration.ofHours(1))),
            Date.from(NOW.plus(Duration.ofDays(90))),
            subject,
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isRoot));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(algorithm).build(authority.getPrivate())));
  }

  private void present(X500Name subject, String algorithm) throws Exception {
    X509Certificate root = sign(AUTHORITY, authority, "SHA256withECDSA", true);
    RootCertificate trusted = RootCertificate.parse(Pem.encode(Pem.CERTIFICATE, root.getEncoded()));
    X509Certificate leaf = sign(subject, node, algorithm, false);
    new PeerTrustManager(trusted, PeerIdentity.MANAGER_NAME, clock)
        .checkClientTrusted(new X509Certificate[] {leaf}, "ECDSA");
  }

  private static X500NameBuilder named() {
    return new X500NameBuilder().addRDN(BCStyle.O, "cluster").addRDN(BCStyle.OU, "swarm-manager");
  }

  @Test
  void oneLikeAnyOtherIsBelieved() {
    assertDoesNotThrow(
        () -> present(named().addRDN(BCStyle.CN, "node").build(), "SHA256withECDSA"));
  }

  @Test
  void aWeakSignatureIsNot() {
    X500Name subject = named().addRDN(BCStyle.CN, "node").build();
    var refusal = assertThrows(CertificateException.class, () -> present(subject, "SHA1withECDSA"));
    assertTrue(String.valueOf(refusal.getMessage()).contains("SHA1withECDSA"));
  }

  /** The first value of such an attribute need not be of the type that was asked for. */
  @Test
  void norIsANameAmongOthers() {
    var types = new org.bouncycastle.asn1.ASN1ObjectIdentifier[] {BCStyle.SERIALNUMBER, BCStyle.CN};
    X500Name subject = named().addMultiValuedRDN(types, new String[] {"other", "node"}).build();
    assertThrows(CertificateException.class, () -> present(subject, "SHA256withECDSA"));
  }
}
