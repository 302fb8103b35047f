package dev.swarm.core.store;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Task;
import docker.swarmkit.v1.Endpoint;
import java.util.List;
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
    if (old != fresh) {
      replace(old, fresh);
    }
    boolean bound = before != null && before.bindsNetworks();
    boolean binds = after != null && after.bindsNetworks();
    if (bound != binds) {
      count(binds ? after : before, binds ? 1 : -1);
    }
  }

  private void count(@Nullable Task task, int more) {
    if (task == null) {
      return;
    }
    for (Attachment attachment : task.networks()) {
      Addresses found = byNetwork.get(attachment.network());
      if (found != null && !attachment.addresses().isEmpty()) {
        byNetwork.put(attachment.network(), found.held(task.node(), more));
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

  /** The search on a network that is gone need not go on anywhere. */
  void networkRemoved(String network) {
    Addresses left = byNetwork.get(network);
    if (left != null && left.taken().isEmpty()) {
      byNetwork.remove(network);
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
