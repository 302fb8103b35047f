package dev.swarm.core.placement;

/** Ports of the node's own that nobody else has. */
final class HostPortFilter implements Filter.OfRoom {
  @Override
  public boolean concerns(Needs needs) {
    return !needs.policy().hostPorts().isEmpty();
  }

  @Override
  public boolean admits(Room room, Needs needs) {
    return room.hasPorts(needs.policy());
  }

  @Override
  public String sentence() {
    return "host-mode port already in use on %d node%s";
  }
}
