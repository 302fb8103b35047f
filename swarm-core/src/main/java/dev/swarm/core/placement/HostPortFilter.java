package dev.swarm.core.placement;

/** Passes nodes on which the host ports that the task binds are free. */
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
