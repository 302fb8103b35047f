package dev.swarm.core.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;

/**
 * The fact for which a controller wants something done: why a task was made, or called off. Stored
 * with the task, so a few bytes; put into words where it is shown. Nothing is decided by it.
 */
public sealed interface Cause {
  /**
   * For people. Short before long: clients cut what they list after 30 characters.
   *
   * @param nodeName what to call a node
   */
  String words(Function<NodeId, String> nodeName);

  /** Whether something is wrong, rather than that somebody wanted it so. */
  default boolean isTrouble() {
    return false;
  }

  /** Facts of which there is no more to say. */
  enum Plain implements Cause {
    /** Not known: an older version did it. */
    NONE(""),
    ASKED_FOR("the service asks for it"),
    COMPLETED("completed"),
    UNHEALTHY("health check failed"),
    REJECTED("its node could not start it"),
    STOPPED("stopped on its node"),
    ORPHANED("its node was given up"),
    SERVICE_REMOVED("its service was removed"),
    NEW_RUN("the job runs anew"),
    SUPERSEDED("left over from an update that was interrupted"),
    OUTGROWN("its node no longer has the resources it reserves"),
    CALLED_OFF("called off before it had started"),
    LET_GO("its node has let go of it"),
    LEFT_BEHIND("its container is gone"),
    DUE("its predecessor has stopped and its delay is over"),
    FITS("the node has room for it"),
    FITS_NOWHERE("no node can take it"),
    UPDATE_GOES_ON("the state of the service's tasks"),
    NETWORKS_CHANGED("the networks of its tasks"),
    KEYS_AGED("the age of the keys");

    private final String words;

    Plain(String words) {
      this.words = words;
    }

    @Override
    public String words(Function<NodeId, String> nodeName) {
      return words;
    }
  }

  /** Its node does not answer. */
  record NodeDown(NodeId node, Instant since) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "node down since " + at(since) + ": " + nodeName.apply(node);
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }

  /** Its node went down with many others, and stayed down while that was waited for. */
  record MassFailure(NodeId node, Instant since) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "node down since "
          + at(since)
          + ": "
          + nodeName.apply(node)
          + ", among many; it did not come back while the brake held";
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }

  /** Its node is no longer one of the cluster's. */
  record NodeRemoved(NodeId node) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "node removed: " + nodeName.apply(node);
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }

  /** Its node is to be emptied. */
  record Drained(NodeId node) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "node drained: " + nodeName.apply(node);
    }
  }

  /** Its node is none of those that its service may use, any more. */
  record ConstraintUnmet(NodeId node, String constraint) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "constraint no longer met: " + constraint + " on node " + nodeName.apply(node);
    }
  }

  /** It ended by itself, and not well. */
  record Exited(int code) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "exited with " + code;
    }
  }

  /** What its service runs is no longer what it ran. */
  record SpecChanged(long version) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "spec changed to version " + version;
    }
  }

  /** Its service went back to what it ran before. */
  record RolledBack(long version) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "rolled back, as version " + version;
    }
  }

  /** There are more than its service wants. */
  record ScaledDown(int replicas) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "scaled down to " + replicas;
    }
  }

  /** Its slot has that many newer ones. */
  record HistoryFull(long limit) implements Cause {
    @Override
    public String words(Function<NodeId, String> nodeName) {
      return "older than the history limit of " + limit;
    }
  }

  private static String at(Instant time) {
    return DateTimeFormatter.ofPattern("HH:mm:ss 'UTC on' yyyy-MM-dd", Locale.ROOT)
        .format(time.atOffset(ZoneOffset.UTC));
  }
}
