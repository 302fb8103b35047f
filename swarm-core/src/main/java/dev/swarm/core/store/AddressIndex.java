package dev.swarm.core.store;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Task;
import docker.swarmkit.v1.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The taken addresses of each network, kept in step with the tasks, nodes and services holding
 * them.
 */
final class AddressIndex {
  private final Table.Builder<String, Addresses> byNetwork;
  private final Predicate<String> networkExists;

  AddressIndex(Table<String, Addresses> base, Predicate<String> networkExists) {
    byNetwork = base.edit();
    this.networkExists = networkExists;
  }

  Table<String, Addresses> build() {
    return byNetwork.build();
  }

  void task(@Nullable Task before, @Nullable Task after) {
    List<Attachment> old = held(before);
    List<Attachment> fresh = held(after);
    boolean bound = before != null && before.bindsNetworks();
    boolean binds = after != null && after.bindsNetworks();
    if (old == fresh && bound == binds) {
      return; // a task's places are one list as long as it has them
    }
    replace(old, fresh);
    if (before != null && !old.isEmpty()) {
      count(before, -1);
    }
    if (after != null && !fresh.isEmpty()) {
      count(after, 1);
    }
  }

  private void count(Task task, int more) {
    for (Attachment attachment : task.networks()) {
      Addresses found = byNetwork.get(attachment.network());
      if (found != null && !attachment.addresses().isEmpty()) {
        Addresses counted = found.present(task.node(), more);
        byNetwork.put(
            attachment.network(), task.bindsNetworks() ? counted.held(task.node(), more) : counted);
      }
    }
  }

  private static List<Attachment> held(@Nullable Task task) {
    return task != null && task.holdsAddresses() ? task.networks() : List.of();
  }

  void node(@Nullable Node before, @Nullable Node after) {
    replace(
        before == null ? List.of() : before.networks(),
        after == null ? List.of() : after.networks());
  }

  void service(@Nullable Service before, @Nullable Service after) {
    List<Endpoint.VirtualIP> old =
        before == null ? List.of() : before.endpoint().getVirtualIpsList();
    List<Endpoint.VirtualIP> fresh =
        after == null ? List.of() : after.endpoint().getVirtualIpsList();
    if (!old.equals(fresh)) {
      fresh.stream()
          .filter(ip -> !old.contains(ip))
          .forEach(ip -> take(ip.getNetworkId(), ip.getAddr()));
      old.stream()
          .filter(ip -> !fresh.contains(ip))
          .forEach(ip -> free(ip.getNetworkId(), ip.getAddr()));
    }
  }

  /** Whatever was told of an earlier one of that id. */
  void networkMade(String network) {
    Addresses found = byNetwork.get(network);
    if (found != null && found.removed().isPresent()) {
      byNetwork.put(network, found.of(Optional.empty()));
    }
  }

  /**
   * The search on a network that is gone need not go on anywhere, but it is remembered until all
   * have let go of it.
   */
  void networkRemoved(Network network) {
    Addresses left = byNetwork.get(network.id());
    if (left != null && left.taken().isEmpty()) {
      byNetwork.remove(network.id());
    } else if (left != null) {
      byNetwork.put(network.id(), left.of(Optional.of(network)));
    }
  }

  /** Goes on where the state that an image was made of stood. */
  void restore(String network, String last) {
    Addresses found = byNetwork.get(network);
    byNetwork.put(network, (found == null ? Addresses.NONE : found).withLast(last));
  }

  private void replace(List<Attachment> old, List<Attachment> fresh) {
    if (old.equals(fresh)) {
      return;
    }
    for (Attachment attachment : fresh) {
      if (!old.contains(attachment)) {
        attachment.addresses().forEach(address -> take(attachment.network(), address));
      }
    }
    for (Attachment attachment : old) {
      if (!fresh.contains(attachment)) {
        attachment.addresses().forEach(address -> free(attachment.network(), address));
      }
    }
  }

  private void take(String network, String address) {
    Addresses found = byNetwork.get(network);
    byNetwork.put(network, (found == null ? Addresses.NONE : found).plus(Addresses.bare(address)));
  }

  private void free(String network, String address) {
    Addresses found = byNetwork.get(network);
    if (found == null) {
      return;
    }
    Addresses left = found.minus(Addresses.bare(address));
    if (left.taken().isEmpty() && !networkExists.test(network)) {
      byNetwork.remove(network);
    } else {
      byNetwork.put(network, left);
    }
  }
}
