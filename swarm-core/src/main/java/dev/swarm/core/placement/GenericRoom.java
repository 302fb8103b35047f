package dev.swarm.core.placement;

import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Node;
import dev.swarm.core.store.NodeLoad;
import docker.swarmkit.v1.GenericResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Free generic resources of a node during one pass. */
final class GenericRoom {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, TreeSet<String>> names = new HashMap<>();

  GenericRoom(Node node, NodeLoad load) {
    for (GenericResource has : node.description().getResources().getGenericList()) {
      if (has.hasNamedResourceSpec()) {
        names
            .computeIfAbsent(has.getNamedResourceSpec().getKind(), kind -> new TreeSet<>())
            .add(has.getNamedResourceSpec().getValue());
      } else if (has.hasDiscreteResourceSpec()) {
        long value = has.getDiscreteResourceSpec().getValue();
        numbers.merge(
            has.getDiscreteResourceSpec().getKind(),
            Math.clamp(value, 0, Integer.MAX_VALUE / 2),
            (a, b) -> Math.min(a + b, Integer.MAX_VALUE / 2));
      }
    }
    for (Claim held : load.generic().keys()) {
      if (held.name().isEmpty()) {
        numbers.computeIfPresent(
            held.kind(), (kind, free) -> free - load.generic().getOrDefault(held, 0));
      } else if (names.containsKey(held.kind())) {
        names.get(held.kind()).remove(held.name());
      }
    }
  }

  /** Whether there is that many of each kind. */
  boolean has(Map<String, Integer> wanted) {
    return wanted.entrySet().stream().allMatch(want -> free(want.getKey()) >= want.getValue());
  }

  private int free(String kind) {
    TreeSet<String> named = names.get(kind);
    return named == null ? numbers.getOrDefault(kind, 0) : named.size();
  }

  /** Takes what {@link #has} promised; of things with names the first. */
  List<Claim> take(Map<String, Integer> wanted) {
    List<Claim> taken = new ArrayList<>();
    wanted.forEach(
        (kind, count) -> {
          TreeSet<String> named = names.get(kind);
          if (named == null) {
            numbers.merge(kind, -count, Integer::sum);
            taken.add(new Claim(kind, "", count));
          } else {
            for (int i = 0; i < count; i++) {
              taken.add(new Claim(kind, named.removeFirst(), 1));
            }
          }
        });
    return List.copyOf(taken);
  }
}
