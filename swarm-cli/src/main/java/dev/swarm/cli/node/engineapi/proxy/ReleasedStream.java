package dev.swarm.cli.node.engineapi.proxy;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stream of a request whose connection another takes over as it is: when the request completes, no
 * reply of ours is sent and nothing of its body is read.
 */
final class ReleasedStream implements HttpStream {
  private final HttpStream stream;

  ReleasedStream(HttpStream stream) {
    this.stream = stream;
  }

  @Override
  public String getId() {
    return stream.getId();
  }

  @Override
  public Content.Chunk read() {
    return Content.Chunk.EOF;
  }

  @Override
  public void demand() {
    throw new IllegalStateException("this request's body goes to somebody else");
  }

  @Override
  public void prepareResponse(HttpFields.Mutable headers) {}

  @Override
  public void send(
      MetaData.Request request,
      MetaData.@Nullable Response response,
      boolean last,
      @Nullable ByteBuffer content,
      Callback callback) {
    callback.succeeded();
  }

  @Override
  public Runnable cancelSend(Throwable cause, Callback callback) {
    return stream.cancelSend(cause, callback);
  }

  @Override
  public long getIdleTimeout() {
    return stream.getIdleTimeout();
  }

  @Override
  public void setIdleTimeout(long millis) {
    stream.setIdleTimeout(millis);
  }

  @Override
  public boolean isCommitted() {
    return stream.isCommitted();
  }

  @Override
  public @Nullable TunnelSupport getTunnelSupport() {
    return stream.getTunnelSupport();
  }

  @Override
  public @Nullable Throwable consumeAvailable() {
    return null;
  }

  @Override
  public void succeeded() {
    stream.succeeded();
  }

  @Override
  public void failed(Throwable failure) {
    stream.failed(failure);
  }
}
