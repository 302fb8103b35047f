package dev.swarm.cli.node.identity;

import java.time.Duration;

/** Waits between two questions to a manager; {@code Thread::sleep} is the real one. */
@FunctionalInterface
public interface Pause {
  void pause(Duration duration) throws InterruptedException;
}
