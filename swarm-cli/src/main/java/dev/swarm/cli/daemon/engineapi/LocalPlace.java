package dev.swarm.cli.daemon.engineapi;

/**
 * A place on one of the swarm's networks for a container of this node.
 *
 * @param network what the local engine knows the network by
 * @param address the container's there
 */
public record LocalPlace(String network, String address) {}
