package dev.swarm.core.kernel;

import dev.swarm.core.kernel.Namespace.MarkRule;
import dev.swarm.core.kernel.Namespace.Neighbour;
import dev.swarm.core.kernel.NftTable.NftChain;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.MacAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What people, other programs and crashes do to a kernel: one thing at a time, by chance. */
final class Damage {
  private final Random random;
  private final ModelKernel kernel;

  Damage(Random random, ModelKernel kernel) {
    this.random = random;
    this.kernel = kernel;
  }

  /** Deletes, adds or changes something; nothing where there is nothing of the kind. */
  void once() {
    KernelState state = kernel.state();
    String name = any(state.namespaces().keySet()).orElseThrow();
    Namespace in = state.of(name);
    switch (random.nextInt(12)) {
      case 0 -> deleteNamespace(name);
      case 1 -> any(in.links().keySet()).ifPresent(link -> deleteLink(name, link));
      case 2 ->
          any(in.links().entrySet())
              .ifPresent(
                  link ->
                      kernel.run(
                          new KernelCommand.SetLink(
                              name,
                              link.getKey(),
                              link.getValue(),
                              link.getValue().withUp(false))));
      case 3 ->
          any(in.addresses())
              .ifPresent(address -> kernel.run(new KernelCommand.DeleteAddress(name, address)));
      case 4 ->
          any(in.neighbours().keySet())
              .ifPresent(
                  neighbour -> kernel.run(new KernelCommand.DeleteNeighbour(name, neighbour)));
      case 5 ->
          any(in.bridge().entrySet())
              .ifPresent(
                  row ->
                      kernel.run(
                          new KernelCommand.DeleteBridgeRow(name, row.getKey(), row.getValue())));
      case 6 ->
          any(in.tunnel().entrySet())
              .ifPresent(
                  row ->
                      kernel.run(
                          new KernelCommand.PutTunnelRow(
                              name, row.getKey(), Ipv4.of("192.168.7.99"))));
      case 7 ->
          any(in.tables().keySet())
              .ifPresent(table -> kernel.run(new KernelCommand.DeleteTable(name, table)));
      case 8 -> any(in.tables().entrySet()).ifPresent(table -> chain(name, table));
      case 9 -> any(in.tables().entrySet()).ifPresent(table -> element(name, table));
      case 10 -> add(name, in);
      default ->
          any(in.settings().keySet())
              .ifPresent(key -> kernel.run(new KernelCommand.PutSetting(name, key, "7")));
    }
  }

  private void deleteNamespace(String name) {
    if (!name.equals(KernelState.HOST)) {
      kernel.run(new KernelCommand.DeleteNamespace(name));
    }
  }

  private void deleteLink(String namespace, String link) {
    kernel.run(new KernelCommand.DeleteLink(namespace, link));
  }

  private void chain(String name, Map.Entry<String, NftTable> table) {
    Optional<Map.Entry<String, NftChain>> chain = any(table.getValue().chains().entrySet());
    chain.ifPresent(
        found ->
            kernel.run(
                random.nextBoolean()
                    ? new KernelCommand.FlushChain(name, table.getKey(), found.getKey())
                    : new KernelCommand.AddRuleTo(
                        name, table.getKey(), found.getKey(), "counter drop")));
  }

  private void element(String name, Map.Entry<String, NftTable> table) {
    any(table.getValue().sets().entrySet())
        .ifPresent(
            set ->
                any(set.getValue().elements().keySet())
                    .ifPresent(
                        key ->
                            kernel.run(
                                new KernelCommand.DeleteElement(
                                    name, table.getKey(), set.getKey(), key))));
  }

  private void add(String name, Namespace in) {
    if (!in.links().containsKey(KernelNames.BRIDGE)
        || !in.links().containsKey(KernelNames.TUNNEL)
        || !in.links().values().stream().allMatch(Link::up)) {
      return;
    }
    MacAddress mac = MacAddress.of(Ipv4.of("10.9.9.9"));
    kernel.run(
        new KernelCommand.PutNeighbour(
            name, new Neighbour(KernelNames.TUNNEL, Ipv4.of("10.9.9.9")), mac));
    kernel.run(new KernelCommand.PutTunnelRow(name, mac, Ipv4.of("192.168.7.98")));
    if (!in.addresses().contains(ModelKernel.stray(KernelNames.BRIDGE))) {
      kernel.run(new KernelCommand.AddAddress(name, ModelKernel.stray(KernelNames.BRIDGE)));
    }
    if (!in.rules().contains(new MarkRule(77, 1077))) {
      kernel.run(new KernelCommand.AddRule(name, new MarkRule(77, 1077)));
    }
  }

  private <T> Optional<T> any(Collection<T> of) {
    List<T> all = new ArrayList<>(of);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }
}
