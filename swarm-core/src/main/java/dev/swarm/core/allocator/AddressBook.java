package dev.swarm.core.allocator;

import dev.swarm.core.model.Network;
import dev.swarm.core.store.Addresses;
import dev.swarm.core.store.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Allocates free addresses during one decision, and counts those it has just given as taken. */
public final class AddressBook {
  private final Snapshot snapshot;
  private final Map<String, Page> pages = new HashMap<>();

  private static final class Page {
    private final AddressPool pool;
    private Addresses taken;

    Page(AddressPool pool, Addresses taken) {
      this.pool = pool;
      this.taken = taken;
    }
  }

  public AddressBook(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** {@code wanted} with its prefix length, if it is the network's and nobody has it. */
  public Optional<String> draw(Network network, String wanted) {
    Page page = page(network);
    Optional<String> drawn = page.pool.find(wanted, page.taken);
    drawn.ifPresent(address -> page.taken = page.taken.plus(Addresses.bare(address)));
    return drawn;
  }

  private Page page(Network network) {
    return pages.computeIfAbsent(
        network.id(), id -> new Page(AddressPool.of(network), snapshot.addressesOf(network.id())));
  }

  /** An address nobody has, with its prefix length; absent when the network has none left. */
  public Optional<String> draw(Network network) {
    Page page = page(network);
    Optional<String> drawn = page.pool.next(page.taken);
    drawn.ifPresent(address -> page.taken = page.taken.plus(Addresses.bare(address)));
    return drawn;
  }
}
