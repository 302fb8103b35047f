package dev.swarm.cli.node.engineapi.routes;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Queue of lines for one client, from several sources. A client that falls too far behind is cut
 * off: it must not believe that it has seen everything.
 */
final class EventFeed {
  static final int LINES_MAX = 4096;
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>(LINES_MAX);

  /** From any thread; never blocks. */
  void offer(byte[] line) {
    if (!lines.offer(line)) {
      lines.clear();
      end();
    }
  }

  /** What was offered before still comes. */
  void end() {
    if (!lines.offer(END)) {
      lines.clear();
      var _ = lines.offer(END);
    }
  }

  /** Waits for the next line; an empty one is the end. */
  byte[] next() throws InterruptedException {
    return lines.take();
  }
}
