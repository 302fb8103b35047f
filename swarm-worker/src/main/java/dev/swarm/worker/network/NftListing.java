package dev.swarm.worker.network;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.core.kernel.NftTable;
import dev.swarm.core.kernel.NftTable.Hook;
import dev.swarm.core.kernel.NftTable.NftChain;
import dev.swarm.core.kernel.NftTable.NftSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A table as {@code nft -j} lists it. Of a rule only the fingerprint is read. */
final class NftListing {
  private NftListing() {}

  static NftTable read(JsonNode listing) {
    SortedMap<String, NftSet> sets = new TreeMap<>();
    SortedMap<String, Optional<Hook>> hooks = new TreeMap<>();
    SortedMap<String, List<String>> rules = new TreeMap<>();
    for (JsonNode entry : listing) {
      if (entry.has("set")) {
        JsonNode set = entry.get("set");
        sets.put(set.path("name").asText(), set(set, false));
      } else if (entry.has("map")) {
        JsonNode map = entry.get("map");
        sets.put(map.path("name").asText(), set(map, true));
      } else if (entry.has("chain")) {
        JsonNode chain = entry.get("chain");
        hooks.put(chain.path("name").asText(), hook(chain));
      } else if (entry.has("rule")) {
        JsonNode rule = entry.get("rule");
        rules
            .computeIfAbsent(rule.path("chain").asText(), _ -> new ArrayList<>())
            .add(rule.path("comment").asText("not ours"));
      }
    }
    SortedMap<String, NftChain> chains = new TreeMap<>();
    hooks.forEach(
        (name, hook) ->
            chains.put(name, new NftChain(hook, rules.getOrDefault(name, List.of()), List.of())));
    return new NftTable(sets, chains);
  }

  private static Optional<Hook> hook(JsonNode chain) {
    return chain.has("hook")
        ? Optional.of(
            new Hook(
                chain.path("type").asText(),
                chain.path("hook").asText(),
                chain.path("prio").asInt()))
        : Optional.empty();
  }

  private static NftSet set(JsonNode set, boolean isMap) {
    SortedMap<String, String> elements = new TreeMap<>();
    for (JsonNode element : set.path("elem")) {
      if (isMap) {
        elements.put(text(element.path(0)), value(element.path(1)));
      } else {
        elements.put(text(element), "");
      }
    }
    return new NftSet(isMap, "", elements);
  }

  private static String text(JsonNode key) {
    if (key.has("concat")) {
      List<String> parts = new ArrayList<>();
      key.get("concat").forEach(part -> parts.add(text(part)));
      return String.join(" . ", parts);
    }
    return key.has("elem") ? text(key.get("elem").path("val")) : key.asText(key.toString());
  }

  private static String value(JsonNode value) {
    return value.has("goto")
        ? "goto " + value.get("goto").path("target").asText()
        : value.asText(value.toString());
  }
}
