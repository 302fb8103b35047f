package dev.swarm.cli.daemon.engineapi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection from the moment on that it belongs to the engine: bytes go both ways as
 * they come, and each side's end of output is passed on without ending the other. So bodies of any
 * size, replies that trickle, and connections that leave HTTP altogether are all the same.
 *
 * <p>Each direction has a thread that blocks, which also is the back pressure.
 */
final class EngineTunnel extends AbstractConnection implements Connection.UpgradeTo {
  private static final Logger LOG = LoggerFactory.getLogger(EngineTunnel.class);
  private static final int BUFFER_BYTES = 32 << 10;

  /** After the engine's last byte the client has this long to send or to hang up. */
  private static final long LINGER_MILLIS = 30_000;

  /** What a client may still send to an engine that no longer listens, before it is cut off. */
  private static final long DRAIN_BYTES_MAX = 8 << 20;

  private static final byte[] NO_REPLY =
      noReply(
          "the engine behind this daemon ended the connection without a reply; is it stopping?");

  private final SocketChannel engine;
  private final ByteBufferPool buffers;
  private final ByteBuffer head;
  private final AtomicInteger openDirections = new AtomicInteger(2);
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

  /**
   * @param engine connected and blocking; closed by this
   * @param head what the engine is sent first
   */
  EngineTunnel(
      EndPoint client,
      Executor executor,
      ByteBufferPool buffers,
      SocketChannel engine,
      ByteBuffer head) {
    super(client, executor);
    this.buffers = buffers;
    this.engine = engine;
    this.head = head;
  }

  private static byte[] noReply(String sentence) {
    String body = "{\"message\":\"" + sentence + "\"}\n";
    return ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What the client sent after the head, already received. */
  @Override
  public void onUpgradeTo(ByteBuffer received) {
    early = received;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getExecutor().execute(() -> run(this::toEngine));
    getExecutor().execute(() -> run(this::toClient));
  }

  @Override
  public void onFillable() {
    throw new IllegalStateException("a tunnel waits for its client by itself");
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    closeEngine();
  }

  private interface Direction {
    void copy(ByteBuffer buffer) throws IOException;
  }

  private void run(Direction direction) {
    RetainableByteBuffer buffer = buffers.acquire(BUFFER_BYTES, true);
    try {
      direction.copy(buffer.getByteBuffer());
      if (openDirections.decrementAndGet() == 0) {
        getEndPoint().close();
      }
    } catch (IOException e) {
      // One side is gone: the other must notice, whatever it was doing.
      LOG.debug("a tunnel to the engine broke: {}", e.toString());
      getEndPoint().close(e);
    } finally {
      buffer.release();
    }
  }

  private void toEngine(ByteBuffer buffer) throws IOException {
    if (!send(head) || !send(early)) {
      drain(buffer);
      return;
    }
    while (receive(buffer)) {
      if (!send(buffer)) {
        drain(buffer);
        return;
      }
    }
    engine.shutdownOutput();
  }

  /** False if the engine takes no more; what it said before may still be on its way. */
  private boolean send(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        var _ = engine.write(bytes);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** So that a client which first sends everything comes to read why the engine refused it. */
  private void drain(ByteBuffer buffer) throws IOException {
    long drained = 0;
    while (drained < DRAIN_BYTES_MAX && receive(buffer)) {
      drained += buffer.remaining();
    }
  }

  /** Waits for bytes of the client, left ready to be sent; false at the end of its output. */
  private boolean receive(ByteBuffer buffer) throws IOException {
    while (true) {
      BufferUtil.clear(buffer);
      int count = getEndPoint().fill(buffer);
      if (count != 0) {
        return count > 0;
      }
      try (Blocker.Callback fillable = Blocker.callback()) {
        getEndPoint().fillInterested(fillable);
        fillable.block();
      }
    }
  }

  private void toClient(ByteBuffer buffer) throws IOException {
    boolean silent = true;
    buffer.clear();
    while (engine.read(buffer) >= 0) {
      silent = false;
      deliver(buffer.flip());
      buffer.clear();
    }
    if (silent) {
      deliver(ByteBuffer.wrap(NO_REPLY));
    }
    getEndPoint().shutdownOutput();
    getEndPoint().setIdleTimeout(LINGER_MILLIS);
  }

  private void deliver(ByteBuffer bytes) throws IOException {
    try (Blocker.Callback written = Blocker.callback()) {
      getEndPoint().write(written, bytes);
      written.block();
    }
  }

  private void closeEngine() {
    try {
      engine.close();
    } catch (IOException e) {
      LOG.debug("closing the connection to the engine: {}", e.toString());
    }
  }
}
