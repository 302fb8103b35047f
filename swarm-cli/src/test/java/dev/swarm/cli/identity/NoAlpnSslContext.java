package dev.swarm.cli.identity;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/** TLS as a stock peer does it after its first renewal: without a word of ALPN. */
final class NoAlpnSslContext extends SslContext {
  private static final ApplicationProtocolNegotiator NEGOTIATOR = () -> Arrays.asList("h2", null);

  private final Supplier<SSLContext> contexts;
  private final boolean client;
  private final String version;

  NoAlpnSslContext(Supplier<SSLContext> contexts, boolean client, String version) {
    this.contexts = contexts;
    this.client = client;
    this.version = version;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    SSLEngine engine = contexts.get().createSSLEngine();
    engine.setUseClientMode(client);
    engine.setEnabledProtocols(new String[] {version});
    if (!client) {
      engine.setWantClientAuth(true);
    }
    return engine;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
    return newEngine(allocator);
  }

  @Override
  public boolean isClient() {
    return client;
  }

  @Override
  public List<String> cipherSuites() {
    return List.of();
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
