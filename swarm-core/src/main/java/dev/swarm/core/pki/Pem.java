package dev.swarm.core.pki;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** The text form of certificates, requests and keys. Headers inside a block are skipped. */
final class Pem {
  static final String CERTIFICATE = "CERTIFICATE";
  static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";

  private static final int BLOCKS_MAX = 64;

  private Pem() {}

  record Block(String type, byte[] der) {}

  /** Every block of {@code text}, at most {@value #BLOCKS_MAX}. What stands outside is ignored. */
  static List<Block> parse(byte[] text, int bytesMax, String what) throws CredentialException {
    if (text.length > bytesMax) {
      throw new CredentialException(what + " is larger than " + bytesMax + " bytes");
    }
    List<Block> blocks = new ArrayList<>();
    // ISO 8859-1 maps every byte, so that garbage is refused by the parser and not by the charset.
    try (PemReader reader = new PemReader(new StringReader(new String(text, ISO_8859_1)))) {
      for (PemObject o = reader.readPemObject(); o != null; o = reader.readPemObject()) {
        if (blocks.size() == BLOCKS_MAX) {
          throw new CredentialException(what + " has more than " + BLOCKS_MAX + " PEM blocks");
        }
        blocks.add(new Block(o.getType(), o.getContent()));
      }
    } catch (IOException | RuntimeException e) {
      // The parser reports bad base 64 with several unchecked types; all mean malformed input.
      throw new CredentialException(what + " is not well-formed PEM", e);
    }
    if (blocks.isEmpty()) {
      throw new CredentialException(what + " has no PEM block");
    }
    return List.copyOf(blocks);
  }

  /** The certificates of a bundle or chain, in its order; at least one, and nothing else. */
  static List<X509Certificate> certificates(byte[] text, int bytesMax, String what)
      throws CredentialException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : parse(text, bytesMax, what)) {
      if (!block.type().equals(CERTIFICATE)) {
        throw new CredentialException(what + " holds a PEM block that is not a certificate");
      }
      certificates.add(certificate(block.der(), what));
    }
    return List.copyOf(certificates);
  }

  static X509Certificate certificate(byte[] der, String what) throws CredentialException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new CredentialException(what + " holds a malformed certificate", e);
    }
  }

  static byte[] encode(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return ("-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n")
        .getBytes(US_ASCII);
  }
}
