package dev.swarm.manager.edge;

import dev.swarm.core.port.Clock;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.slf4j.MDC;

/** Ends a connection that sends more frames, or opens more calls, than its peer may. */
final class FrameGuard extends ChannelInboundHandlerAdapter {
  private final PeerKind kind;
  private final String address;
  private final FrameMeter meter;
  private final Clock clock;
  private final RemoteLog log;
  private boolean counting;
  private boolean ended;

  FrameGuard(PeerKind kind, String address, Clock clock, RemoteLog log) {
    this.kind = kind;
    this.address = address;
    this.clock = clock;
    this.log = log;
    meter = new FrameMeter(kind.allowance, clock.nanoTime());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes && !ended) {
      countCalls(ctx);
      meter.read(bytes, clock.nanoTime()).ifPresent(what -> end(ctx, "sent too many " + what));
    }
    if (ended) {
      ReferenceCountUtil.release(message);
      return;
    }
    // What is wrong with the frames is logged further on, and should say whose they are.
    try (var _ = MDC.putCloseable(RemoteLog.REMOTE, address)) {
      ctx.fireChannelRead(message);
    }
  }

  private void countCalls(ChannelHandlerContext ctx) {
    if (counting) {
      return;
    }
    Optional<Http2Connection> connection =
        Optional.ofNullable(ctx.pipeline().get(Http2ConnectionHandler.class))
            .map(Http2ConnectionHandler::connection);
    connection.ifPresent(
        open -> {
          counting = true;
          open.addListener(
              new Http2ConnectionAdapter() {
                @Override
                public void onStreamActive(Http2Stream stream) {
                  if (open.remote().numActiveStreams() > kind.allowance.callsAtOnce()) {
                    end(ctx, "opened too many calls at once");
                  }
                }
              });
        });
  }

  private void end(ChannelHandlerContext ctx, String why) {
    if (!ended) {
      ended = true;
      log.note(address, why + " and was cut off");
      var _ = ctx.close();
    }
  }
}
