package dev.swarm.cli.sim;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.AssignmentsMessage;

/**
 * Assignments of one stream are a chain: a complete message, then each builds on the one before.
 */
final class StreamLaw implements StreamReceiver<AssignmentsMessage> {
  private final World world;
  private final NodeId node;
  private final StreamReceiver<AssignmentsMessage> receiver;
  private String reference = "";
  private int received;

  StreamLaw(World world, NodeId node, StreamReceiver<AssignmentsMessage> receiver) {
    this.world = world;
    this.node = node;
    this.receiver = receiver;
  }

  @Override
  public void next(AssignmentsMessage message) {
    if (world.plants(Bug.SKIPPED_ASSIGNMENT) && ++received % 4 == 0) {
      return;
    }
    boolean follows =
        switch (message.getType()) {
          case COMPLETE -> reference.isEmpty() && message.getAppliesTo().isEmpty();
          case INCREMENTAL -> !reference.isEmpty() && message.getAppliesTo().equals(reference);
          case UNRECOGNIZED -> false;
        };
    if (!follows || message.getResultsIn().isEmpty()) {
      world.broken(
          "assignments of %s have a gap: %s for '%s' after '%s'"
              .formatted(node, message.getType(), message.getAppliesTo(), reference));
    }
    reference = message.getResultsIn();
    receiver.next(message);
  }

  @Override
  public void closed(String cause) {
    receiver.closed(cause);
  }
}
