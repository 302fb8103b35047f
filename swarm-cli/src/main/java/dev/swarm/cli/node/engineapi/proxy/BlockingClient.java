package dev.swarm.cli.node.engineapi.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/** A client's connection for threads that wait: one that reads and one that writes. */
final class BlockingClient {
  private final EndPoint connection;

  BlockingClient(EndPoint connection) {
    this.connection = connection;
  }

  /** Waits for bytes, left in {@code buffer} to be taken; false at the end of what is sent. */
  boolean receive(ByteBuffer buffer) throws IOException {
    while (true) {
      BufferUtil.clear(buffer);
      int count = connection.fill(buffer);
      if (count != 0) {
        return count > 0;
      }
      try (Blocker.Callback fillable = Blocker.callback()) {
        connection.fillInterested(fillable);
        fillable.block();
      }
    }
  }

  /** Returns when the client's side has taken all of {@code bytes}. */
  void deliver(ByteBuffer bytes) throws IOException {
    try (Blocker.Callback written = Blocker.callback()) {
      connection.write(written, bytes);
      written.block();
    }
  }
}
