package dev.swarm.core.pki;

import dev.swarm.core.port.Clock;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts certificates that lead to the cluster's root. A server must also carry an expected DNS
 * name; addresses never matter, since managers move.
 */
final class PeerTrustManager extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;

  private final RootCertificate root;
  private final String serverName;
  private final Clock clock;

  PeerTrustManager(RootCertificate root, String serverName, Clock clock) {
    this.root = root;
    this.serverName = serverName;
    this.clock = clock;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    X509Certificate leaf = check(chain, CertificateChain.Purpose.CLIENT);
    try {
      PeerIdentity.of(leaf);
    } catch (CredentialException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    X509Certificate leaf = check(chain, CertificateChain.Purpose.SERVER);
    if (!names(leaf, serverName)) {
      throw new CertificateException("the peer's certificate is not for " + serverName);
    }
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  /** Lists none: a peer then presents what it has, and the answer is ours. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private X509Certificate check(X509Certificate[] presented, CertificateChain.Purpose purpose)
      throws CertificateException {
    if (presented.length == 0) {
      throw new CertificateException("the peer presented no certificate");
    }
    try {
      CertificateChain chain = new CertificateChain(List.of(presented));
      chain.requireValid(root, clock.now());
      chain.requirePurpose(purpose);
      return chain.leaf();
    } catch (CredentialException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  private static boolean names(X509Certificate leaf, String name)
      throws CertificateParsingException {
    Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
    if (alternatives == null) {
      return false;
    }
    return alternatives.stream()
        .filter(entry -> entry.get(0).equals(DNS_NAME))
        .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
        .anyMatch(name::equals);
  }
}
