package dev.swarm.cli.node.engineapi.routes;

import java.util.List;

/** Invents names for services whose user gave none, such as {@code calm-heron-3f9k}. */
final class ServiceNames {
  private static final List<String> MOODS =
      List.of(
          "bold", "brisk", "calm", "clever", "deft", "eager", "fair", "glad", "keen", "lively",
          "merry", "nimble", "patient", "quiet", "sunny", "swift", "tidy", "vivid", "warm", "wise");
  private static final List<String> CREATURES =
      List.of(
          "badger", "bee", "crane", "dolphin", "finch", "gecko", "heron", "ibis", "kestrel", "lynx",
          "marten", "newt", "otter", "puffin", "robin", "seal", "swallow", "tern", "vole", "wren");
  private static final int SUFFIX_LENGTH = 4;

  private ServiceNames() {}

  /**
   * @param id fresh and random: it decides the name, and its end keeps names apart
   */
  static String draw(String id) {
    int choice = Math.floorMod(id.hashCode(), MOODS.size() * CREATURES.size());
    return MOODS.get(choice % MOODS.size())
        + "-"
        + CREATURES.get(choice / MOODS.size())
        + "-"
        + id.substring(id.length() - SUFFIX_LENGTH);
  }
}
