package dev.swarm.cli.daemon.engineapi;

import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogsGrpc.LogsBlockingStub;
import docker.swarmkit.v1.SubscribeLogsMessage;
import docker.swarmkit.v1.SubscribeLogsRequest;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * One client's logs from the leader, until they end, the client leaves or the leader fails.
 *
 * @param serving cancelled when the server stops
 */
record LogSubscription(LogsBlockingStub logs, SubscribeLogsRequest request, Context serving) {
  private static final long LOOK_PERIOD_MILLIS = 1000;

  /**
   * Writes every message as it comes.
   *
   * @throws IOException if the client went away
   */
  void copy(Request client, LogFrames frames, OutputStream out) throws IOException {
    Context.CancellableContext call = serving.withCancellation();
    Watch watch = new Watch(client, call);
    watch.start();
    try {
      Context previous = call.attach();
      try {
        copyAttached(frames, out);
      } finally {
        call.detach(previous);
      }
    } finally {
      watch.stop();
      call.cancel(null);
    }
  }

  private void copyAttached(LogFrames frames, OutputStream out) throws IOException {
    try {
      Iterator<SubscribeLogsMessage> messages = logs.subscribeLogs(request);
      while (messages.hasNext()) {
        for (LogMessage message : messages.next().getMessagesList()) {
          out.write(frames.frame(message));
        }
      }
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.CANCELLED) {
        // The status line is long gone: the stream itself carries the error.
        out.write(frames.error(GrpcErrors.rejection(e).sentence()));
      }
    }
  }

  /**
   * Notices a client that leaves while its tasks are silent: nothing is written then, so nothing
   * fails. The request has been read in full, so whatever the connection yields is its end.
   */
  private static final class Watch {
    private final EndPoint connection;
    private final Scheduler scheduler;
    private final Context.CancellableContext call;
    private Scheduler.Task next = () -> false;
    private boolean stopped;

    Watch(Request client, Context.CancellableContext call) {
      this.connection = client.getConnectionMetaData().getConnection().getEndPoint();
      this.scheduler = client.getComponents().getScheduler();
      this.call = call;
    }

    synchronized void start() {
      next = scheduler.schedule(this::look, LOOK_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** After this nothing is read any more: the next bytes may be the client's next request. */
    synchronized void stop() {
      stopped = true;
      var _ = next.cancel();
    }

    private synchronized void look() {
      if (stopped) {
        return;
      }
      if (hasLeft()) {
        call.cancel(null);
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
}
