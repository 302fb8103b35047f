package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.store.Snapshot;
import java.time.Duration;
import java.time.Instant;

/**
 * The brake on rescheduling. When many nodes vanish at once the likelier cause is the network or
 * this manager, and moving all their tasks would do more harm than waiting.
 */
public final class MassFailure {
  /** Nodes that went down within this time of each other went together. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  /** How long their tasks stay, counted from the last of them. */
  static final Duration GRACE = Duration.ofSeconds(30);

  private MassFailure() {}

  /**
   * Until when tasks of down nodes stay where they are; {@link Instant#MIN} when nothing is held.
   */
  public static Instant heldUntil(Snapshot snapshot) {
    if (snapshot.down().size() < 2) {
      return Instant.MIN;
    }
    Instant last = Instant.MIN;
    for (NodeId id : snapshot.down().keys()) {
      Instant since = since(snapshot, id);
      last = since.isAfter(last) ? since : last;
    }
    if (last.equals(Instant.MIN)) {
      return last;
    }
    Instant first = last.minus(WINDOW);
    long together =
        snapshot.down().keys().stream().filter(id -> !since(snapshot, id).isBefore(first)).count();
    boolean held = together > 1 && together * 3 > snapshot.nodes().size();
    return held ? last.plus(GRACE) : Instant.MIN;
  }

  /**
   * Whether a node that went down at {@code since} is one of those whose tasks were held.
   *
   * @param heldUntil see {@link #heldUntil}
   */
  static boolean wentTogether(Instant heldUntil, Instant since) {
    return !heldUntil.equals(Instant.MIN) && !since.isBefore(heldUntil.minus(GRACE).minus(WINDOW));
  }

  private static Instant since(Snapshot snapshot, NodeId id) {
    Node node = snapshot.nodes().get(id);
    return node == null ? Instant.MIN.plus(WINDOW) : node.status().since();
  }
}
