package dev.swarm.core.model;

import java.time.Instant;

/**
 * Version and times of an object.
 *
 * @param version the log's sequence number of its last change; what an update must name
 * @param createdAtMillis since the epoch, as all times here
 */
public record Meta(long version, long createdAtMillis, long updatedAtMillis) {
  public static final Meta NONE = new Meta(0, 0, 0);

  public Instant createdAt() {
    return Instant.ofEpochMilli(createdAtMillis);
  }

  public Instant updatedAt() {
    return Instant.ofEpochMilli(updatedAtMillis);
  }

  /** The same object, changed by entry {@code version} at {@code atMillis}. */
  public Meta touched(long version, long atMillis) {
    return this == NONE
        ? new Meta(version, atMillis, atMillis)
        : new Meta(version, createdAtMillis, atMillis);
  }
}
