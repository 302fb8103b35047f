package dev.swarm.core.pki;

import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A root certificate together with its key, and what it signs. Immutable; holds the most secret
 * thing a cluster has.
 */
public final class CertificateAuthority {
  private static final Duration ROOT_LIFETIME = Duration.ofDays(20 * 365);
  private static final Duration BACKDATE = Duration.ofHours(1);
  // One bit less than 20 octets, top bit set: always positive, never longer than 20 octets.
  private static final int SERIAL_BITS = 159;

  private final RootCertificate root;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private final List<X509Certificate> intermediates;

  private CertificateAuthority(
      RootCertificate root, PrivateKey key, List<X509Certificate> intermediates) {
    this.root = root;
    this.certificate = root.certificates().getFirst();
    this.key = key;
    this.intermediates = List.copyOf(intermediates);
  }

  /** A new root named swarm-ca: ECDSA P-256, valid for 20 years. */
  public static CertificateAuthority create(Instant now, SecureRandom random) {
    KeyPair keys = PrivateKeys.generate(random);
    X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, PeerIdentity.CA_NAME).build();
    Instant from = now.minus(BACKDATE);
    try {
      var builder = builder(name, name, keys.getPublic(), from, from.plus(ROOT_LIFETIME), random);
      addAuthorityExtensions(
          builder, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      X509Certificate root = sign(builder, keys.getPrivate(), random);
      return load(
          Pem.encode(Pem.CERTIFICATE, CertificateChain.der(root)),
          PrivateKeys.encode(keys.getPrivate()));
    } catch (CredentialException | IOException | GeneralSecurityException e) {
      throw new IllegalStateException("a new root certificate did not hold", e);
    }
  }

  /**
   * Takes up a root made earlier, here or elsewhere.
   *
   * @param rootPem one certificate; its bytes are kept as they are
   * @param keyPem its key, not encrypted
   * @throws CredentialException if either is malformed, or they do not belong together
   */
  public static CertificateAuthority load(byte[] rootPem, byte[] keyPem)
      throws CredentialException {
    RootCertificate root = RootCertificate.parse(rootPem);
    if (root.certificates().size() != 1) {
      throw new CredentialException("a signing root must be a single certificate");
    }
    PrivateKey key = PrivateKeys.decode(keyPem);
    if (!PrivateKeys.match(root.certificates().getFirst().getPublicKey(), key)) {
      throw new CredentialException("the root key does not belong to the root certificate");
    }
    return new CertificateAuthority(root, key, List.of());
  }

  /** What nodes of this cluster trust, byte for byte. */
  public RootCertificate root() {
    return root;
  }

  /** The key in PKCS#8 PEM, for storage that is itself sealed. */
  public byte[] keyPem() {
    return PrivateKeys.encode(key);
  }

  /**
   * Signs a node's certificate.
   *
   * @return the chain in PEM: the leaf, then the intermediates given to {@link #withIntermediate}
   */
  public byte[] issue(
      CertificateRequest request,
      PeerIdentity subject,
      Validity validity,
      Instant now,
      SecureRandom random) {
    Instant from = now.minus(validity.backdate());
    Instant until = earlier(now.plus(validity.lifetime()), certificate.getNotAfter().toInstant());
    try {
      var builder = builder(issuer(), name(subject), request.publicKey(), from, until, random);
      addLeafExtensions(builder, request.publicKey(), subject);
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(sign(builder, key, random));
      chain.addAll(intermediates);
      return new CertificateChain(chain).pem();
    } catch (IOException | GeneralSecurityException | CredentialException e) {
      throw new IllegalStateException("a certificate could not be encoded", e);
    }
  }

  /**
   * Vouches for {@code next}: a certificate with its subject and key, signed by this root, so that
   * nodes which only trust this root accept certificates of the next one.
   *
   * @return one certificate in PEM, for {@link #withIntermediate} of the next authority
   */
  public byte[] crossSign(RootCertificate next, Instant now, SecureRandom random) {
    X509Certificate other = next.certificates().getFirst();
    Instant until = earlier(certificate.getNotAfter().toInstant(), other.getNotAfter().toInstant());
    X500Name subject = X500Name.getInstance(other.getSubjectX500Principal().getEncoded());
    try {
      var builder =
          builder(issuer(), subject, other.getPublicKey(), now.minus(BACKDATE), until, random);
      addAuthorityExtensions(builder, keyIdentifier(other));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(keyIdentifier(certificate).getKeyIdentifier()));
      return Pem.encode(Pem.CERTIFICATE, CertificateChain.der(sign(builder, key, random)));
    } catch (IOException | GeneralSecurityException | CredentialException e) {
      throw new IllegalStateException("a cross certificate could not be encoded", e);
    }
  }

  /**
   * This authority, sending {@code crossPem} after every leaf: for as long as some nodes trust only
   * the root before.
   *
   * @throws CredentialException if it is malformed or for another key
   */
  public CertificateAuthority withIntermediate(byte[] crossPem) throws CredentialException {
    CertificateChain cross = CertificateChain.parse(crossPem);
    if (!cross.leaf().getPublicKey().equals(certificate.getPublicKey())
        || !cross.leaf().getSubjectX500Principal().equals(certificate.getSubjectX500Principal())) {
      throw new CredentialException("the cross certificate is not for this root's key");
    }
    return new CertificateAuthority(root, key, cross.certificates());
  }

  /** Names the root only. */
  @Override
  public String toString() {
    return "CertificateAuthority[" + root.digest() + "]";
  }

  /**
   * The identifier a certificate carries, not one computed: an authority made elsewhere may have
   * chosen its own. Never with issuer and serial, which differ between a root and its cross
   * certificate.
   */
  private static SubjectKeyIdentifier keyIdentifier(X509Certificate certificate)
      throws IOException, GeneralSecurityException {
    byte[] extension = certificate.getExtensionValue(Extension.subjectKeyIdentifier.getId());
    return extension == null
        ? new JcaX509ExtensionUtils().createSubjectKeyIdentifier(certificate.getPublicKey())
        : SubjectKeyIdentifier.getInstance(JcaX509ExtensionUtils.parseExtensionValue(extension));
  }

  private X500Name issuer() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  private static X500Name name(PeerIdentity subject) {
    return new X500NameBuilder()
        .addRDN(BCStyle.O, subject.clusterId())
        .addRDN(BCStyle.OU, PeerIdentity.roleName(subject.role()))
        .addRDN(BCStyle.CN, subject.nodeId())
        .build();
  }

  private static void addAuthorityExtensions(
      X509v3CertificateBuilder builder, SubjectKeyIdentifier keyIdentifier) throws IOException {
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(Extension.subjectKeyIdentifier, false, keyIdentifier);
  }

  private void addLeafExtensions(
      X509v3CertificateBuilder builder, PublicKey publicKey, PeerIdentity subject)
      throws IOException, GeneralSecurityException {
    var extensions = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(publicKey));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new AuthorityKeyIdentifier(keyIdentifier(certificate).getKeyIdentifier()));
    builder.addExtension(Extension.subjectAlternativeName, false, names(subject));
  }

  /** The DNS names of a leaf; only a manager may answer for the authority. */
  private static GeneralNames names(PeerIdentity subject) {
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.dNSName, PeerIdentity.roleName(subject.role())));
    names.add(new GeneralName(GeneralName.dNSName, subject.nodeId()));
    if (subject.role() == NodeRole.MANAGER) {
      names.add(new GeneralName(GeneralName.dNSName, PeerIdentity.CA_NAME));
    }
    return new GeneralNames(names.toArray(new GeneralName[0]));
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      PublicKey publicKey,
      Instant from,
      Instant until,
      SecureRandom random) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
        Date.from(from.truncatedTo(ChronoUnit.SECONDS)),
        Date.from(until.truncatedTo(ChronoUnit.SECONDS)),
        subject,
        publicKey);
  }

  private static X509Certificate sign(
      X509v3CertificateBuilder builder, PrivateKey key, SecureRandom random)
      throws IOException, CredentialException {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      var signer = new JcaContentSignerBuilder(algorithm).setSecureRandom(random).build(key);
      return Pem.certificate(builder.build(signer).getEncoded(), "the new certificate");
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("the root key cannot sign", e);
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
