package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.ClientWatch;
import dev.swarm.cli.node.engineapi.http.GrpcErrors;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogsGrpc.LogsBlockingStub;
import docker.swarmkit.v1.SubscribeLogsMessage;
import docker.swarmkit.v1.SubscribeLogsRequest;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import org.eclipse.jetty.server.Request;

/**
 * Passes logs on from the leader to one client, until they end, the client leaves or the leader
 * fails.
 *
 * @param serving cancelled when the server stops
 */
record LogRelay(LogsBlockingStub logs, SubscribeLogsRequest request, Context serving) {
  /**
   * Writes every message as it comes.
   *
   * @throws IOException if the client went away
   */
  void copy(Request client, LogEncoder frames, OutputStream out) throws IOException {
    Context.CancellableContext call = serving.withCancellation();
    ClientWatch watch = new ClientWatch(client, () -> call.cancel(null));
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

  private void copyAttached(LogEncoder frames, OutputStream out) throws IOException {
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
}
