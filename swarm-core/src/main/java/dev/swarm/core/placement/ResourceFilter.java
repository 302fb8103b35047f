package dev.swarm.core.placement;

/** Passes nodes that have as much left as the task reserves. */
final class ResourceFilter implements Filter.OfRoom {
  @Override
  public boolean concerns(Needs needs) {
    return needs.policy().reserves();
  }

  @Override
  public boolean admits(Room room, Needs needs) {
    return room.hasResources(needs.policy());
  }

  @Override
  public String sentence() {
    return "insufficient resources on %d node%s";
  }
}
