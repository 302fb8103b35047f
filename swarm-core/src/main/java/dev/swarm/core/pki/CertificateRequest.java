package dev.swarm.core.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A signing request whose signature was verified. Only its public key is ever used: subject and
 * names of a certificate are the manager's to decide, so a request made here names nobody.
 */
public final class CertificateRequest {
  /** The largest request accepted, in bytes; a P-256 one takes about 330. */
  public static final int BYTES_MAX = 16 * 1024;

  private static final String WHAT = "the certificate request";

  private final byte[] pem;
  private final PublicKey publicKey;

  private CertificateRequest(byte[] pem, PublicKey publicKey) {
    this.pem = pem;
    this.publicKey = publicKey;
  }

  /** A request with an empty subject and no attributes, signed by {@code keys}. */
  public static CertificateRequest create(KeyPair keys, SecureRandom random) {
    try {
      var signer =
          new JcaContentSignerBuilder("SHA256withECDSA")
              .setSecureRandom(random)
              .build(keys.getPrivate());
      var builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(""), keys.getPublic());
      byte[] der = builder.build(signer).getEncoded();
      return new CertificateRequest(Pem.encode(Pem.CERTIFICATE_REQUEST, der), keys.getPublic());
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalArgumentException("the key cannot sign a request", e);
    }
  }

  /**
   * Reads a request from the network.
   *
   * @throws CredentialException if it is too large, malformed, not signed by its own key, or its
   *     key is neither ECDSA with at least 256 bits nor RSA with 2048 to 8192
   */
  public static CertificateRequest parse(byte[] pem) throws CredentialException {
    List<Pem.Block> blocks = Pem.parse(pem, BYTES_MAX, WHAT);
    if (blocks.size() != 1 || !blocks.getFirst().type().equals(Pem.CERTIFICATE_REQUEST)) {
      throw new CredentialException(WHAT + " must be one PEM certificate request");
    }
    try {
      var request = new JcaPKCS10CertificationRequest(blocks.getFirst().der());
      PublicKey key = request.getPublicKey();
      requireStrong(key);
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new CredentialException(WHAT + " is not signed by its own key");
      }
      return new CertificateRequest(pem.clone(), key);
    } catch (IOException
        | PKCSException
        | OperatorCreationException
        | GeneralSecurityException
        | RuntimeException e) {
      // ASN.1 readers report malformed input with unchecked types.
      throw new CredentialException(WHAT + " is malformed", e);
    }
  }

  /** The exact bytes made or received: a node compares them to find its own certificate. */
  public byte[] pem() {
    return pem.clone();
  }

  /**
   * Checks what another authority made of this request.
   *
   * @param chainPem the leaf, then intermediates
   * @return the chain as this project writes it, so that more may be put after it
   * @throws CredentialException if it is for another key or another node, or not of {@code root}
   */
  public byte[] requireAnswer(
      byte[] chainPem, PeerIdentity subject, RootCertificate root, Instant now)
      throws CredentialException {
    CertificateChain chain = CertificateChain.parse(chainPem);
    if (!chain.leaf().getPublicKey().equals(publicKey)) {
      throw new CredentialException("the certificate is for another key");
    }
    if (!PeerIdentity.of(chain.leaf()).equals(subject)) {
      throw new CredentialException("the certificate is for another node, role or cluster");
    }
    chain.requireValid(root, now);
    return chain.pem();
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  private static void requireStrong(PublicKey key) throws CredentialException {
    boolean strong =
        switch (key) {
          case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= 256;
          case RSAPublicKey rsa ->
              rsa.getModulus().bitLength() >= 2048 && rsa.getModulus().bitLength() <= 8192;
          default -> false;
        };
    if (!strong) {
      throw new CredentialException(WHAT + " has a key of a kind or size that is not accepted");
    }
  }
}
