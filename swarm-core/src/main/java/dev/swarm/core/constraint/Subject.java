package dev.swarm.core.constraint;

import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;

/** A node as constraints see it. */
public interface Subject {
  String idText();

  String hostname();

  /** Where its connection came from, without a port. */
  String address();

  NodeRole role();

  /** What the operator says of it, labels among it. */
  NodeSpec spec();

  /** What the machine says of itself. */
  NodeDescription description();
}
