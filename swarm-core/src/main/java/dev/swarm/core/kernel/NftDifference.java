package dev.swarm.core.kernel;

import dev.swarm.core.kernel.KernelCommand.AddChain;
import dev.swarm.core.kernel.KernelCommand.AddElement;
import dev.swarm.core.kernel.KernelCommand.AddRuleTo;
import dev.swarm.core.kernel.KernelCommand.AddSet;
import dev.swarm.core.kernel.KernelCommand.AddTable;
import dev.swarm.core.kernel.KernelCommand.DeleteChain;
import dev.swarm.core.kernel.KernelCommand.DeleteElement;
import dev.swarm.core.kernel.KernelCommand.DeleteTable;
import dev.swarm.core.kernel.KernelCommand.FlushChain;
import dev.swarm.core.kernel.NftTable.NftChain;
import dev.swarm.core.kernel.NftTable.NftSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes the steps between tables of nftables. Chains and sets stay and only their contents
 * change: replacing a table or flushing a map makes some of the connections fail that begin
 * meanwhile; adding or removing an element, or refilling one chain, does not.
 */
final class NftDifference {
  private final String namespace;
  private final String table;
  private final Consumer<KernelCommand> into;

  private NftDifference(String namespace, String table, Consumer<KernelCommand> into) {
    this.namespace = namespace;
    this.table = table;
    this.into = into;
  }

  static void between(
      String namespace,
      SortedMap<String, NftTable> have,
      SortedMap<String, NftTable> want,
      Consumer<KernelCommand> into) {
    MapDifference.missing(
        have,
        want,
        (name, wanted) -> new NftDifference(namespace, name, into).between(have.get(name), wanted));
    MapDifference.surplus(have, want, (name, _) -> into.accept(new DeleteTable(namespace, name)));
  }

  private void between(@Nullable NftTable now, NftTable want) {
    NftTable have = now == null ? NftTable.EMPTY : now;
    if (now == null) {
      into.accept(new AddTable(namespace, table));
    } else if (!canBecome(now, want)) {
      into.accept(new DeleteTable(namespace, table));
      into.accept(new AddTable(namespace, table));
      have = NftTable.EMPTY;
    }
    SortedMap<String, NftSet> sets = have.sets();
    SortedMap<String, NftChain> chains = have.chains();
    want.sets().forEach((name, set) -> declare(name, set, sets));
    want.chains().forEach((name, chain) -> declare(name, chain, chains));
    // Elements go to chains, so chains exist before them, and their rules too.
    want.chains().forEach((name, chain) -> fill(name, chain, chains));
    want.sets().forEach((name, set) -> fill(name, set, sets));
    MapDifference.surplus(
        chains, want.chains(), (name, _) -> into.accept(new FlushChain(namespace, table, name)));
    MapDifference.surplus(
        chains, want.chains(), (name, _) -> into.accept(new DeleteChain(namespace, table, name)));
  }

  /** Whether what cannot be changed is right already, and no rule refers to a set too many. */
  private static boolean canBecome(NftTable have, NftTable want) {
    boolean sets =
        want.sets().entrySet().stream()
            .allMatch(
                entry -> {
                  NftSet now = have.sets().get(entry.getKey());
                  return now == null || now.isMap() == entry.getValue().isMap();
                });
    return sets
        && want.chains().entrySet().stream()
            .allMatch(
                entry -> {
                  NftChain now = have.chains().get(entry.getKey());
                  return now == null || now.hook().equals(entry.getValue().hook());
                })
        && want.sets().keySet().containsAll(have.sets().keySet());
  }

  private void declare(String name, NftSet set, SortedMap<String, NftSet> have) {
    if (!have.containsKey(name)) {
      into.accept(new AddSet(namespace, table, name, set));
    }
  }

  private void declare(String name, NftChain chain, SortedMap<String, NftChain> have) {
    if (!have.containsKey(name)) {
      into.accept(new AddChain(namespace, table, name, chain));
    }
  }

  private void fill(String name, NftChain chain, SortedMap<String, NftChain> have) {
    NftChain now = have.get(name);
    if (now != null && now.rules().equals(chain.rules())) {
      return;
    }
    if (now != null && !now.rules().isEmpty()) {
      into.accept(new FlushChain(namespace, table, name));
    }
    chain.texts().forEach(rule -> into.accept(new AddRuleTo(namespace, table, name, rule)));
  }

  private void fill(String name, NftSet set, SortedMap<String, NftSet> have) {
    NftSet now = have.get(name);
    SortedMap<String, String> held = now == null ? new TreeMap<>() : now.elements();
    held.forEach(
        (key, value) -> {
          if (!value.equals(set.elements().get(key))) {
            into.accept(new DeleteElement(namespace, table, name, key));
          }
        });
    MapDifference.missing(
        held,
        set.elements(),
        (key, value) -> into.accept(new AddElement(namespace, table, name, key, value)));
  }
}
