package dev.swarm.core.control.node;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;

/** Membership of the managers' log, as requests about roles need it. Must not block. */
public interface Voters {
  /** Of a log that one manager keeps for itself: no other can take part. */
  Voters ALONE =
      new Voters() {
        @Override
        public boolean couldVote(Node node) {
          return false;
        }

        @Override
        public boolean votes(NodeId node) {
          return false;
        }

        @Override
        public boolean canDoWithout(NodeId node) {
          return false;
        }
      };

  /** Whether the program on {@code node} could take part. */
  boolean couldVote(Node node);

  /** Whether {@code node} takes part. */
  boolean votes(NodeId node);

  /** Whether the managers that are left and answer could still decide without {@code node}. */
  boolean canDoWithout(NodeId node);
}
