package dev.swarm.core.kernel;

import dev.swarm.core.kernel.Namespace.LinkAddress;
import dev.swarm.core.kernel.Namespace.MarkRule;
import dev.swarm.core.kernel.Namespace.Neighbour;
import dev.swarm.core.kernel.Namespace.Route;
import dev.swarm.core.kernel.Namespace.RouteKey;
import dev.swarm.core.kernel.NftTable.NftChain;
import dev.swarm.core.kernel.NftTable.NftSet;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.MacAddress;

/** One step that changes a kernel. */
public sealed interface KernelCommand {
  /** The namespace that it changes. */
  String namespace();

  record AddNamespace(String namespace) implements KernelCommand {}

  /** Ends all that is in it. */
  record DeleteNamespace(String namespace) implements KernelCommand {}

  record PutSetting(String namespace, String key, String value) implements KernelCommand {}

  /** Makes it, down and a port of nothing. An {@link Link.Uplink} comes with its other end. */
  record AddLink(String namespace, String name, Link link) implements KernelCommand {}

  /** Gives one that exists its size, address, bridge and state. */
  record SetLink(String namespace, String name, Link before, Link link) implements KernelCommand {}

  record SetPort(String namespace, String name, Link.Port port) implements KernelCommand {}

  record DeleteLink(String namespace, String name) implements KernelCommand {}

  record AddAddress(String namespace, LinkAddress address) implements KernelCommand {}

  record DeleteAddress(String namespace, LinkAddress address) implements KernelCommand {}

  record PutNeighbour(String namespace, Neighbour neighbour, MacAddress mac)
      implements KernelCommand {}

  record DeleteNeighbour(String namespace, Neighbour neighbour) implements KernelCommand {}

  record PutRoute(String namespace, RouteKey key, Route route) implements KernelCommand {}

  record DeleteRoute(String namespace, RouteKey key) implements KernelCommand {}

  record AddRule(String namespace, MarkRule rule) implements KernelCommand {}

  record DeleteRule(String namespace, MarkRule rule) implements KernelCommand {}

  record PutBridgeRow(String namespace, MacAddress mac, String port) implements KernelCommand {}

  record DeleteBridgeRow(String namespace, MacAddress mac, String port) implements KernelCommand {}

  record PutTunnelRow(String namespace, MacAddress mac, Ipv4 node) implements KernelCommand {}

  record DeleteTunnelRow(String namespace, MacAddress mac, Ipv4 node) implements KernelCommand {}

  /** Forgets where datagrams went that were sent to a virtual address or port and met this one. */
  record ForgetDatagrams(String namespace, Ipv4 backend) implements KernelCommand {}

  /** A step of nftables; those that follow each other take effect at once or not at all. */
  sealed interface Nft extends KernelCommand {
    String table();
  }

  record AddTable(String namespace, String table) implements Nft {}

  record DeleteTable(String namespace, String table) implements Nft {}

  /** Without elements. */
  record AddSet(String namespace, String table, String set, NftSet declared) implements Nft {}

  /** Without rules. */
  record AddChain(String namespace, String table, String chain, NftChain declared) implements Nft {}

  record FlushChain(String namespace, String table, String chain) implements Nft {}

  record DeleteChain(String namespace, String table, String chain) implements Nft {}

  record AddRuleTo(String namespace, String table, String chain, String rule) implements Nft {}

  /**
   * @param value empty in a set
   */
  record AddElement(String namespace, String table, String set, String key, String value)
      implements Nft {}

  record DeleteElement(String namespace, String table, String set, String key) implements Nft {}
}
