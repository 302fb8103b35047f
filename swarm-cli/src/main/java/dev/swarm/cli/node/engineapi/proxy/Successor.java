package dev.swarm.cli.node.engineapi.proxy;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Decides who reads a client's connection after a request to the engine: still the engine, if the
 * exchange leaves HTTP or lasts until somebody ends it, or we again. It is decided once; what the
 * client sends before that waits. For all threads.
 */
final class Successor {
  /** What comes of it. */
  interface Ways {
    /** Request and reply are over, and the engine is done with this connection. */
    void exchangeEnds(boolean clientHasEnded);

    /** The client's next request, or its beginning. Called once at most. */
    void toUs(ByteBuffer first);

    /** What the client says to the engine beyond its request. Called once at most. */
    void toEngine(ByteBuffer first);
  }

  private enum Whose {
    OPEN,
    OURS,
    ENGINES
  }

  private final boolean inputMayComeFirst;
  private final Ways ways;
  private Whose whose = Whose.OPEN;
  private boolean requestOver;
  private boolean replyOver;
  private boolean engineSpoke;
  private boolean clientEnded;
  private ByteBuffer waiting = BufferUtil.EMPTY_BUFFER;

  /**
   * @param inputMayComeFirst what follows the request before the engine says a word is input for it
   */
  Successor(boolean inputMayComeFirst, Ways ways) {
    this.inputMayComeFirst = inputMayComeFirst;
    this.ways = ways;
  }

  synchronized boolean isOurs() {
    return whose == Whose.OURS;
  }

  synchronized void engineSpeaks() {
    engineSpoke = true;
  }

  /** The engine has the connection to its end; false if it is ours already. */
  boolean isTheEngine() {
    synchronized (this) {
      if (whose == Whose.OURS) {
        return false;
      }
      whose = Whose.ENGINES;
    }
    goOn();
    return true;
  }

  void requestIsOver() {
    synchronized (this) {
      requestOver = true;
    }
    endIfBothAreOver();
  }

  /** All of it is delivered. True if the connection is ours now. */
  boolean replyIsOver() {
    synchronized (this) {
      replyOver = true;
    }
    endIfBothAreOver();
    return isOurs();
  }

  private void endIfBothAreOver() {
    boolean ended;
    synchronized (this) {
      if (whose != Whose.OPEN || !requestOver || !replyOver) {
        return;
      }
      whose = Whose.OURS;
      ended = clientEnded;
    }
    ways.exchangeEnds(ended);
    goOn();
  }

  /** After its request; {@code bytes} are not used again by the caller. */
  void clientSent(ByteBuffer bytes) {
    synchronized (this) {
      waiting = bytes;
      if (whose == Whose.OPEN && inputMayComeFirst && !engineSpoke) {
        whose = Whose.ENGINES;
      }
    }
    goOn();
  }

  /** After its request. True if the connection is not ours, so that the engine is to be told. */
  boolean clientEnds() {
    synchronized (this) {
      clientEnded = true;
      if (whose != Whose.OURS) {
        return true;
      }
    }
    ways.exchangeEnds(true);
    return false;
  }

  private void goOn() {
    ByteBuffer first;
    Whose now;
    synchronized (this) {
      now = whose;
      if (now == Whose.OPEN || !waiting.hasRemaining()) {
        return;
      }
      first = waiting;
      waiting = BufferUtil.EMPTY_BUFFER;
    }
    if (now == Whose.OURS) {
      ways.toUs(first);
    } else {
      ways.toEngine(first);
    }
  }
}
