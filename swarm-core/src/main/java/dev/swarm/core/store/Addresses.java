package dev.swarm.core.store;

import dev.swarm.core.model.Network;
import dev.swarm.core.model.NodeId;
import java.util.Optional;

/**
 * The addresses of one network that are taken, and who is on it.
 *
 * @param taken how many hold each address: one, unless something is wrong
 * @param last the one taken last; the search for the next goes on behind it, so that an address
 *     just given back rests for a while
 * @param holders how many tasks that are wanted running each node has on the network
 * @param present how many tasks each node has on it in all, those that are on their way out too
 * @param removed the network, where it is no more and only some have not let go of it yet
 */
public record Addresses(
    Table<String, Integer> taken,
    String last,
    Table<NodeId, Integer> holders,
    Table<NodeId, Integer> present,
    Optional<Network> removed) {
  public static final Addresses NONE =
      new Addresses(Table.empty(), "", Table.empty(), Table.empty(), Optional.empty());

  /** An address without the prefix length of its subnet. */
  public static String bare(String address) {
    int slash = address.indexOf('/');
    return slash < 0 ? address : address.substring(0, slash);
  }

  /** The same with {@code address}, a bare one, taken once more. */
  public Addresses plus(String address) {
    return new Addresses(count(taken, address, 1), address, holders, present, removed);
  }

  Addresses minus(String address) {
    return new Addresses(count(taken, address, -1), last, holders, present, removed);
  }

  Addresses withLast(String address) {
    return new Addresses(taken, address, holders, present, removed);
  }

  /** The same with {@code more} tasks of a node on the network, or that many fewer. */
  Addresses held(NodeId node, int more) {
    return new Addresses(taken, last, count(holders, node, more), present, removed);
  }

  /** The same with {@code more} tasks of a node that have not let go of it, or fewer. */
  Addresses present(NodeId node, int more) {
    return new Addresses(taken, last, holders, count(present, node, more), removed);
  }

  /** The same of a network that is no more, or is there. */
  Addresses of(Optional<Network> gone) {
    return new Addresses(taken, last, holders, present, gone);
  }

  private static <K> Table<K, Integer> count(Table<K, Integer> counts, K key, int more) {
    Table.Builder<K, Integer> edit = counts.edit();
    int count = counts.getOrDefault(key, 0) + more;
    if (count > 0) {
      edit.put(key, count);
    } else {
      edit.remove(key);
    }
    return edit.build();
  }
}
