package dev.swarm.cli.node.engineapi.proxy;

import dev.swarm.cli.node.engineapi.http.PassedRequest;
import dev.swarm.cli.node.engineapi.proxy.MessageEnd.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a client's connection while it belongs to the engine: bytes go both ways as they come,
 * and each side's end of output is passed on without ending the other. So bodies of any size,
 * replies that trickle, and connections that leave HTTP altogether are all the same. Where request
 * and reply show where they end, the connection comes back after them: the next request may be
 * ours.
 *
 * <p>Each direction has a thread that blocks, which also is the back pressure; between the end of a
 * request and the client's next word none is needed.
 */
final class EngineTunnel extends AbstractConnection
    implements Connection.UpgradeTo, Connection.UpgradeFrom {
  static final int BUFFER_BYTES = 32 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(EngineTunnel.class);

  /** After the engine's last byte the client has this long to send or to hang up. */
  private static final long LINGER_MILLIS = 30_000;

  /** What a client may still send to an engine that no longer listens, before it is cut off. */
  private static final long DRAIN_BYTES_MAX = 8 << 20;

  private static final byte[] NO_REPLY =
      noReply(
          "the engine behind this daemon ended the connection without a reply; is it stopping?");

  private final SocketChannel engine;
  private final ByteBufferPool buffers;
  private final PassedRequest passed;
  private final Supplier<Connection> then;
  private final BlockingClient client;
  private final Successor successor;
  private final AtomicInteger openDirections = new AtomicInteger(2);
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER;
  private ByteBuffer late = BufferUtil.EMPTY_BUFFER;

  /**
   * @param engine connected and blocking; closed by this
   * @param then what has the client's connection after this exchange
   */
  EngineTunnel(
      EndPoint client,
      Executor executor,
      ByteBufferPool buffers,
      SocketChannel engine,
      PassedRequest passed,
      Supplier<Connection> then) {
    super(client, executor);
    this.buffers = buffers;
    this.engine = engine;
    this.passed = passed;
    this.then = then;
    this.client = new BlockingClient(client);
    this.successor = new Successor(passed.lengthUnsaid(), new Ways());
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

  /** What the client sent after the exchange. */
  @Override
  public ByteBuffer onUpgradeFrom() {
    return late;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getExecutor().execute(() -> run(this::toEngine));
    getExecutor().execute(() -> run(this::toClient));
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
    } catch (IOException e) {
      // Closed by ourselves, when the exchange was over; or one side is gone: the other must
      // notice, whatever it was doing.
      if (!(e instanceof ClosedChannelException && successor.isOurs())) {
        LOG.debug("a tunnel to the engine broke: {}", e.toString());
        getEndPoint().close(e);
      }
    } finally {
      buffer.release();
    }
  }

  private void directionEnds() {
    if (openDirections.decrementAndGet() == 0) {
      getEndPoint().close();
    }
  }

  private void toEngine(ByteBuffer buffer) throws IOException {
    MessageEnd request = MessageEnd.ofRequest();
    State state = passed.framed() ? request.read(passed.head().duplicate()) : State.ENDLESS;
    boolean taken = send(passed.head());
    while (taken && state == State.UNDER_WAY) {
      ByteBuffer part = early;
      if (!part.hasRemaining()) {
        if (!client.receive(buffer)) {
          endInput();
          return;
        }
        part = buffer;
      }
      ByteBuffer rest = part.duplicate();
      state = request.read(rest);
      early = state == State.OVER ? rest : BufferUtil.EMPTY_BUFFER;
      taken = send(part.limit(part.limit() - early.remaining()));
    }
    if (taken && state == State.OVER) {
      requestIsOver(buffer);
    } else {
      sendAll(early, taken, buffer);
    }
  }

  private void requestIsOver(ByteBuffer buffer) throws IOException {
    ByteBuffer rest = copy(early);
    successor.requestIsOver();
    if (rest.hasRemaining()) {
      successor.clientSent(rest);
    } else {
      hear(buffer);
    }
  }

  /** Sends on what comes as long as it comes. */
  private void sendAll(ByteBuffer first, boolean taken, ByteBuffer buffer) throws IOException {
    boolean takes = taken && send(first);
    while (takes && client.receive(buffer)) {
      takes = send(buffer);
    }
    if (takes) {
      endInput();
    } else {
      drain(buffer);
      directionEnds();
    }
  }

  private void endInput() throws IOException {
    engine.shutdownOutput();
    directionEnds();
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
    while (drained < DRAIN_BYTES_MAX && client.receive(buffer)) {
      drained += buffer.remaining();
    }
  }

  @Override
  public void onFillable() {
    run(this::hear);
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    getEndPoint().close(cause);
  }

  /** Whatever the client says after its request; this returns when there is nothing yet. */
  private void hear(ByteBuffer buffer) throws IOException {
    BufferUtil.clear(buffer);
    int count = getEndPoint().fill(buffer);
    if (count > 0) {
      successor.clientSent(copy(buffer));
    } else if (count == 0) {
      fillInterested();
    } else if (successor.clientEnds()) {
      endInput();
    }
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  private void toClient(ByteBuffer buffer) throws IOException {
    MessageEnd reply = MessageEnd.ofReply(passed.toHead());
    State state = passed.framed() ? State.UNDER_WAY : State.ENDLESS;
    boolean silent = true;
    buffer.clear();
    while (engine.read(buffer) >= 0) {
      silent = false;
      buffer.flip();
      state = next(reply, state, buffer);
      client.deliver(buffer);
      if (state == State.OVER && successor.replyIsOver()) {
        return;
      }
      buffer.clear();
    }
    if (!successor.isTheEngine()) {
      return;
    }
    if (silent) {
      client.deliver(ByteBuffer.wrap(NO_REPLY));
    }
    getEndPoint().shutdownOutput();
    getEndPoint().setIdleTimeout(LINGER_MILLIS);
    directionEnds();
  }

  /**
   * Where the reply stands with {@code bytes}; an engine that says more than that is let say on.
   */
  private State next(MessageEnd reply, State before, ByteBuffer bytes) throws IOException {
    successor.engineSpeaks();
    if (before == State.UNDER_WAY) {
      ByteBuffer rest = bytes.duplicate();
      State state = reply.read(rest);
      if (state == State.UNDER_WAY || (state == State.OVER && !rest.hasRemaining())) {
        return state;
      }
    }
    if (!successor.isTheEngine()) {
      throw new IOException("the engine went on after its reply");
    }
    return State.ENDLESS;
  }

  private void closeEngine() {
    try {
      engine.close();
    } catch (IOException e) {
      LOG.debug("closing the connection to the engine: {}", e.toString());
    }
  }

  private final class Ways implements Successor.Ways {
    @Override
    public void exchangeEnds(boolean clientHasEnded) {
      closeEngine();
      if (clientHasEnded || !passed.staysOpen()) {
        getEndPoint().close();
      }
    }

    @Override
    public void toUs(ByteBuffer first) {
      late = first;
      getEndPoint().upgrade(then.get());
    }

    @Override
    public void toEngine(ByteBuffer first) {
      getExecutor().execute(() -> run(buffer -> sendAll(first, true, buffer)));
    }
  }
}
