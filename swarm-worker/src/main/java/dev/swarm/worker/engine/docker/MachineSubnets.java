package dev.swarm.worker.engine.docker;

import dev.swarm.core.net.Subnet;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The subnets that this machine is on itself: a bridge with one of them would cut it off there. */
final class MachineSubnets {
  /** What engines make; of one engine's no two overlap, and nobody else is reached through them. */
  private static final Pattern OF_ENGINES =
      Pattern.compile("docker[0-9]+|docker_gwbridge|br-[0-9a-f]{12}|veth.*|podman[0-9]+|lo");

  private MachineSubnets() {}

  /** The address, with its interface's name, at which this machine is in {@code subnet}. */
  static Optional<String> inside(Subnet subnet) {
    List<NetworkInterface> all;
    try {
      all = NetworkInterface.networkInterfaces().toList();
    } catch (SocketException e) {
      return Optional.empty(); // it has none that Java can see
    }
    return all.stream()
        .filter(each -> !OF_ENGINES.matcher(each.getName()).matches())
        .flatMap(each -> addresses(each).stream())
        .filter(address -> Subnet.parse(address.text()).filter(subnet::overlaps).isPresent())
        .map(address -> address.text() + " on " + address.name())
        .findFirst();
  }

  private record Address(String text, String name) {}

  private static List<Address> addresses(NetworkInterface at) {
    List<Address> addresses = new ArrayList<>();
    for (InterfaceAddress each : at.getInterfaceAddresses()) {
      String zoned = each.getAddress().getHostAddress();
      int zone = zoned.indexOf('%');
      String bare = zone < 0 ? zoned : zoned.substring(0, zone);
      addresses.add(new Address(bare + "/" + each.getNetworkPrefixLength(), at.getName()));
    }
    return addresses;
  }
}
