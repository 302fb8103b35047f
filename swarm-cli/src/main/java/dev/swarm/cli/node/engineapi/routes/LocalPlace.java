package dev.swarm.cli.node.engineapi.routes;

/**
 * Attachment of a container of this node to one of the swarm's networks.
 *
 * @param id what the swarm knows the place by; empty for one that a container has already
 * @param network what the local engine knows the network by
 * @param address the container's there
 */
public record LocalPlace(String id, String network, String address) {}
