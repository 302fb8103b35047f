package dev.swarm.core.kernel;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table of nftables, of family ip.
 *
 * @param sets and maps, by name
 * @param chains by name
 */
public record NftTable(SortedMap<String, NftSet> sets, SortedMap<String, NftChain> chains) {
  public static final NftTable EMPTY = new NftTable(new TreeMap<>(), new TreeMap<>());

  public NftTable {
    sets = Collections.unmodifiableSortedMap(sets);
    chains = Collections.unmodifiableSortedMap(chains);
  }

  /**
   * A set, or a map where elements have values.
   *
   * @param type as it is declared, {@code type ipv4_addr : verdict}; not compared, as the kernel
   *     does not tell it in these words
   * @param elements with their values; a set's are empty
   */
  public record NftSet(boolean isMap, String type, SortedMap<String, String> elements) {
    public NftSet {
      elements = Collections.unmodifiableSortedMap(elements);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NftSet set && set.isMap == isMap && set.elements.equals(elements);
    }

    @Override
    public int hashCode() {
      return elements.hashCode();
    }
  }

  /**
   * A chain.
   *
   * @param hook absent where it is only gone to from other chains
   * @param rules the fingerprints of its rules, in order
   * @param texts of the rules; empty in what was observed, and not compared
   */
  public record NftChain(Optional<Hook> hook, List<String> rules, List<String> texts) {
    public NftChain {
      rules = List.copyOf(rules);
      texts = List.copyOf(texts);
    }

    /** A chain of these rules. */
    public static NftChain of(Optional<Hook> hook, List<String> texts) {
      return new NftChain(hook, texts.stream().map(Fingerprint::of).toList(), texts);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NftChain chain
          && chain.hook.equals(hook)
          && chain.rules.equals(rules);
    }

    @Override
    public int hashCode() {
      return rules.hashCode();
    }
  }

  /**
   * Where packets enter a chain.
   *
   * @param type {@code nat} or {@code filter}
   * @param point {@code prerouting} and so on
   */
  public record Hook(String type, String point, int priority) {}
}
