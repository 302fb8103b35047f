package dev.swarm.core.network;

import dev.swarm.core.model.NodeId;
import java.util.Optional;

/**
 * A node with a part in a network.
 *
 * @param dataPath where frames for its tasks are sent, and come from
 * @param address its own on the network, from which it answers for virtual addresses and names
 */
public record NetworkNode(NodeId id, Ipv4 dataPath, Optional<Ipv4> address) {}
