package dev.swarm.manager;

import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.PeerIdentity;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** A connection on which calls are begun with messages that never end. */
final class UnfinishedMessages implements AutoCloseable {
  private static final int PREFIX_BYTES = 5;

  private final Channel connection;

  UnfinishedMessages(EventLoopGroup loops, IdentityHolder identity, int port) {
    connection =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new SslHandler(engine(identity)),
                            Http2FrameCodecBuilder.forClient().build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                  }
                })
            .connect(InetAddress.getLoopbackAddress(), port)
            .syncUninterruptibly()
            .channel();
  }

  private static SSLEngine engine(IdentityHolder identity) {
    SSLEngine engine = identity.clientContext(PeerIdentity.MANAGER_NAME).createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    engine.setSSLParameters(parameters);
    return engine;
  }

  /**
   * Begins a call with a message of which the last byte is missing.
   *
   * @return the status that the call ends with, or "reset"
   */
  CompletableFuture<String> begin(String method, int bytes) {
    CompletableFuture<String> end = new CompletableFuture<>();
    Http2StreamChannel call =
        new Http2StreamChannelBootstrap(connection)
            .handler(new Ends(end))
            .open()
            .syncUninterruptibly()
            .getNow();
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("https")
            .path("/" + method)
            .authority("swarm-manager")
            .set("content-type", "application/grpc")
            .set("te", "trailers");
    ByteBuf message = Unpooled.buffer(PREFIX_BYTES + bytes);
    message.writeByte(0).writeInt(bytes).writeZero(bytes - 1);
    var _ = call.write(new DefaultHttp2HeadersFrame(headers));
    var _ = call.writeAndFlush(new DefaultHttp2DataFrame(message));
    return end;
  }

  private static final class Ends extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<String> end;

    Ends(CompletableFuture<String> end) {
      this.end = end;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      if (frame instanceof Http2HeadersFrame answer && answer.headers().contains("grpc-status")) {
        end.complete(answer.headers().get("grpc-status").toString());
      } else if (frame instanceof Http2ResetFrame) {
        end.complete("reset");
      }
      ReferenceCountUtil.release(frame);
    }
  }

  @Override
  public void close() {
    connection.close().syncUninterruptibly();
  }
}
