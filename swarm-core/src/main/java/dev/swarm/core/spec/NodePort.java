package dev.swarm.core.spec;

import docker.swarmkit.v1.PortConfig;

/** A port of a node that one task takes for itself. */
public record NodePort(int port, PortConfig.Protocol protocol) {
  @Override
  public String toString() {
    return port + "/" + protocol.name().toLowerCase(java.util.Locale.ROOT);
  }
}
