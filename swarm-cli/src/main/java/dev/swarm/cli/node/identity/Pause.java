package dev.swarm.cli.node.identity;

import java.time.Duration;

/** Lets time pass between two questions to a manager; {@code Thread::sleep} is the real one. */
@FunctionalInterface
public interface Pause {
  void pause(Duration duration) throws InterruptedException;
}
