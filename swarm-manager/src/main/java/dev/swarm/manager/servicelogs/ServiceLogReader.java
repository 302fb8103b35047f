package dev.swarm.manager.servicelogs;

import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.SubscribeLogsMessage;

/**
 * The client's end of a log stream. {@link #closed} with an empty cause means that all logs were
 * delivered; otherwise the cause says which are missing and why.
 */
public interface ServiceLogReader extends StreamReceiver<SubscribeLogsMessage> {
  /**
   * Whether {@link #next} can pass a message on without keeping it in memory. A reader that says no
   * calls {@link LogSubscription#resume} when that changes.
   */
  default boolean ready() {
    return true;
  }
}
