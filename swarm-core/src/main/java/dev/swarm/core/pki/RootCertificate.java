package dev.swarm.core.pki;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * The certificates a cluster trusts: a PEM bundle kept byte for byte, because join tokens hold the
 * digest of exactly these bytes. During a rotation it holds two roots.
 */
public final class RootCertificate {
  /** The largest bundle accepted, in bytes. */
  public static final int BYTES_MAX = 64 * 1024;

  private static final String WHAT = "the root certificate";
  private final byte[] pem;
  private final List<X509Certificate> certificates;
  private final String digest;

  private RootCertificate(byte[] pem, List<X509Certificate> certificates) {
    this.pem = pem;
    this.certificates = certificates;
    this.digest = Base36.encode(sha256(pem), JoinToken.DIGEST_DIGITS);
  }

  /**
   * Reads a bundle. Dates are not looked at: see {@link #requireValidAt}.
   *
   * @throws CredentialException if it is too large, malformed, or one of its certificates is not a
   *     self-signed authority with SHA-256, 384 or 512 over RSA or ECDSA
   */
  public static RootCertificate parse(byte[] pem) throws CredentialException {
    List<X509Certificate> certificates = Pem.certificates(pem, BYTES_MAX, WHAT);
    for (X509Certificate certificate : certificates) {
      requireRoot(certificate);
    }
    return new RootCertificate(pem.clone(), certificates);
  }

  /**
   * Both bundles, this one first: what is trusted while a cluster moves from one root to another.
   */
  public RootCertificate and(RootCertificate other) {
    var both = new ByteArrayOutputStream();
    both.writeBytes(pem);
    if (pem[pem.length - 1] != '\n') {
      both.write('\n');
    }
    both.writeBytes(other.pem);
    try {
      return parse(both.toByteArray());
    } catch (CredentialException e) {
      throw new IllegalArgumentException("the two bundles do not make one", e);
    }
  }

  /** The bundle's exact bytes. */
  public byte[] pem() {
    return pem.clone();
  }

  /** SHA-256 over {@link #pem} in 50 digits of base 36, as join tokens spell it. */
  public String digest() {
    return digest;
  }

  /** The first root's public key, DER. */
  public byte[] publicKey() {
    return certificates.getFirst().getPublicKey().getEncoded();
  }

  /** At least one, in the order of the bundle. */
  public List<X509Certificate> certificates() {
    return certificates;
  }

  /**
   * Checks the dates of every root.
   *
   * @throws CredentialException if one is not yet, or no longer, valid at {@code now}
   */
  public void requireValidAt(Instant now) throws CredentialException {
    for (X509Certificate certificate : certificates) {
      CertificateChain.requireValidAt(certificate, now, WHAT);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RootCertificate root && Arrays.equals(pem, root.pem);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pem);
  }

  @Override
  public String toString() {
    return "RootCertificate[" + digest + "]";
  }

  private static void requireRoot(X509Certificate certificate) throws CredentialException {
    if (certificate.getBasicConstraints() < 0) {
      throw new CredentialException(WHAT + " is not a certificate authority");
    }
    if (!CertificateChain.SIGNATURES.contains(certificate.getSigAlgName())) {
      throw new CredentialException(
          WHAT + " has an unsupported signature algorithm: " + certificate.getSigAlgName());
    }
    try {
      certificate.verify(certificate.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CredentialException(WHAT + " is not signed by itself", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-256", e);
    }
  }
}
