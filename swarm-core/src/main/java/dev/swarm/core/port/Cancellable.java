package dev.swarm.core.port;

/** Something under way that can be cancelled. Cancelling twice, or too late, does nothing. */
@FunctionalInterface
public interface Cancellable {
  void cancel();
}
