package dev.swarm.core.plan;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;

/** What a controller looks at. A change marks keys; looking once too often does no harm. */
public sealed interface Key {
  record OfService(ServiceId service) implements Key {}

  record OfSlot(ServiceId service, Slot slot) implements Key {}

  record OfNode(NodeId node) implements Key {}

  /** A node's places on networks. */
  record OfAttachments(NodeId node) implements Key {}

  /** What the cluster as a whole needs. */
  record OfCluster() implements Key {}

  /** The tasks of a service that wait for a node. */
  record OfWaiting(ServiceId service) implements Key {}
}
