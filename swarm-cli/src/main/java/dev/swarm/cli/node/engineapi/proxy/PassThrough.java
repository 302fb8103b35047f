package dev.swarm.cli.node.engineapi.proxy;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.ErrorReply;
import dev.swarm.cli.node.engineapi.http.RequestHead;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Components;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Hands a client's connection over to the engine: for one exchange if that shows where it ends,
 * else for the rest of its life.
 */
final class PassThrough extends Handler.Abstract {
  private final Path socket;

  PassThrough(Path socket) {
    this.socket = socket;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    SocketChannel engine;
    try {
      engine = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      ErrorReply.send(response, gone(socket, e), callback);
      return true;
    }
    Components components = request.getComponents();
    Connector connector = request.getConnectionMetaData().getConnector();
    HttpConnectionFactory ours = connector.getConnectionFactory(HttpConnectionFactory.class);
    EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
    request.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
        new EngineTunnel(
            client,
            components.getExecutor(),
            components.getByteBufferPool(),
            engine,
            RequestHead.passed(request),
            () -> ours.newConnection(connector, client)));
    request.addHttpStreamWrapper(ReleasedStream::new);
    callback.succeeded();
    return true;
  }

  /** What a client is told while nobody answers at {@code socket}. */
  static ApiRejection gone(Path socket, IOException why) {
    return ApiRejection.unavailable(
        "the engine behind this daemon cannot be reached at unix://"
            + socket
            + " ("
            + why.getMessage()
            + "); is it running?");
  }
}
