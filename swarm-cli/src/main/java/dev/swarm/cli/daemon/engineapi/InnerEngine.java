package dev.swarm.cli.daemon.engineapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.eclipse.jetty.server.Handler;

/** The local engine behind this daemon: it answers everything that is not the swarm's. */
public interface InnerEngine {
  /** The engine's own {@code GET /info}. Blocks. */
  ObjectNode info() throws IOException;

  /**
   * Answers requests that are not ours. It gets each request untouched, its version prefix included
   * and nothing of its body read, and may take over the connection.
   */
  Handler passThrough();
}
