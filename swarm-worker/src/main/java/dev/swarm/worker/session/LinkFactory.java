package dev.swarm.worker.session;

import dev.swarm.core.port.AgentLink;

/** Makes links to managers. */
@FunctionalInterface
public interface LinkFactory {
  /** A link to the manager at {@code address} (host:port). Must not block; it may connect later. */
  AgentLink connect(String address);
}
