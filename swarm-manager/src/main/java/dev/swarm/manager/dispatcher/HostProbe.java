package dev.swarm.manager.dispatcher;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/** Probes whether a host answers on the network. May block for as long as {@code timeout}. */
@FunctionalInterface
public interface HostProbe {
  boolean answers(String addr, Duration timeout);

  /** An echo request where the system lets us send one, otherwise a knock at the echo port. */
  static boolean ping(String addr, Duration timeout) {
    try {
      return InetAddress.ofLiteral(addr).isReachable((int) timeout.toMillis());
    } catch (IOException | IllegalArgumentException e) {
      return false; // no answer is what this says
    }
  }
}
