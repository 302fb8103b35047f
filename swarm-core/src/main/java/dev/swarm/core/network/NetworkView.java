package dev.swarm.core.network;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * State of all networks that one node is on.
 *
 * @param index of the log, up to which everything is in it
 * @param networks by their ids
 */
public record NetworkView(long index, SortedMap<String, NetworkState> networks) {
  public static final NetworkView EMPTY = new NetworkView(0, new TreeMap<>());

  public NetworkView {
    networks = Collections.unmodifiableSortedMap(networks);
  }

  /**
   * The view after {@code change}. A change of a network that is not known is passed over: only a
   * whole one begins it.
   */
  public NetworkView apply(ViewChange change) {
    SortedMap<String, NetworkState> next = new TreeMap<>(networks);
    change
        .networks()
        .forEach(
            (id, news) ->
                after(Optional.ofNullable(networks.get(id)), news)
                    .ifPresentOrElse(state -> next.put(id, state), () -> next.remove(id)));
    return new NetworkView(change.index(), next);
  }

  private static Optional<NetworkState> after(Optional<NetworkState> known, ViewChange.News news) {
    return switch (news) {
      case ViewChange.Whole whole -> Optional.of(whole.state());
      case ViewChange.Changed changed -> known.map(state -> state.apply(changed.change()));
      case ViewChange.Gone _ -> Optional.empty();
    };
  }
}
