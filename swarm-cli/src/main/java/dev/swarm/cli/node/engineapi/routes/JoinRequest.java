package dev.swarm.cli.node.engineapi.routes;

import docker.swarmkit.v1.NodeSpec;
import java.util.List;

/**
 * Request to {@code /swarm/join}. Addresses as in {@link InitRequest}.
 *
 * @param remoteAddrs managers to try, at least one
 * @param joinToken secret: never log it
 */
public record JoinRequest(
    String listenAddr,
    String advertiseAddr,
    String dataPathAddr,
    List<String> remoteAddrs,
    String joinToken,
    NodeSpec.Availability availability) {
  public JoinRequest {
    remoteAddrs = List.copyOf(remoteAddrs);
  }

  @Override
  public String toString() {
    return "JoinRequest[remoteAddrs=" + remoteAddrs + ", listenAddr=" + listenAddr + "]";
  }
}
