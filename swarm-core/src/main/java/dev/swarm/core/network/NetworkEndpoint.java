package dev.swarm.core.network;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import java.util.List;

/**
 * A task's place on a network.
 *
 * @param service {@link ServiceId#NONE} for a container that a node's user attached
 * @param names its own: of the container and of the task
 * @param aliases further names of its service on this network
 * @param draining it is being stopped: flows that exist live on, new ones are not sent to it
 * @param healthy it runs, and its health check, if it has one, passes
 */
public record NetworkEndpoint(
    TaskId task,
    Ipv4 address,
    NodeId node,
    ServiceId service,
    List<String> names,
    List<String> aliases,
    boolean draining,
    boolean healthy) {
  public NetworkEndpoint {
    names = List.copyOf(names);
    aliases = List.copyOf(aliases);
  }

  public MacAddress mac() {
    return MacAddress.of(address);
  }

  /** Whether new flows and lookups may be given it. */
  public boolean serves() {
    return healthy && !draining;
  }
}
