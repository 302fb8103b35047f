package dev.swarm.manager.tls;

import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.PeerIdentity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;

/**
 * TLS 1.2 and later with ALPN where the peer has it. Stock engines stop offering it after their
 * first renewal, and stock managers stop answering it, so gRPC's insistence is satisfied by listing
 * "nothing negotiated" as acceptable. Each connection takes a fresh context from its supplier,
 * which is what makes a new certificate or root count at once.
 */
public final class TolerantSslContext extends SslContext {
  private static final String HTTP2 = "h2";
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
  // gRPC looks up what was negotiated in this list: null stands for no ALPN. It requires h2 in it.
  private static final ApplicationProtocolNegotiator NEGOTIATOR =
      () -> Collections.unmodifiableList(Arrays.asList(HTTP2, null));

  private final Supplier<SSLContext> contexts;
  private final boolean client;
  private final Optional<String> serverName;
  private final String[] cipherSuites;

  private TolerantSslContext(
      Supplier<SSLContext> contexts, boolean client, Optional<String> serverName) {
    this.contexts = contexts;
    this.client = client;
    this.serverName = serverName;
    SSLParameters supported = contexts.get().getSupportedSSLParameters();
    this.cipherSuites =
        SupportedCipherSuiteFilter.INSTANCE.filterCipherSuites(
            Http2SecurityUtil.CIPHERS,
            List.of(supported.getCipherSuites()),
            Set.of(supported.getCipherSuites()));
  }

  static SslContext server(IdentityHolder identity) {
    return new TolerantSslContext(identity::serverContext, false, Optional.empty());
  }

  static SslContext client(IdentityHolder identity) {
    String name = PeerIdentity.MANAGER_NAME;
    return client(() -> identity.clientContext(name), Optional.of(name));
  }

  /**
   * @param serverName what to put into SNI: a DNS name, or nothing
   */
  public static SslContext client(Supplier<SSLContext> contexts, Optional<String> serverName) {
    return new TolerantSslContext(contexts, true, serverName);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return configure(contexts.get().createSSLEngine());
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return configure(contexts.get().createSSLEngine(peerHost, peerPort));
  }

  private SSLEngine configure(SSLEngine engine) {
    engine.setUseClientMode(client);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(VERSIONS);
    parameters.setCipherSuites(cipherSuites);
    parameters.setApplicationProtocols(new String[] {HTTP2});
    if (client) {
      // Java leaves names without a dot out of SNI unless told.
      parameters.setServerNames(
          serverName
              .<List<SNIServerName>>map(name -> List.of(new SNIHostName(name)))
              .orElse(List.of()));
    } else {
      parameters.setWantClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public boolean isClient() {
    return client;
  }

  @Override
  public List<String> cipherSuites() {
    return List.of(cipherSuites);
  }

  @Override
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return NEGOTIATOR;
  }

  @Override
  public SSLSessionContext sessionContext() {
    SSLContext context = contexts.get();
    return client ? context.getClientSessionContext() : context.getServerSessionContext();
  }
}
