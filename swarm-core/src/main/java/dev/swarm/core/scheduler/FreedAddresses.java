package dev.swarm.core.scheduler;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Task;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;

/**
 * Detects that a network, or an address on one, was released: what waits for that may fit on any
 * node now.
 */
final class FreedAddresses {
  private FreedAddresses() {}

  static boolean anyIn(Delta delta) {
    return !delta.networks().isEmpty()
        || delta.tasks().stream().anyMatch(FreedAddresses::byTask)
        || delta.nodes().stream().anyMatch(FreedAddresses::byNode)
        || delta.services().stream().anyMatch(FreedAddresses::byService);
  }

  private static boolean byTask(Changed<Task> changed) {
    if (changed.before().isEmpty() || changed.before().get().networks().isEmpty()) {
      return false;
    }
    Task before = changed.before().get();
    return (before.holdsAddresses() && changed.after().filter(Task::holdsAddresses).isEmpty())
        || (before.bindsNetworks() && changed.after().filter(Task::bindsNetworks).isEmpty());
  }

  private static boolean byNode(Changed<Node> changed) {
    return changed.before().isPresent()
        && !changed.before().get().networks().isEmpty()
        && !changed.before().get().networks().equals(changed.latest().networks());
  }

  private static boolean byService(Changed<Service> changed) {
    return changed.before().isPresent()
        && changed.before().get().endpoint().getVirtualIpsCount() > 0
        && (changed.after().isEmpty()
            || !changed
                .before()
                .get()
                .endpoint()
                .getVirtualIpsList()
                .equals(changed.latest().endpoint().getVirtualIpsList()));
  }
}
