package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.EngineApiServer.Listen;
import dev.swarm.core.net.HostPort;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Options that a daemon was started with.
 *
 * @param dataDir everything it keeps
 * @param listen where clients are served
 * @param engine the socket of the container engine, if there is one
 * @param processes how this node runs plain processes, if it does
 * @param listenAddr where managers listen when init or join says nothing
 * @param defaultAdvertiseAddr what to advertise when init or join says nothing
 * @param hostname what the node calls itself
 */
record DaemonOptions(
    Path dataDir,
    Listen listen,
    Optional<Path> engine,
    Optional<ProcessSetup> processes,
    String listenAddr,
    String defaultAdvertiseAddr,
    String hostname) {
  /** What a manager listens on where nobody says anything; clients say this then. */
  static final String LISTEN_DEFAULT = HostPort.SWARM_DEFAULT.toString();
}
