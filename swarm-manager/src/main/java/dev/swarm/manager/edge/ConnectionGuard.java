package dev.swarm.manager.edge;

import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.port.Clock;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * First handler in the pipeline of one connection. Leaves it unread until its handshake may begin,
 * takes the kind of its peer from the certificate, and ends a stranger's that is too old.
 */
final class ConnectionGuard extends ChannelDuplexHandler {
  private final Gate gate;
  private final Limits limits;
  private final Clock clock;
  private final RemoteLog log;
  private String address = "";
  private Gate.@Nullable Place place;
  private PeerKind kind = PeerKind.STRANGER;
  private boolean held = true;
  private boolean readWaits;

  ConnectionGuard(Gate gate, Limits limits, Clock clock, RemoteLog log) {
    this.gate = gate;
    this.limits = limits;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (ctx.channel().remoteAddress() instanceof InetSocketAddress remote) {
      address = remote.getAddress().getHostAddress();
      switch (gate.arrive(remote.getAddress())) {
        case Gate.Arrival.Refused(String why) -> {
          log.note(address, "was refused a connection: " + why);
          var _ = ctx.close();
        }
        case Gate.Arrival.Admitted(Gate.Place mine, long waitNanos) -> {
          place = mine;
          begin(ctx, waitNanos);
        }
      }
    }
    ctx.fireChannelActive();
  }

  private void begin(ChannelHandlerContext ctx, long waitNanos) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    tls.handshakeFuture()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                shaken(ctx, tls);
              }
            });
    var _ =
        ctx.executor()
            .schedule(
                () -> endIfStranger(ctx), limits.strangerAge().toNanos(), TimeUnit.NANOSECONDS);
    if (waitNanos == 0) {
      release(ctx);
    } else {
      var _ = ctx.executor().schedule(() -> release(ctx), waitNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void release(ChannelHandlerContext ctx) {
    held = false;
    if (readWaits) {
      ctx.read();
    }
  }

  private void endIfStranger(ChannelHandlerContext ctx) {
    if (kind == PeerKind.STRANGER) {
      var _ = ctx.close();
    }
  }

  /** What was decrypted has not gone on yet: the frames are counted from the first. */
  private void shaken(ChannelHandlerContext ctx, SslHandler tls) {
    Optional<PeerIdentity> peer = peer(tls.engine().getSession());
    kind = PeerKind.of(peer);
    if (place != null && peer.isPresent() && !place.become(peer.get().nodeId())) {
      log.note(address, "was cut off: node " + peer.get().nodeId() + " has too many connections");
      var _ = ctx.close();
      return;
    }
    ctx.pipeline()
        .addAfter(
            ctx.pipeline().context(tls).name(), null, new FrameGuard(kind, address, clock, log));
  }

  /** Whom the certificate names that was shown; empty for a stranger. */
  static Optional<PeerIdentity> peer(SSLSession session) {
    try {
      return Optional.of(
          PeerIdentity.ofChain(
              Arrays.stream(session.getPeerCertificates())
                  .map(X509Certificate.class::cast)
                  .toList()));
    } catch (SSLPeerUnverifiedException | CredentialException e) {
      return Optional.empty();
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (held) {
      readWaits = true;
    } else {
      ctx.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try (var _ = MDC.putCloseable(RemoteLog.REMOTE, address)) {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    try (var _ = MDC.putCloseable(RemoteLog.REMOTE, address)) {
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (place != null) {
      place.giveBack();
    }
    try (var _ = MDC.putCloseable(RemoteLog.REMOTE, address)) {
      ctx.fireChannelInactive();
    }
  }
}
