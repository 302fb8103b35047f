package dev.swarm.worker.session;

import docker.swarmkit.v1.Peer;
import docker.swarmkit.v1.WeightedPeer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The managers this node knows, each with a weight by how well it was reached lately. Touched only
 * from the event loop.
 */
public final class Managers {
  private static final double WEIGHT_DEFAULT = 10;
  private static final double OBSERVED = 10;
  private static final double SMOOTHING = 0.5;
  // Keeps one that failed from being forgotten altogether.
  private static final double BIAS = 0.1;

  private final LinkedHashMap<Peer, Double> weights = new LinkedHashMap<>();

  /**
   * @param addresses host:port of what this node was told when it joined
   */
  public Managers(List<String> addresses) {
    addresses.forEach(
        address -> weights.put(Peer.newBuilder().setAddr(address).build(), WEIGHT_DEFAULT));
  }

  /** Knows these and no others from now on; an empty list changes nothing. */
  public void replace(List<WeightedPeer> managers) {
    Map<Peer, Double> old = new LinkedHashMap<>(weights);
    LinkedHashMap<Peer, Double> next = new LinkedHashMap<>();
    for (WeightedPeer manager : managers) {
      Peer peer = manager.getPeer();
      if (!peer.getAddr().isEmpty()) {
        next.put(peer, old.getOrDefault(peer, (double) manager.getWeight()));
      }
    }
    if (!next.isEmpty()) {
      weights.clear();
      weights.putAll(next);
    }
  }

  /** The address of one of them, the heavier the likelier; nothing if none is known. */
  public Optional<String> choose(RandomGenerator random) {
    double total = 0;
    for (double weight : weights.values()) {
      total += Math.max(weight, 0) + BIAS;
    }
    double point = random.nextDouble() * total;
    String last = "";
    for (Map.Entry<Peer, Double> entry : weights.entrySet()) {
      last = entry.getKey().getAddr();
      point -= Math.max(entry.getValue(), 0) + BIAS;
      if (point < 0) {
        break;
      }
    }
    return last.isEmpty() ? Optional.empty() : Optional.of(last);
  }

  /** Remembers how a conversation with the manager at {@code address} went. */
  public void observe(String address, boolean good) {
    weights.replaceAll(
        (peer, weight) ->
            peer.getAddr().equals(address)
                ? SMOOTHING * (good ? OBSERVED : -OBSERVED) + (1 - SMOOTHING) * weight
                : weight);
  }

  /** All addresses, in the order in which they were learnt. */
  public List<String> addresses() {
    return weights.keySet().stream().map(Peer::getAddr).toList();
  }
}
