package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.http.DaemonRejection;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Changes an object's spec, on condition that nobody else has changed it since it was read. If
 * somebody did, the change is made once more on the new spec, unless both changed the same field.
 *
 * @param what how messages name the object, {@code service web}
 * @param reader reads it
 * @param edit changes its spec in place; asked again for each try
 * @param sender sends it, with the version it was read with
 */
record VersionedEdit(String what, Reader reader, Edit edit, Sender sender) {
  /** Reads the object. */
  interface Reader {
    JsonNode read() throws IOException;
  }

  /** Changes a spec. */
  interface Edit {
    void apply(ObjectNode spec) throws IOException;
  }

  /** Sends the object's spec back. */
  interface Sender {
    JsonNode send(JsonNode object) throws IOException;
  }

  /** How a second try meets what others did. */
  enum Policy {
    /** The last word counts, as for a number of replicas. */
    OVERRIDE,
    /** What others changed is left alone. */
    MERGE
  }

  /**
   * @param object the object as it was sent
   * @param answer the daemon's
   */
  record Done(JsonNode object, JsonNode answer) {}

  /** So many can change one object at the same time, and every one of them is heard. */
  private static final int TRIES_MAX = 20;

  private static final Duration REST = Duration.ofMillis(20);

  /**
   * @param first the object as it was read already
   * @throws IOException also when somebody else changed the same
   */
  Done run(Context context, JsonNode first, Policy policy) throws IOException {
    JsonNode object = first;
    for (int tries = 1; ; tries++) {
      ObjectNode spec = SwarmSpecFlags.child((ObjectNode) object, "Spec");
      JsonNode before = spec.deepCopy();
      edit.apply(spec);
      try {
        return new Done(object, sender.send(object));
      } catch (DaemonRejection e) {
        if (!e.outOfSequence()) {
          throw e;
        }
        if (tries == TRIES_MAX) {
          throw new IOException(what + " is being changed all the time: try again later", e);
        }
        rest(context, tries);
        JsonNode fresh = reader.read();
        if (policy == Policy.MERGE) {
          refuseClash(before, spec, fresh.path("Spec"));
        }
        object = fresh;
      }
    }
  }

  /** The same refusal where nothing can be made anew; another rejection as it is. */
  static IOException changedByOthers(String what, DaemonRejection e) {
    return e.outOfSequence()
        ? new IOException(
            what
                + " was changed by somebody else at the same time: nothing was done; look at it and"
                + " ask again",
            e)
        : e;
  }

  private void refuseClash(JsonNode before, JsonNode ours, JsonNode theirs) throws IOException {
    Optional<String> clash = Overlap.first(before, ours, theirs);
    if (clash.isPresent()) {
      throw new IOException(
          what
              + " was changed by somebody else at the same time ("
              + clash.get()
              + "): nothing was done; look at it and ask again");
    }
  }

  private static void rest(Context context, int tries) throws IOException {
    try {
      context.surroundings().sleeper().rest(REST.multipliedBy(tries));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
