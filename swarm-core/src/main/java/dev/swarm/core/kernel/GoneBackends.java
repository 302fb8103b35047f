package dev.swarm.core.kernel;

import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkState;
import dev.swarm.core.network.NetworkView;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds backends that no longer exist, whose flows must be forgotten. A socket that sends datagrams
 * to a virtual address keeps the backend that it was given, and gets another one only when that is
 * forgotten.
 */
public final class GoneBackends {
  private GoneBackends() {}

  /** The commands to forget those that were in {@code before} and are not in {@code after}. */
  public static List<KernelCommand> between(
      NetworkView before, NetworkView after, NodeFacts facts) {
    List<KernelCommand> commands = new ArrayList<>();
    after
        .networks()
        .forEach(
            (id, state) -> {
              NetworkState old = before.networks().get(id);
              if (old != null && old.endpoints() != state.endpoints()) {
                for (Ipv4 address : gone(old, state)) {
                  commands.add(new KernelCommand.ForgetDatagrams(facts.namespaceOf(id), address));
                }
              }
            });
    return commands;
  }

  private static SortedSet<Ipv4> gone(NetworkState before, NetworkState after) {
    TreeSet<Ipv4> gone = new TreeSet<>();
    for (NetworkEndpoint endpoint : before.endpoints().values()) {
      if (!endpoint.service().value().isEmpty() && !lives(after, endpoint)) {
        gone.add(endpoint.address());
      }
    }
    return gone;
  }

  /** One that drains lives, one that is not healthy does not. */
  private static boolean lives(NetworkState state, NetworkEndpoint before) {
    NetworkEndpoint now = state.endpoints().get(before.task());
    return now != null
        && now.address().equals(before.address())
        && (now.healthy() || now.draining() || !before.healthy());
  }
}
