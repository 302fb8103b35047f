package dev.swarm.core.placement;

/** Passes nodes that have fewer tasks of the service than its limit for one node. */
final class MaxReplicasFilter implements Filter.OfRoom {
  @Override
  public boolean concerns(Needs needs) {
    return needs.policy().maxReplicas() > 0;
  }

  @Override
  public boolean admits(Room room, Needs needs) {
    return room.ofService() < needs.policy().maxReplicas();
  }

  @Override
  public String sentence() {
    return "max replicas per node limit exceeded on %d node%s";
  }
}
