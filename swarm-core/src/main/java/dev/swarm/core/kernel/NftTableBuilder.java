package dev.swarm.core.kernel;

import dev.swarm.core.kernel.NftTable.Hook;
import dev.swarm.core.kernel.NftTable.NftChain;
import dev.swarm.core.kernel.NftTable.NftSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds a table of nftables from sets and chains. */
final class NftTableBuilder {
  static final Hook RAW = new Hook("filter", "prerouting", -300);
  static final Hook MANGLE = new Hook("filter", "prerouting", -150);
  static final Hook DESTINATION = new Hook("nat", "prerouting", -100);
  static final Hook SOURCE = new Hook("nat", "postrouting", 100);

  private final SortedMap<String, NftSet> sets = new TreeMap<>();
  private final SortedMap<String, NftChain> chains = new TreeMap<>();

  void set(String name, String type, SortedMap<String, String> elements) {
    sets.put(name, new NftSet(false, "type " + type, elements));
  }

  /** A set of what an expression yields. */
  void setOf(String name, String expression, SortedMap<String, String> elements) {
    sets.put(name, new NftSet(false, "typeof " + expression, elements));
  }

  void map(String name, String declared, SortedMap<String, String> elements) {
    sets.put(name, new NftSet(true, declared, elements));
  }

  void chain(String name, Hook hook, List<String> rules) {
    chains.put(name, NftChain.of(Optional.of(hook), rules));
  }

  /** One that others go to. */
  void chain(String name, List<String> rules) {
    chains.put(name, NftChain.of(Optional.empty(), rules));
  }

  NftTable build() {
    return new NftTable(sets, chains);
  }

  /** Takes one of several at random. */
  static String oneOf(List<String> targets) {
    if (targets.size() == 1) {
      return targets.get(0);
    }
    StringBuilder text = new StringBuilder("numgen random mod ").append(targets.size());
    text.append(" map { ");
    for (int i = 0; i < targets.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(i).append(" : ").append(targets.get(i));
    }
    return text.append(" }").toString();
  }
}
