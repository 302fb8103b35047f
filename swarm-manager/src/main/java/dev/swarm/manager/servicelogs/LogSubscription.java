package dev.swarm.manager.servicelogs;

import dev.swarm.core.port.Cancellable;

/** Handle of a client on its log stream. Safe for many threads. */
public interface LogSubscription extends Cancellable {
  /** The reader is ready again. */
  void resume();

  /** The client has gone or has read enough; agents are told to stop. */
  @Override
  void cancel();
}
