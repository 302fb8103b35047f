package dev.swarm.cli.node.engineapi.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Notices that a client has left while there is nothing to write to it, so that no write fails. Its
 * request has been read in full, so whatever the connection yields is its end.
 */
public final class ClientWatch {
  private static final long CHECK_PERIOD_MILLIS = 1000;

  private final EndPoint connection;
  private final Scheduler scheduler;
  private final Runnable left;
  private Scheduler.Task next = () -> false;
  private boolean stopped;

  /**
   * @param left run once, when the client has left
   */
  public ClientWatch(Request client, Runnable left) {
    this.connection = client.getConnectionMetaData().getConnection().getEndPoint();
    this.scheduler = client.getComponents().getScheduler();
    this.left = left;
  }

  public synchronized void start() {
    next = scheduler.schedule(this::check, CHECK_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** After this nothing is read any more: the next bytes may be the client's next request. */
  public synchronized void stop() {
    stopped = true;
    var _ = next.cancel();
  }

  private synchronized void check() {
    if (stopped) {
      return;
    }
    if (hasLeft()) {
      left.run();
    } else {
      start();
    }
  }

  private boolean hasLeft() {
    try {
      return !connection.isOpen() || connection.fill(ByteBuffer.allocate(1).flip()) < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
