package dev.swarm.core.pki;

import dev.swarm.core.port.Clock;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS contexts for a machine that has no certificate yet. */
public final class TlsContexts {
  private TlsContexts() {}

  /** Presents nothing; takes only a peer under {@code root} whose certificate carries the name. */
  public static SSLContext anonymous(RootCertificate root, String serverName, Clock clock) {
    return make(null, new PeerTrustManager(root, serverName, clock));
  }

  /**
   * Presents nothing and takes any peer: only to fetch a root certificate whose digest is then
   * compared with a join token.
   */
  public static SSLContext unverified() {
    return make(null, new UnverifiedTrustManager());
  }

  static SSLContext make(@Nullable KeyManager keys, X509ExtendedTrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] keyManagers = keys == null ? new KeyManager[0] : new KeyManager[] {keys};
      context.init(keyManagers, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }
}
