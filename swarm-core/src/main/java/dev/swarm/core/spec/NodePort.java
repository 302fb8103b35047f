package dev.swarm.core.spec;

import docker.swarmkit.v1.PortConfig;

/** Host port that one task binds on its node. */
public record NodePort(int port, PortConfig.Protocol protocol) {
  @Override
  public String toString() {
    return port + "/" + protocol.name().toLowerCase(java.util.Locale.ROOT);
  }
}
