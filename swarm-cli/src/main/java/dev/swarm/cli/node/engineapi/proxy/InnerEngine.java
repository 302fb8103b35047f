package dev.swarm.cli.node.engineapi.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.RequestHead;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;

/**
 * The local engine behind this daemon: it answers everything that is not the swarm's. Calls block
 * and may be made from many threads.
 */
public interface InnerEngine {
  /** Called once before the server starts; whatever it needs ends with {@code server}. */
  void startWith(Server server);

  /** What the engine last said of itself; empty until it first answered. Takes seconds at most. */
  Optional<EngineFacts> facts();

  /**
   * The engine's reply to a GET.
   *
   * @param target path with its version prefix, and query, encoded
   * @throws ApiRejection the engine's own refusal, or 503 if it cannot be reached or breaks off
   */
  JsonNode get(String target);

  /** The engine's reply to a POST without a body; else as {@link #get}. */
  JsonNode post(String target);

  /** The engine's reply to a POST, missing if it has no body; else as {@link #get}. */
  JsonNode post(String target, JsonNode body);

  /**
   * A GET's reply that may go on for ever.
   *
   * @throws ApiRejection the engine's own refusal
   * @throws IOException if the engine cannot be reached or breaks off, in a sentence for the user
   */
  Streaming stream(String target) throws IOException;

  /**
   * Answers requests that are not ours. It gets each request untouched, its version prefix included
   * and nothing of its body read unless it is in {@link RequestHead#BODY}, and may take over the
   * connection.
   */
  Handler passThrough();

  /** A body as it comes; closing it, from any thread, aborts the request. */
  interface Streaming extends Closeable {
    InputStream body();
  }
}
