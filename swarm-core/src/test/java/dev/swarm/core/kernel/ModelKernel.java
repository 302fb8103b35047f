package dev.swarm.core.kernel;

import dev.swarm.core.kernel.KernelCommand.AddChain;
import dev.swarm.core.kernel.Namespace.Route;
import dev.swarm.core.kernel.NftTable.NftChain;
import dev.swarm.core.kernel.NftTable.NftSet;
import dev.swarm.core.network.Ipv4Prefix;
import dev.swarm.core.network.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A kernel that does what the real one does with our commands, and refuses what it refuses: what is
 * there cannot be added, what is not there cannot be changed, and much goes with what it belongs
 * to.
 */
final class ModelKernel {
  private final SortedMap<String, Namespace.Builder> namespaces = new TreeMap<>();
  private long unique = 0x0a00_0000_0000L;

  ModelKernel() {
    namespaces.put(KernelState.HOST, new Namespace.Builder());
  }

  KernelState state() {
    SortedMap<String, Namespace> seen = new TreeMap<>();
    namespaces.forEach((name, builder) -> seen.put(name, builder.build().edit().build()));
    return new KernelState(seen);
  }

  void run(List<KernelCommand> commands) {
    commands.forEach(this::run);
  }

  private static void check(boolean condition, KernelCommand command) {
    if (!condition) {
      throw new AssertionError("the kernel refuses " + command);
    }
  }

  void run(KernelCommand command) {
    if (command instanceof KernelCommand.AddNamespace add) {
      check(!namespaces.containsKey(add.namespace()), command);
      namespaces.put(add.namespace(), new Namespace.Builder());
      return;
    }
    Namespace.Builder in = namespaces.get(command.namespace());
    if (in == null) {
      throw new AssertionError("there is no namespace for " + command);
    }
    switch (command) {
      case KernelCommand.AddNamespace _ -> {}
      case KernelCommand.DeleteNamespace delete -> deleteNamespace(delete.namespace());
      case KernelCommand.PutSetting put -> putSetting(in, put);
      case KernelCommand.AddLink add -> addLink(in, add);
      case KernelCommand.SetLink set -> setLink(in, set);
      case KernelCommand.SetPort set -> {
        Link link = in.links.get(set.name());
        check(link != null && !link.master().isEmpty(), command);
        in.links.computeIfPresent(set.name(), (_, now) -> now.withPort(set.port()));
      }
      case KernelCommand.DeleteLink delete -> {
        check(in.links.containsKey(delete.name()), command);
        deleteLink(delete.namespace(), delete.name());
      }
      case KernelCommand.AddAddress add ->
          check(
              in.links.containsKey(add.address().link()) && in.addresses.add(add.address()),
              command);
      case KernelCommand.DeleteAddress delete -> deleteAddress(in, delete);
      case KernelCommand.PutNeighbour put -> {
        check(isUp(in, put.neighbour().link()), command);
        in.neighbours.put(put.neighbour(), put.mac());
      }
      case KernelCommand.DeleteNeighbour delete ->
          check(in.neighbours.remove(delete.neighbour()) != null, command);
      case KernelCommand.PutRoute put -> {
        check(isReachable(in, put.route()), command);
        in.routes.put(put.key(), put.route());
      }
      case KernelCommand.DeleteRoute delete ->
          check(in.routes.remove(delete.key()) != null, command);
      case KernelCommand.AddRule add -> check(in.rules.add(add.rule()), command);
      case KernelCommand.DeleteRule delete -> check(in.rules.remove(delete.rule()), command);
      case KernelCommand.PutBridgeRow put -> {
        Link port = in.links.get(put.port());
        check(port != null && !port.master().isEmpty(), command);
        in.bridge.put(put.mac(), put.port());
      }
      case KernelCommand.DeleteBridgeRow delete ->
          check(in.bridge.remove(delete.mac(), delete.port()), command);
      case KernelCommand.PutTunnelRow put -> {
        check(in.links.containsKey(KernelNames.TUNNEL), command);
        in.tunnel.put(put.mac(), put.node());
      }
      case KernelCommand.DeleteTunnelRow delete ->
          check(in.tunnel.remove(delete.mac(), delete.node()), command);
      case KernelCommand.ForgetDatagrams _ -> {}
      case KernelCommand.Nft nft -> nft(in, nft);
    }
  }

  private void deleteNamespace(String name) {
    Namespace.Builder gone = namespaces.get(name);
    if (gone == null || name.equals(KernelState.HOST)) {
      throw new AssertionError("the kernel cannot delete " + name);
    }
    for (String link : List.copyOf(gone.links.keySet())) {
      deleteLink(name, link);
    }
    namespaces.remove(name);
  }

  private void putSetting(Namespace.Builder in, KernelCommand.PutSetting put) {
    if (put.key().contains(KernelNames.HOST_UPLINK)) {
      check(in.links.containsKey(KernelNames.HOST_UPLINK), put);
    }
    in.settings.put(put.key(), put.value());
  }

  private void addLink(Namespace.Builder in, KernelCommand.AddLink add) {
    check(!in.links.containsKey(add.name()), add);
    in.links.put(add.name(), fresh(add.link()));
    if (add.link().kind() instanceof Link.Uplink uplink) {
      Namespace.Builder there = namespaces.get(uplink.peerNamespace());
      if (there == null || there.links.containsKey(uplink.peer())) {
        throw new AssertionError("the kernel refuses " + add);
      }
      Link other = Link.of(new Link.Uplink(add.name(), add.namespace()), add.link().mtu());
      there.links.put(uplink.peer(), fresh(other));
    }
  }

  private Link fresh(Link link) {
    Link down = link.withMaster("").withPort(Link.Port.NONE).withUp(false);
    return down.withMac(link.mac().orElseGet(() -> new MacAddress(unique++)));
  }

  private static void setLink(Namespace.Builder in, KernelCommand.SetLink set) {
    Link now = in.links.get(set.name());
    check(now != null, set);
    Link as = set.link();
    if (now == null) {
      return;
    }
    Link next = now;
    if (!now.master().equals(as.master())) {
      check(as.master().isEmpty() || in.links.containsKey(as.master()), set);
      in.bridge.values().removeIf(set.name()::equals);
      next = next.withMaster(as.master()).withPort(Link.Port.NONE);
    }
    if (as.mac().isPresent() && !as.mac().equals(now.mac())) {
      in.neighbours.keySet().removeIf(neighbour -> neighbour.link().equals(set.name()));
      next = next.withMac(as.mac().get());
    }
    next = new Link(next.kind(), as.mtu(), next.mac(), next.master(), next.port(), as.up());
    in.links.put(set.name(), next);
  }

  private static boolean isUp(Namespace.Builder in, String link) {
    Link found = in.links.get(link);
    return found != null && found.up();
  }

  private static boolean isReachable(Namespace.Builder in, Route route) {
    return isUp(in, route.link())
        && in.addresses.stream()
            .anyMatch(
                held ->
                    held.link().equals(route.link()) && held.address().contains(route.gateway()));
  }

  private static void deleteAddress(Namespace.Builder in, KernelCommand.DeleteAddress delete) {
    check(in.addresses.remove(delete.address()), delete);
    String link = delete.address().link();
    if (in.addresses.stream().noneMatch(held -> held.link().equals(link))) {
      in.routes.values().removeIf(route -> route.link().equals(link));
      in.neighbours.keySet().removeIf(neighbour -> neighbour.link().equals(link));
    }
  }

  private void deleteLink(String namespace, String name) {
    Namespace.Builder in = namespaces.get(namespace);
    if (in == null || !in.links.containsKey(name)) {
      return;
    }
    Link gone = in.links.get(name);
    namespaces.put(namespace, in.build().withoutLink(name).edit());
    if (gone != null && gone.kind() instanceof Link.Uplink uplink) {
      deleteLink(uplink.peerNamespace(), uplink.peer());
    }
  }

  private static void nft(Namespace.Builder in, KernelCommand.Nft command) {
    switch (command) {
      case KernelCommand.AddTable add -> in.tables.putIfAbsent(add.table(), NftTable.EMPTY);
      case KernelCommand.DeleteTable delete ->
          check(in.tables.remove(delete.table()) != null, command);
      case AddChain _,
          KernelCommand.AddSet _,
          KernelCommand.FlushChain _,
          KernelCommand.DeleteChain _,
          KernelCommand.AddRuleTo _,
          KernelCommand.AddElement _,
          KernelCommand.DeleteElement _ -> {
        NftTable table = in.tables.get(command.table());
        if (table == null) {
          throw new AssertionError("there is no table for " + command);
        }
        in.tables.put(command.table(), within(table, command));
      }
    }
  }

  private static NftTable within(NftTable table, KernelCommand.Nft command) {
    SortedMap<String, NftSet> sets = new TreeMap<>(table.sets());
    SortedMap<String, NftChain> chains = new TreeMap<>(table.chains());
    switch (command) {
      case KernelCommand.AddTable _, KernelCommand.DeleteTable _ -> {}
      case KernelCommand.AddSet add ->
          sets.putIfAbsent(add.set(), new NftSet(add.declared().isMap(), "", new TreeMap<>()));
      case AddChain add ->
          chains.putIfAbsent(
              add.chain(), new NftChain(add.declared().hook(), List.of(), List.of()));
      case KernelCommand.FlushChain flush ->
          chains.put(flush.chain(), with(chain(chains, flush.chain(), command), List.of()));
      case KernelCommand.DeleteChain delete -> {
        check(chain(chains, delete.chain(), command).rules().isEmpty(), command);
        check(
            sets.values().stream()
                .noneMatch(set -> set.elements().containsValue("goto " + delete.chain())),
            command);
        chains.remove(delete.chain());
      }
      case KernelCommand.AddRuleTo add -> {
        NftChain chain = chain(chains, add.chain(), command);
        check(setsNamedBy(add.rule()).stream().allMatch(sets::containsKey), command);
        List<String> rules = new ArrayList<>(chain.rules());
        rules.add(Fingerprint.of(add.rule()));
        chains.put(add.chain(), with(chain, rules));
      }
      case KernelCommand.AddElement add -> {
        if (add.value().startsWith("goto ")) {
          check(chains.containsKey(add.value().substring(5)), command);
        }
        SortedMap<String, String> elements = elements(sets, add.set(), command);
        check(!elements.containsKey(add.key()), command);
        elements.put(add.key(), add.value());
        sets.computeIfPresent(add.set(), (_, set) -> new NftSet(set.isMap(), "", elements));
      }
      case KernelCommand.DeleteElement delete -> {
        SortedMap<String, String> elements = elements(sets, delete.set(), command);
        check(elements.remove(delete.key()) != null, command);
        sets.computeIfPresent(delete.set(), (_, set) -> new NftSet(set.isMap(), "", elements));
      }
    }
    return new NftTable(sets, chains);
  }

  private static List<String> setsNamedBy(String rule) {
    List<String> names = new ArrayList<>();
    for (String word : rule.split(" ", -1)) {
      if (word.startsWith("@") && !word.startsWith("@th")) {
        names.add(word.substring(1));
      }
    }
    return names;
  }

  private static NftChain with(NftChain chain, List<String> rules) {
    return new NftChain(chain.hook(), rules, List.of());
  }

  private static NftChain chain(
      SortedMap<String, NftChain> chains, String name, KernelCommand command) {
    return Optional.ofNullable(chains.get(name))
        .orElseThrow(() -> new AssertionError("there is no chain for " + command));
  }

  private static SortedMap<String, String> elements(
      SortedMap<String, NftSet> sets, String name, KernelCommand command) {
    return new TreeMap<>(
        Optional.ofNullable(sets.get(name))
            .orElseThrow(() -> new AssertionError("there is no set for " + command))
            .elements());
  }

  /** An address that nobody asked for. */
  static Namespace.LinkAddress stray(String link) {
    return new Namespace.LinkAddress(link, Ipv4Prefix.of("10.9.9.9/32"));
  }
}
