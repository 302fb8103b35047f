package dev.swarm.core.kernel;

import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.Ipv4Prefix;
import dev.swarm.core.network.MacAddress;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * State of one network namespace.
 *
 * @param settings of the kernel, by their sysctl names
 * @param links by name
 * @param neighbours hardware addresses of others, permanent ones
 * @param bridge behind which port of the bridge a hardware address is
 * @param tunnel to which node frames for a hardware address go
 * @param rules which routes a mark is sent by
 * @param tables of nftables, those of family ip, by name
 */
public record Namespace(
    SortedMap<String, String> settings,
    SortedMap<String, Link> links,
    SortedSet<LinkAddress> addresses,
    SortedMap<Neighbour, MacAddress> neighbours,
    SortedMap<MacAddress, String> bridge,
    SortedMap<MacAddress, Ipv4> tunnel,
    SortedMap<RouteKey, Route> routes,
    SortedSet<MarkRule> rules,
    SortedMap<String, NftTable> tables) {
  public static final Namespace EMPTY = new Builder().build();

  /** An address that a link has. */
  public record LinkAddress(String link, Ipv4Prefix address) implements Comparable<LinkAddress> {
    @Override
    public int compareTo(LinkAddress other) {
      int order = link.compareTo(other.link);
      return order != 0 ? order : address.compareTo(other.address);
    }
  }

  /** Somebody who is reached through a link. */
  public record Neighbour(String link, Ipv4 address) implements Comparable<Neighbour> {
    @Override
    public int compareTo(Neighbour other) {
      int order = link.compareTo(other.link);
      return order != 0 ? order : address.compareTo(other.address);
    }
  }

  /**
   * Where a route leads.
   *
   * @param table its number
   */
  public record RouteKey(int table, Ipv4Prefix destination) implements Comparable<RouteKey> {
    /** The table that is looked at by default. */
    public static final int MAIN = 254;

    @Override
    public int compareTo(RouteKey other) {
      int order = Integer.compare(table, other.table);
      return order != 0 ? order : destination.compareTo(other.destination);
    }
  }

  /** How a route gets there. */
  public record Route(Ipv4 gateway, String link) {}

  /** Sends what has a mark by the routes of a table. */
  public record MarkRule(int mark, int table) implements Comparable<MarkRule> {
    @Override
    public int compareTo(MarkRule other) {
      int order = Integer.compare(mark, other.mark);
      return order != 0 ? order : Integer.compare(table, other.table);
    }
  }

  /** Collects what is in a namespace. */
  public static final class Builder {
    public final SortedMap<String, String> settings = new TreeMap<>();
    public final SortedMap<String, Link> links = new TreeMap<>();
    public final SortedSet<LinkAddress> addresses = new TreeSet<>();
    public final SortedMap<Neighbour, MacAddress> neighbours = new TreeMap<>();
    public final SortedMap<MacAddress, String> bridge = new TreeMap<>();
    public final SortedMap<MacAddress, Ipv4> tunnel = new TreeMap<>();
    public final SortedMap<RouteKey, Route> routes = new TreeMap<>();
    public final SortedSet<MarkRule> rules = new TreeSet<>();
    public final SortedMap<String, NftTable> tables = new TreeMap<>();

    /** Not to be added to afterwards. */
    public Namespace build() {
      return new Namespace(
          Collections.unmodifiableSortedMap(settings),
          Collections.unmodifiableSortedMap(links),
          Collections.unmodifiableSortedSet(addresses),
          Collections.unmodifiableSortedMap(neighbours),
          Collections.unmodifiableSortedMap(bridge),
          Collections.unmodifiableSortedMap(tunnel),
          Collections.unmodifiableSortedMap(routes),
          Collections.unmodifiableSortedSet(rules),
          Collections.unmodifiableSortedMap(tables));
    }
  }

  /** A builder that begins with all this. */
  public Builder edit() {
    Builder copy = new Builder();
    copy.settings.putAll(settings);
    copy.links.putAll(links);
    copy.addresses.addAll(addresses);
    copy.neighbours.putAll(neighbours);
    copy.bridge.putAll(bridge);
    copy.tunnel.putAll(tunnel);
    copy.routes.putAll(routes);
    copy.rules.addAll(rules);
    copy.tables.putAll(tables);
    return copy;
  }

  /** The same without anybody known behind these links. */
  Namespace withoutNeighbours(Set<String> through) {
    if (through.isEmpty()) {
      return this;
    }
    Builder rest = edit();
    rest.neighbours.keySet().removeIf(neighbour -> through.contains(neighbour.link()));
    return rest.build();
  }

  /** The same without a link, and without what goes with it when it is deleted. */
  public Namespace withoutLink(String name) {
    Builder rest = edit();
    rest.links.remove(name);
    rest.settings.keySet().removeIf(key -> key.contains("." + name + "."));
    rest.addresses.removeIf(held -> held.link().equals(name));
    rest.neighbours.keySet().removeIf(neighbour -> neighbour.link().equals(name));
    rest.bridge.values().removeIf(name::equals);
    rest.routes.values().removeIf(route -> route.link().equals(name));
    Link gone = links.get(name);
    switch (gone == null ? new Link.Other() : gone.kind()) {
      case Link.Bridge _ -> {
        rest.bridge.clear();
        rest.links.replaceAll((port, link) -> link.withMaster("").withPort(Link.Port.NONE));
      }
      case Link.Vxlan _ -> rest.tunnel.clear();
      case Link.Veth _, Link.Uplink _, Link.Other _ -> {}
    }
    return rest.build();
  }
}
