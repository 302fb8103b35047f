package dev.swarm.core.model;

/**
 * Identifies a service. Ordered by its text, so that decisions over several are made in one order.
 */
public record ServiceId(String value) implements Comparable<ServiceId> {
  /** No service: the id of something not yet known. */
  public static final ServiceId NONE = new ServiceId("");

  public boolean isNone() {
    return value.isEmpty();
  }

  @Override
  public int compareTo(ServiceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode(); // cached by the string: these are the keys of the hottest maps
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceId id && id.value.equals(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
