package dev.swarm.cli.node.engineapi.routes;

import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.NodeSpec;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Request to {@code /swarm/init}. Addresses are as the user typed them, a host, an interface's name
 * or either with a port; the receiver resolves them.
 *
 * @param advertiseAddr empty to choose one
 * @param dataPathAddr empty for the advertised one
 * @param dataPathPort 0 for the default
 * @param settings lays what the user asked for over the cluster's default spec
 * @param autoLock managers need a key after a restart
 * @param defaultAddrPool networks in CIDR notation, already checked
 * @param subnetSize prefix length, 0 for the default
 */
public record InitRequest(
    String listenAddr,
    String advertiseAddr,
    String dataPathAddr,
    int dataPathPort,
    boolean forceNewCluster,
    UnaryOperator<ClusterSpec> settings,
    boolean autoLock,
    NodeSpec.Availability availability,
    List<String> defaultAddrPool,
    int subnetSize) {
  public InitRequest {
    defaultAddrPool = List.copyOf(defaultAddrPool);
  }
}
