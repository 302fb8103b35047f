package dev.swarm.worker.identity;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;

/**
 * The client's TLS 1.2 and later, offering ALPN and content without an answer: stock managers stop
 * answering it once their own certificate was renewed. Each connection takes a fresh context from
 * its supplier, so that a new certificate or root counts at once.
 */
final class TolerantSslContext extends SslContext {
  private static final String HTTP2 = "h2";
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
  // gRPC looks up what was negotiated in this list: null stands for no ALPN. It requires h2 in it.
  private static final ApplicationProtocolNegotiator NEGOTIATOR =
      () -> Collections.unmodifiableList(Arrays.asList(HTTP2, null));

  private final Supplier<SSLContext> contexts;
  private final List<String> serverNames;
  private final String[] cipherSuites;

  /**
   * @param serverNames what to put into SNI: one DNS name or none
   */
  TolerantSslContext(Supplier<SSLContext> contexts, List<String> serverNames) {
    this.contexts = contexts;
    this.serverNames = serverNames;
    String[] supported = contexts.get().getSupportedSSLParameters().getCipherSuites();
    this.cipherSuites =
        SupportedCipherSuiteFilter.INSTANCE.filterCipherSuites(
            Http2SecurityUtil.CIPHERS, List.of(supported), Set.of(supported));
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
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(VERSIONS);
    parameters.setCipherSuites(cipherSuites);
    parameters.setApplicationProtocols(new String[] {HTTP2});
    // Java leaves names without a dot out of SNI unless told.
    parameters.setServerNames(List.copyOf(serverNames.stream().map(SNIHostName::new).toList()));
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public boolean isClient() {
    return true;
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
    return contexts.get().getClientSessionContext();
  }
}
