package dev.swarm.cli.node.engineapi.http;

import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.PrivateKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The PEM files of mutual TLS, as dockerd takes them: who has a certificate of {@code ca} is root
 * here, nobody else gets in.
 *
 * @param cert this daemon's certificate, and those between it and its root
 * @param key the private key of {@code cert}, not encrypted
 */
public record TlsFiles(Path ca, Path cert, Path key) {
  private static final long BYTES_MAX = 1 << 20;

  /** Of key stores that never leave this process. */
  private static final String PASSWORD = "in memory";

  /**
   * @throws IOException in a sentence that names the file
   */
  public SslContextFactory.Server open() throws IOException {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    try {
      KeyStore own = empty();
      own.setKeyEntry(
          "daemon",
          privateKey(),
          PASSWORD.toCharArray(),
          certificates(cert).toArray(new Certificate[0]));
      KeyStore trusted = empty();
      List<? extends Certificate> roots = certificates(ca);
      for (int i = 0; i < roots.size(); i++) {
        trusted.setCertificateEntry("root-" + i, roots.get(i));
      }
      tls.setKeyStore(own);
      tls.setKeyStorePassword(PASSWORD);
      tls.setTrustStore(trusted);
      tls.setNeedClientAuth(true);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate of " + cert + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private PrivateKey privateKey() throws IOException {
    try {
      return PrivateKeys.decode(read(key));
    } catch (CredentialException e) {
      throw new IOException("--tlskey " + key + ": " + e.getMessage(), e);
    }
  }

  private static List<? extends Certificate> certificates(Path file) throws IOException {
    try (var in = new java.io.ByteArrayInputStream(read(file))) {
      List<Certificate> found =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (found.isEmpty()) {
        throw new IOException("the file " + file + " holds no certificate in PEM form");
      }
      return found;
    } catch (CertificateException e) {
      throw new IOException(
          "the file " + file + " holds no certificate in PEM form: " + e.getMessage(), e);
    }
  }

  private static byte[] read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("the TLS file " + file + " does not exist or cannot be read");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException("the TLS file " + file + " is larger than any key or certificate");
    }
    return Files.readAllBytes(file);
  }
}
