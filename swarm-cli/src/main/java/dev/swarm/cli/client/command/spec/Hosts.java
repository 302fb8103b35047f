package dev.swarm.cli.client.command.spec;

import java.util.ArrayList;
import java.util.List;

/** Edits the spec's host lines, {@code "ip name [alias…]"}. */
final class Hosts {
  private Hosts() {}

  /**
   * @param removed {@code name}, taken from every line, or {@code name:ip}, only from that
   *     address's
   * @return the lines that still have a name
   */
  static List<String> without(List<String> lines, List<String> removed) {
    List<String> kept = new ArrayList<>();
    for (String line : lines) {
      List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+")));
      String ip = words.removeFirst();
      removed.forEach(entry -> remove(words, ip, entry));
      if (!words.isEmpty()) {
        kept.add(ip + " " + String.join(" ", words));
      }
    }
    return kept;
  }

  private static void remove(List<String> names, String ip, String entry) {
    int colon = entry.indexOf(':');
    String name = colon < 0 ? entry : entry.substring(0, colon);
    String onlyIp = colon < 0 ? "" : entry.substring(colon + 1);
    if (onlyIp.isEmpty() || onlyIp.equals(ip)) {
      names.removeIf(name::equals);
    }
  }
}
