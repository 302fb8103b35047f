package dev.swarm.core.pki;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A leaf certificate and the intermediates after it, each signed by the next; at least the leaf.
 */
record CertificateChain(List<X509Certificate> certificates) {
  /** The largest chain accepted from a peer; a rotation in progress makes two. */
  static final int LENGTH_MAX = 8;

  /** The largest chain accepted in PEM, in bytes. */
  static final int BYTES_MAX = 64 * 1024;

  /** What certificates may be signed with: what engines take too. */
  static final Set<String> SIGNATURES =
      Set.of(
          "SHA256withECDSA",
          "SHA384withECDSA",
          "SHA512withECDSA",
          "SHA256withRSA",
          "SHA384withRSA",
          "SHA512withRSA");

  private static final String WHAT = "the certificate chain";

  /** What the leaf must have been issued for. */
  enum Purpose {
    SERVER("1.3.6.1.5.5.7.3.1"),
    CLIENT("1.3.6.1.5.5.7.3.2");

    private final String oid;

    Purpose(String oid) {
      this.oid = oid;
    }
  }

  CertificateChain {
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("a chain has at least a leaf");
    }
    certificates = List.copyOf(certificates);
  }

  static CertificateChain parse(byte[] pem) throws CredentialException {
    return new CertificateChain(Pem.certificates(pem, BYTES_MAX, WHAT));
  }

  X509Certificate leaf() {
    return certificates.getFirst();
  }

  byte[] pem() {
    var out = new ByteArrayOutputStream();
    for (X509Certificate certificate : certificates) {
      out.writeBytes(Pem.encode(Pem.CERTIFICATE, der(certificate)));
    }
    return out.toByteArray();
  }

  /** The first moment at which every member is in date, if they ever are together. */
  Instant allBegun() {
    return certificates.stream()
        .map(certificate -> certificate.getNotBefore().toInstant())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /**
   * Finds the root that answers for this chain at {@code at}. Intermediates may be superfluous: a
   * node that already trusts the new root needs no cross certificate. The root's own dates are not
   * looked at.
   *
   * @throws CredentialException if the chain does not lead to {@code root}, or is out of date
   */
  X509Certificate requireSignedBy(RootCertificate root, Instant at) throws CredentialException {
    if (certificates.size() > LENGTH_MAX) {
      throw new CredentialException(WHAT + " has more than " + LENGTH_MAX + " certificates");
    }
    for (X509Certificate certificate : certificates) {
      requireValidAt(certificate, at, "the certificate");
      if (!SIGNATURES.contains(certificate.getSigAlgName())) {
        throw new CredentialException(
            "the certificate has an unsupported signature algorithm: "
                + certificate.getSigAlgName());
      }
    }
    Optional<X509Certificate> anchor = Optional.empty();
    for (int length = 1; length <= certificates.size() && anchor.isEmpty(); length++) {
      anchor = anchor(certificates.subList(0, length), root, at);
    }
    return anchor.orElseThrow(
        () ->
            new CredentialException(
                "the certificate is not signed by this cluster's root certificate"));
  }

  /** As {@link #requireSignedBy}, with the root in date as well. */
  void requireValid(RootCertificate root, Instant now) throws CredentialException {
    requireValidAt(requireSignedBy(root, now), now, "the root certificate");
  }

  void requirePurpose(Purpose purpose) throws CredentialException {
    try {
      List<String> usages = leaf().getExtendedKeyUsage();
      if (usages != null && !usages.contains(purpose.oid)) {
        throw new CredentialException("the certificate is not for a TLS " + purpose);
      }
    } catch (CertificateParsingException e) {
      throw new CredentialException("the certificate is malformed", e);
    }
  }

  static void requireValidAt(X509Certificate certificate, Instant now, String what)
      throws CredentialException {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      throw new CredentialException(
          what + " is not valid before " + from + ": check this machine's clock");
    }
    if (now.isAfter(until)) {
      throw new CredentialException(what + " expired at " + until);
    }
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a parsed certificate has no encoding", e);
    }
  }

  private static Optional<X509Certificate> anchor(
      List<X509Certificate> path, RootCertificate root, Instant now) {
    try {
      var parameters =
          new PKIXParameters(
              root.certificates().stream()
                  .map(certificate -> new TrustAnchor(certificate, null))
                  .collect(Collectors.toSet()));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      var result =
          (PKIXCertPathValidatorResult)
              CertPathValidator.getInstance("PKIX")
                  .validate(
                      CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return Optional.of(result.getTrustAnchor().getTrustedCert());
    } catch (CertPathValidatorException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime cannot validate certificates", e);
    }
  }
}
