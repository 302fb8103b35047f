package dev.swarm.cli.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which agent reaches which manager, and how long a message takes. */
final class SimNetwork {
  private final World world;
  private final Chance chance;
  private final Map<Pair, Integer> cuts = new TreeMap<>();
  private final Map<Pair, List<Runnable>> waiting = new TreeMap<>();

  record Pair(int host, int manager) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      return host != other.host
          ? Integer.compare(host, other.host)
          : Integer.compare(manager, other.manager);
    }
  }

  SimNetwork(World world, Chance chance) {
    this.world = world;
    this.chance = chance;
  }

  Duration latency() {
    return chance.percent(98) ? chance.millis(0, 2) : chance.millis(2, 80);
  }

  boolean isCut(Pair pair) {
    return cuts.containsKey(pair);
  }

  /** Whether a connection that lived through a cut goes on afterwards, or is found broken. */
  boolean survivesCut() {
    return chance.percent(60);
  }

  /** Nothing passes between the two for so long. Cuts may overlap. */
  void cut(Pair pair, Duration length) {
    cuts.merge(pair, 1, Integer::sum);
    world.time().after(length, () -> heal(pair));
  }

  private void heal(Pair pair) {
    if (cuts.merge(pair, -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
      List<Runnable> woken = waiting.remove(pair);
      if (woken != null) {
        woken.forEach(Runnable::run);
      }
    }
  }

  void whenHealed(Pair pair, Runnable task) {
    waiting.computeIfAbsent(pair, p -> new ArrayList<>()).add(task);
  }
}
