package dev.swarm.core.network;

import dev.swarm.core.model.ServiceId;
import java.util.List;
import java.util.Optional;

/**
 * A service on a network.
 *
 * @param virtualIp the address that stands for all its tasks; absent where its name does
 * @param ports those that every node answers for it; of interest on the ingress network only
 */
public record NetworkService(
    ServiceId id, String name, Optional<Ipv4> virtualIp, List<PublishedPort> ports) {
  public NetworkService {
    ports = List.copyOf(ports);
  }
}
