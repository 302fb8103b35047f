package dev.swarm.core.control.node;

import dev.swarm.core.model.Node;
import docker.swarmkit.v1.NodeRole;

/** Records the role of a node. */
public final class Roles {
  private Roles() {}

  /**
   * {@code node} in {@code role}. A certificate from before a demotion counts no more; a node that
   * is a manager again before it has had another one would never ask for it by itself, for the role
   * that it is told is the one it reads there.
   */
  public static Node with(Node node, NodeRole role) {
    boolean again = role == NodeRole.MANAGER && node.certificate().getRole() == NodeRole.MANAGER;
    return again && node.role() != role ? node.withRole(role).askedToRenew() : node.withRole(role);
  }
}
