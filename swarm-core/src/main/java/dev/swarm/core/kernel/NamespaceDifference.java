package dev.swarm.core.kernel;

import dev.swarm.core.kernel.KernelCommand.AddAddress;
import dev.swarm.core.kernel.KernelCommand.AddRule;
import dev.swarm.core.kernel.KernelCommand.DeleteAddress;
import dev.swarm.core.kernel.KernelCommand.DeleteBridgeRow;
import dev.swarm.core.kernel.KernelCommand.DeleteLink;
import dev.swarm.core.kernel.KernelCommand.DeleteNeighbour;
import dev.swarm.core.kernel.KernelCommand.DeleteRoute;
import dev.swarm.core.kernel.KernelCommand.DeleteRule;
import dev.swarm.core.kernel.KernelCommand.DeleteTunnelRow;
import dev.swarm.core.kernel.KernelCommand.PutBridgeRow;
import dev.swarm.core.kernel.KernelCommand.PutNeighbour;
import dev.swarm.core.kernel.KernelCommand.PutRoute;
import dev.swarm.core.kernel.KernelCommand.PutSetting;
import dev.swarm.core.kernel.KernelCommand.PutTunnelRow;
import dev.swarm.core.kernel.KernelCommand.SetLink;
import dev.swarm.core.kernel.KernelCommand.SetPort;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Computes the steps within one namespace whose links all exist by now. */
record NamespaceDifference(
    String name, Namespace have, Namespace want, Consumer<KernelCommand> into) {

  void settings() {
    MapDifference.missing(
        have.settings(),
        want.settings(),
        (key, value) -> into.accept(new PutSetting(name, key, value)));
  }

  /** Whatever packets may soon be sent through. */
  void additions() {
    want.links().forEach(this::link);
    MapDifference.only(
        want.addresses(), have.addresses(), one -> into.accept(new AddAddress(name, one)));
    MapDifference.missing(
        have.routes(), want.routes(), (key, route) -> into.accept(new PutRoute(name, key, route)));
    MapDifference.only(want.rules(), have.rules(), one -> into.accept(new AddRule(name, one)));
    MapDifference.missing(
        kept().neighbours(),
        want.neighbours(),
        (who, mac) -> into.accept(new PutNeighbour(name, who, mac)));
    want.links().forEach(this::port);
    MapDifference.missing(
        have.tunnel(),
        want.tunnel(),
        (mac, node) -> into.accept(new PutTunnelRow(name, mac, node)));
    MapDifference.missing(
        have.bridge(),
        want.bridge(),
        (mac, port) -> into.accept(new PutBridgeRow(name, mac, port)));
  }

  private void link(String link, Link as) {
    Link now = have.links().get(link);
    if (now == null) {
      return;
    }
    if (isRenamed(now, as)
        || now.mtu() != as.mtu()
        || now.up() != as.up()
        || !now.master().equals(as.master())) {
      into.accept(new SetLink(name, link, now, as));
    }
  }

  private void port(String link, Link as) {
    Link now = have.links().get(link);
    if (now == null) {
      return;
    }
    // Whoever comes to a bridge begins with the bridge's ways.
    Link.Port port = now.master().equals(as.master()) ? now.port() : Link.Port.NONE;
    if (!port.equals(as.port())) {
      into.accept(new SetPort(name, link, as.port()));
    }
  }

  private static boolean isRenamed(Link now, Link as) {
    return as.mac().isPresent() && !as.mac().equals(now.mac());
  }

  /** A device whose own address changes forgets everybody, those included that were put there. */
  private Namespace kept() {
    Set<String> links = new TreeSet<>();
    want.links()
        .forEach(
            (link, as) -> {
              Link now = have.links().get(link);
              if (now != null && isRenamed(now, as)) {
                links.add(link);
              }
            });
    return have.withoutNeighbours(links);
  }

  /** Who gets what; in one step. */
  void rules() {
    NftDifference.between(name, have.tables(), want.tables(), into);
  }

  /** What nothing is sent through any more. */
  void removals() {
    MapDifference.surplus(
        have.bridge(),
        want.bridge(),
        (mac, port) -> into.accept(new DeleteBridgeRow(name, mac, port)));
    MapDifference.surplus(
        have.tunnel(),
        want.tunnel(),
        (mac, node) -> into.accept(new DeleteTunnelRow(name, mac, node)));
    MapDifference.surplus(
        kept().neighbours(),
        want.neighbours(),
        (who, _) -> into.accept(new DeleteNeighbour(name, who)));
    MapDifference.only(have.rules(), want.rules(), one -> into.accept(new DeleteRule(name, one)));
    MapDifference.surplus(
        have.routes(), want.routes(), (key, _) -> into.accept(new DeleteRoute(name, key)));
    MapDifference.only(
        have.addresses(), want.addresses(), one -> into.accept(new DeleteAddress(name, one)));
    MapDifference.surplus(
        have.links(), want.links(), (link, _) -> into.accept(new DeleteLink(name, link)));
  }
}
