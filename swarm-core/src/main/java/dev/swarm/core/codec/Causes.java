package dev.swarm.core.codec;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.NodeId;
import dev.swarm.log.v1.Cause.Kind;
import java.time.Instant;
import java.util.Optional;

/** Causes in the form in which the log stores them. A plain one has the same name there. */
final class Causes {
  private Causes() {}

  /** Nothing where no cause is known. */
  static Optional<dev.swarm.log.v1.Cause> encode(Cause cause) {
    if (cause == Cause.Plain.NONE) {
      return Optional.empty();
    }
    dev.swarm.log.v1.Cause wire =
        switch (cause) {
          case Cause.Plain plain -> of(Kind.valueOf(plain.name()), NodeId.NONE, 0, "");
          case Cause.NodeDown(NodeId node, Instant since) ->
              of(Kind.NODE_DOWN, node, since.toEpochMilli(), "");
          case Cause.MassFailure(NodeId node, Instant since) ->
              of(Kind.MASS_FAILURE, node, since.toEpochMilli(), "");
          case Cause.NodeRemoved(NodeId node) -> of(Kind.NODE_REMOVED, node, 0, "");
          case Cause.Drained(NodeId node) -> of(Kind.DRAINED, node, 0, "");
          case Cause.ConstraintUnmet(NodeId node, String constraint) ->
              of(Kind.CONSTRAINT_UNMET, node, 0, constraint);
          case Cause.Exited(int code) -> of(Kind.EXITED, NodeId.NONE, code, "");
          case Cause.SpecChanged(long version) -> of(Kind.SPEC_CHANGED, NodeId.NONE, version, "");
          case Cause.RolledBack(long version) -> of(Kind.ROLLED_BACK, NodeId.NONE, version, "");
          case Cause.ScaledDown(int replicas) -> of(Kind.SCALED_DOWN, NodeId.NONE, replicas, "");
          case Cause.HistoryFull(long limit) -> of(Kind.HISTORY_FULL, NodeId.NONE, limit, "");
        };
    return Optional.of(wire);
  }

  private static dev.swarm.log.v1.Cause of(Kind kind, NodeId node, long number, String text) {
    return dev.swarm.log.v1.Cause.newBuilder()
        .setKind(kind)
        .setNodeId(node.value())
        .setNumber(number)
        .setText(text)
        .build();
  }

  static Cause decode(dev.swarm.log.v1.Cause wire) {
    NodeId node = new NodeId(wire.getNodeId());
    long number = wire.getNumber();
    return switch (wire.getKind()) {
      case NODE_DOWN -> new Cause.NodeDown(node, Instant.ofEpochMilli(number));
      case MASS_FAILURE -> new Cause.MassFailure(node, Instant.ofEpochMilli(number));
      case NODE_REMOVED -> new Cause.NodeRemoved(node);
      case DRAINED -> new Cause.Drained(node);
      case CONSTRAINT_UNMET -> new Cause.ConstraintUnmet(node, wire.getText());
      case EXITED -> new Cause.Exited((int) number);
      case SPEC_CHANGED -> new Cause.SpecChanged(number);
      case ROLLED_BACK -> new Cause.RolledBack(number);
      case SCALED_DOWN -> new Cause.ScaledDown((int) number);
      case HISTORY_FULL -> new Cause.HistoryFull(number);
      case UNRECOGNIZED -> Cause.Plain.NONE;
      default -> Cause.Plain.valueOf(wire.getKind().name());
    };
  }
}
