package dev.swarm.core.kernel;

import dev.swarm.core.kernel.Namespace.Route;
import dev.swarm.core.kernel.Namespace.RouteKey;
import dev.swarm.core.kernel.NftTable.Hook;
import dev.swarm.core.kernel.NftTable.NftSet;
import java.util.List;

/** Spells each command as the program that runs it reads it. */
final class CommandText {
  private CommandText() {}

  static void write(KernelCommand command, List<String> lines) {
    switch (command) {
      case KernelCommand.AddLink add -> addLink(add, lines);
      case KernelCommand.Nft nft -> lines.add(nft(nft));
      case KernelCommand other -> lines.add(line(other));
    }
  }

  private static String line(KernelCommand command) {
    return switch (command) {
      case KernelCommand.AddNamespace add -> "netns add " + add.namespace();
      case KernelCommand.DeleteNamespace delete -> "netns delete " + delete.namespace();
      case KernelCommand.PutSetting put -> put.key() + "=" + put.value();
      case KernelCommand.SetLink set -> setLink(set);
      case KernelCommand.DeleteLink delete -> "link delete " + delete.name();
      case KernelCommand.AddAddress add ->
          "address add " + add.address().address() + " dev " + add.address().link();
      case KernelCommand.DeleteAddress delete ->
          "address delete " + delete.address().address() + " dev " + delete.address().link();
      case KernelCommand.PutNeighbour put ->
          "neighbour replace "
              + put.neighbour().address()
              + " lladdr "
              + put.mac()
              + " dev "
              + put.neighbour().link()
              + " nud permanent";
      case KernelCommand.DeleteNeighbour delete ->
          "neighbour delete " + delete.neighbour().address() + " dev " + delete.neighbour().link();
      case KernelCommand.PutRoute put -> "route replace " + route(put.key(), put.route());
      case KernelCommand.DeleteRoute delete ->
          "route delete " + delete.key().destination() + " table " + delete.key().table();
      case KernelCommand.AddRule add ->
          "rule add fwmark "
              + add.rule().mark()
              + " lookup "
              + add.rule().table()
              + " priority "
              + KernelNames.RULE_PRIORITY;
      case KernelCommand.DeleteRule delete ->
          "rule delete fwmark "
              + delete.rule().mark()
              + " lookup "
              + delete.rule().table()
              + " priority "
              + KernelNames.RULE_PRIORITY;
      case KernelCommand.SetPort set ->
          "link set dev "
              + set.name()
              + " learning "
              + onOff(set.port().learning())
              + " flood "
              + onOff(set.port().flood())
              + " hairpin "
              + onOff(set.port().hairpin());
      case KernelCommand.PutBridgeRow put ->
          "fdb replace " + put.mac() + " dev " + put.port() + " master static";
      case KernelCommand.DeleteBridgeRow delete ->
          "fdb delete " + delete.mac() + " dev " + delete.port() + " master";
      case KernelCommand.PutTunnelRow put ->
          "fdb replace " + put.mac() + " dev vxlan0 dst " + put.node() + " self static";
      case KernelCommand.DeleteTunnelRow delete ->
          "fdb delete " + delete.mac() + " dev vxlan0 dst " + delete.node() + " self";
      case KernelCommand.ForgetDatagrams forget ->
          "-D -p udp --dst-nat --reply-src " + forget.backend();
      case KernelCommand.AddLink _, KernelCommand.Nft _ ->
          throw new IllegalStateException("written elsewhere");
    };
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }

  private static String route(RouteKey key, Route route) {
    return key.destination()
        + " via "
        + route.gateway()
        + " dev "
        + route.link()
        + " table "
        + key.table();
  }

  private static void addLink(KernelCommand.AddLink add, List<String> lines) {
    Link link = add.link();
    String start = "link add " + add.name() + " mtu " + link.mtu();
    String inNamespace =
        add.namespace().equals(KernelState.HOST) ? "" : " netns " + add.namespace();
    switch (link.kind()) {
      case Link.Bridge _ ->
          lines.add(
              start
                  + link.mac().map(mac -> " address " + mac).orElse("")
                  + inNamespace
                  + " type bridge");
      case Link.Vxlan vxlan ->
          lines.add(
              start
                  + inNamespace
                  + " type vxlan id "
                  + vxlan.id()
                  + " local "
                  + vxlan.local()
                  + " dstport "
                  + vxlan.port()
                  + " nolearning proxy");
      case Link.Veth veth ->
          lines.add(
              start + inNamespace + " type veth peer name " + veth.peer() + " mtu " + link.mtu());
      case Link.Uplink uplink ->
          lines.add(
              start
                  + inNamespace
                  + " type veth peer name "
                  + uplink.peer()
                  + " mtu "
                  + link.mtu()
                  + (uplink.peerNamespace().equals(KernelState.HOST)
                      ? ""
                      : " netns " + uplink.peerNamespace()));
      case Link.Other _ -> throw new IllegalStateException("nobody wants " + add.name());
    }
  }

  private static String setLink(KernelCommand.SetLink set) {
    StringBuilder line = new StringBuilder("link set dev ").append(set.name());
    Link now = set.before();
    Link as = set.link();
    if (now.mtu() != as.mtu()) {
      line.append(" mtu ").append(as.mtu());
    }
    if (as.mac().isPresent() && !as.mac().equals(now.mac())) {
      line.append(" address ").append(as.mac().get());
    }
    if (!now.master().equals(as.master())) {
      line.append(as.master().isEmpty() ? " nomaster" : " master " + as.master());
    }
    return line.append(as.up() ? " up" : " down").toString();
  }

  private static String nft(KernelCommand.Nft command) {
    String of = " ip " + command.table() + " ";
    return switch (command) {
      case KernelCommand.AddTable add -> "add table ip " + add.table();
      case KernelCommand.DeleteTable delete -> "delete table ip " + delete.table();
      case KernelCommand.AddSet add -> "add " + set(add.declared(), of + add.set());
      case KernelCommand.AddChain add ->
          "add chain" + of + add.chain() + add.declared().hook().map(CommandText::hook).orElse("");
      case KernelCommand.FlushChain flush -> "flush chain" + of + flush.chain();
      case KernelCommand.DeleteChain delete -> "delete chain" + of + delete.chain();
      case KernelCommand.AddRuleTo add ->
          "add rule"
              + of
              + add.chain()
              + " "
              + add.rule()
              + " comment \""
              + Fingerprint.of(add.rule())
              + "\"";
      case KernelCommand.AddElement add ->
          "add element"
              + of
              + add.set()
              + " { "
              + add.key()
              + (add.value().isEmpty() ? "" : " : " + add.value())
              + " }";
      case KernelCommand.DeleteElement delete ->
          "delete element" + of + delete.set() + " { " + delete.key() + " }";
    };
  }

  private static String set(NftSet declared, String named) {
    return (declared.isMap() ? "map" : "set") + named + " { " + declared.type() + "; }";
  }

  private static String hook(Hook hook) {
    return " { type "
        + hook.type()
        + " hook "
        + hook.point()
        + " priority "
        + hook.priority()
        + "; policy accept; }";
  }
}
