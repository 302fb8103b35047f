package dev.swarm.core.allocator;

import dev.swarm.core.model.Network;
import dev.swarm.core.net.Subnet;
import dev.swarm.core.store.Addresses;
import docker.swarmkit.v1.IPAMConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The addresses that tasks, services and nodes may have on one network. */
final class AddressPool {
  private final List<Part> parts = new ArrayList<>();

  /**
   * One subnet of the network.
   *
   * @param first and {@code last}: what may be given out lies between them, both included
   * @param kept what is never given out: the gateway, and what the user keeps for himself
   */
  private record Part(Subnet subnet, BigInteger first, BigInteger last, Set<String> kept) {
    private Optional<String> next(Addresses taken) {
      BigInteger size = last.subtract(first).add(BigInteger.ONE);
      if (size.signum() <= 0) {
        return Optional.empty();
      }
      BigInteger candidate =
          subnet
              .find(taken.last())
              .map(number -> number.add(BigInteger.ONE))
              .filter(this::isInside)
              .orElse(first);
      // Among so many there is a free one, if there is one at all.
      long looks =
          Math.min(
              taken.taken().size() + kept.size() + 1L,
              size.bitLength() < Long.SIZE ? size.longValue() : Long.MAX_VALUE);
      for (long look = 0; look < looks; look++) {
        String text = subnet.text(candidate);
        if (!taken.taken().contains(text) && !kept.contains(text)) {
          return Optional.of(text + "/" + subnet.bits());
        }
        BigInteger following = candidate.add(BigInteger.ONE);
        candidate = isInside(following) ? following : first;
      }
      return Optional.empty();
    }

    private boolean isInside(BigInteger number) {
      return number.compareTo(first) >= 0 && number.compareTo(last) <= 0;
    }
  }

  private AddressPool() {}

  static AddressPool of(Network network) {
    AddressPool pool = new AddressPool();
    for (IPAMConfig config : network.object().getIpam().getConfigsList()) {
      Subnet.parse(config.getSubnet()).ifPresent(subnet -> pool.add(subnet, config));
    }
    // Tasks get one address: an IPv4 one where there are any.
    pool.parts.sort(java.util.Comparator.comparingInt(part -> part.subnet().width()));
    return pool;
  }

  private void add(Subnet subnet, IPAMConfig config) {
    Set<String> kept = new HashSet<>();
    Subnet.address(config.getGateway()).ifPresent(address -> kept.add(address.getHostAddress()));
    config
        .getReservedMap()
        .values()
        .forEach(
            reserved ->
                Subnet.address(reserved).ifPresent(address -> kept.add(address.getHostAddress())));
    Subnet range = Subnet.parse(config.getRange()).filter(subnet::contains).orElse(subnet);
    parts.add(new Part(subnet, usableFirst(subnet, range), usableLast(subnet, range), kept));
  }

  /** The lowest address of {@code range} that is not the name of the subnet itself. */
  static BigInteger usableFirst(Subnet subnet, Subnet range) {
    BigInteger first = range.first();
    return first.equals(subnet.first()) && subnet.bits() < subnet.width() - 1
        ? first.add(BigInteger.ONE)
        : first;
  }

  private static BigInteger usableLast(Subnet subnet, Subnet range) {
    BigInteger last = range.last();
    boolean broadcast =
        subnet.isIpv4() && last.equals(subnet.last()) && subnet.bits() < subnet.width() - 1;
    return broadcast ? last.subtract(BigInteger.ONE) : last;
  }

  /** A certain address with its prefix length, if it is free. */
  Optional<String> find(String wanted, Addresses taken) {
    for (Part part : parts) {
      Optional<String> text = part.subnet.find(wanted).map(part.subnet::text);
      if (text.isPresent()) {
        boolean free = !taken.taken().contains(text.get()) && !part.kept.contains(text.get());
        return free ? Optional.of(text.get() + "/" + part.subnet.bits()) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** A free address with its prefix length: the next behind the one taken last. */
  Optional<String> next(Addresses taken) {
    for (Part part : parts) {
      Optional<String> found = part.next(taken);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
