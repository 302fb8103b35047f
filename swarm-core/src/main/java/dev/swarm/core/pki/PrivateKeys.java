package dev.swarm.core.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemGenerationException;

/** Private keys: made, written as PKCS#8 PEM, read back with or without PEM headers. */
public final class PrivateKeys {
  /** The largest key file accepted, in bytes: an 8192-bit RSA key needs half of it. */
  public static final int BYTES_MAX = 16 * 1024;

  /** The passphrases are 256 random bits: rounds add nothing to that, a round is asked for. */
  private static final int PASSPHRASE_ROUNDS = 10_000;

  /**
   * Not installed in the runtime: it is asked only where the runtime's own cannot do the job. Made
   * when first needed, because that takes long and most nodes are never locked.
   */
  private static final class Crypto {
    private static final Provider PROVIDER = new BouncyCastleProvider();
  }

  private PrivateKeys() {}

  /** A new ECDSA P-256 key pair: the only kind this project makes. */
  public static KeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this Java runtime has no ECDSA P-256", e);
    }
  }

  /** PKCS#8 PEM, not encrypted. */
  public static byte[] encode(PrivateKey key) {
    return Pem.encode(Pem.PRIVATE_KEY, key.getEncoded());
  }

  /** PKCS#8 PEM, encrypted with AES-256 under a key that PBKDF2 makes of {@code passphrase}. */
  public static byte[] encode(PrivateKey key, String passphrase, SecureRandom random) {
    try {
      var encryptor =
          new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
              .setProvider(Crypto.PROVIDER)
              .setPRF(PKCS8Generator.PRF_HMACSHA256)
              .setIterationCount(PASSPHRASE_ROUNDS)
              .setRandom(random)
              .setPassword(passphrase.toCharArray())
              .build();
      return Pem.encode(
          Pem.ENCRYPTED_KEY, new JcaPKCS8Generator(key, encryptor).generate().getContent());
    } catch (OperatorCreationException | PemGenerationException e) {
      throw new IllegalStateException("this Java runtime cannot encrypt a key", e);
    }
  }

  /** Whether {@code pem} is one key that {@link #decode(byte[], String)} needs a passphrase for. */
  public static boolean isEncrypted(byte[] pem) throws CredentialException {
    return Pem.parse(pem, BYTES_MAX, "the private key").stream()
        .anyMatch(block -> block.type().equals(Pem.ENCRYPTED_KEY));
  }

  /**
   * Reads what {@link #encode(PrivateKey, String, SecureRandom)} wrote.
   *
   * @throws CredentialException if it is malformed or the passphrase is not the one
   */
  public static PrivateKey decode(byte[] pem, String passphrase) throws CredentialException {
    List<Pem.Block> blocks = Pem.parse(pem, BYTES_MAX, "the private key");
    if (blocks.size() != 1 || !blocks.getFirst().type().equals(Pem.ENCRYPTED_KEY)) {
      throw new CredentialException("the private key file must hold exactly one encrypted key");
    }
    try {
      var decryptor =
          new JceOpenSSLPKCS8DecryptorProviderBuilder()
              .setProvider(Crypto.PROVIDER)
              .build(passphrase.toCharArray());
      return fromPkcs8(
          new PKCS8EncryptedPrivateKeyInfo(blocks.getFirst().der())
              .decryptPrivateKeyInfo(decryptor));
    } catch (PKCSException
        | OperatorCreationException
        | IOException
        | GeneralSecurityException
        | RuntimeException e) {
      throw new CredentialException("the private key does not open with this key", e);
    }
  }

  /**
   * Reads one PKCS#8 key, or one in an older form: SEC 1 for EC, PKCS#1 for RSA.
   *
   * @throws CredentialException if it is malformed, of an unknown kind, or encrypted
   */
  public static PrivateKey decode(byte[] pem) throws CredentialException {
    List<Pem.Block> blocks = Pem.parse(pem, BYTES_MAX, "the private key");
    if (blocks.size() != 1) {
      throw new CredentialException("the private key file must hold exactly one key");
    }
    Pem.Block block = blocks.getFirst();
    try {
      return switch (block.type()) {
        case Pem.PRIVATE_KEY -> fromPkcs8(PrivateKeyInfo.getInstance(block.der()));
        case "RSA PRIVATE KEY" -> fromPkcs8(fromPkcs1(block.der()));
        case "EC PRIVATE KEY" -> fromPkcs8(fromSec1(block.der()));
        case Pem.ENCRYPTED_KEY ->
            throw new CredentialException("the private key is encrypted: unlock it first");
        default -> throw new CredentialException("unsupported private key type " + block.type());
      };
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // ASN.1 readers report malformed input with unchecked types.
      throw new CredentialException("the private key is malformed or of an unknown kind", e);
    }
  }

  /** Whether both are halves of one EC or RSA pair. */
  static boolean match(PublicKey publicKey, PrivateKey privateKey) {
    if (publicKey instanceof ECPublicKey pub && privateKey instanceof ECPrivateKey priv) {
      ECPoint point =
          EC5Util.convertSpec(priv.getParams()).getG().multiply(priv.getS()).normalize();
      return point.getAffineXCoord().toBigInteger().equals(pub.getW().getAffineX())
          && point.getAffineYCoord().toBigInteger().equals(pub.getW().getAffineY());
    }
    return publicKey instanceof RSAPublicKey pub
        && privateKey instanceof RSAPrivateKey priv
        && pub.getModulus().equals(priv.getModulus());
  }

  private static PrivateKey fromPkcs8(PrivateKeyInfo info)
      throws IOException, GeneralSecurityException {
    boolean ec =
        info.getPrivateKeyAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey);
    return KeyFactory.getInstance(ec ? "EC" : "RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
  }

  private static PrivateKeyInfo fromPkcs1(byte[] der) throws IOException {
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
        org.bouncycastle.asn1.pkcs.RSAPrivateKey.getInstance(der));
  }

  private static PrivateKeyInfo fromSec1(byte[] der) throws IOException {
    var key = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(der);
    var algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject());
    return new PrivateKeyInfo(algorithm, key);
  }
}
