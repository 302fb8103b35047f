package dev.swarm.core.network;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Change of a node's view.
 *
 * @param index of the log, up to which the view then has everything
 * @param networks those of which there is something new, by their ids
 */
public record ViewChange(long index, SortedMap<String, News> networks) {

  /** What is new of one network. */
  public sealed interface News {}

  /** All of it: the node is on it from now on, or begins anew. */
  public record Whole(NetworkState state) implements News {}

  /** What differs from before. */
  public record Changed(NetworkChange change) implements News {}

  /** The node has no part in it any more. */
  public record Gone() implements News {}

  public ViewChange {
    networks = Collections.unmodifiableSortedMap(networks);
  }

  /** What makes {@code later} of {@code earlier}. */
  public static ViewChange between(NetworkView earlier, NetworkView later) {
    SortedMap<String, News> news = new TreeMap<>();
    later
        .networks()
        .forEach(
            (id, state) -> {
              NetworkState known = earlier.networks().get(id);
              if (known == null) {
                news.put(id, new Whole(state));
              } else if (known != state && !known.saysTheSameAs(state)) {
                news.put(id, new Changed(NetworkChange.between(known, state)));
              }
            });
    for (String id : earlier.networks().keySet()) {
      if (!later.networks().containsKey(id)) {
        news.put(id, new Gone());
      }
    }
    return new ViewChange(later.index(), news);
  }

  /** One change that does what this one and then {@code later} do. */
  public ViewChange then(ViewChange later) {
    SortedMap<String, News> both = new TreeMap<>(networks);
    later.networks.forEach(
        (id, news) -> both.merge(id, news, (first, second) -> then(first, second)));
    return new ViewChange(later.index, both);
  }

  private static News then(News first, News second) {
    return switch (second) {
      case Whole whole -> whole;
      case Gone gone -> gone;
      case Changed changed ->
          switch (first) {
            case Whole whole -> new Whole(whole.state().apply(changed.change()));
            case Changed before -> new Changed(before.change().then(changed.change()));
            case Gone gone -> gone; // a change of what is not known is passed over
          };
    };
  }
}
