package dev.swarm.core.allocator;

import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Network;
import dev.swarm.core.net.Subnet;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.IPAMOptions;
import docker.swarmkit.v1.NetworkSpec;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Resources of a new network: subnets, gateways and VXLAN ids that no other network has.
 *
 * @param object the network with what it got; empty of it where refused
 * @param refused why it cannot be had, for its user
 */
public record NetworkPlan(docker.swarmkit.v1.Network object, Optional<String> refused) {
  public static final String OVERLAY = "overlay";
  public static final List<String> POOL_DEFAULT = List.of("10.0.0.0/8");
  public static final int SUBNET_BITS_DEFAULT = 24;

  static final String VXLAN_IDS = Network.VXLAN_IDS;

  /** What lies below is for people who configure VXLANs by hand. */
  static final int VXLAN_ID_MIN = 4096;

  static final int VXLAN_ID_MAX = (1 << 24) - 1;
  private static final String IPAM_DEFAULT = "default";

  /** Addresses are given out in turn; swarmkit says so where there are options at all. */
  private static final String IPAM_SERIAL = "com.docker.network.ipam.serial";

  /** The network that every swarm has from its beginning, for ports published on every node. */
  public static NetworkSpec ingress() {
    NetworkSpec.Builder spec = NetworkSpec.newBuilder().setIngress(true);
    spec.getAnnotationsBuilder().setName("ingress");
    spec.getDriverConfigBuilder().setName(OVERLAY);
    spec.getIpamBuilder().getDriverBuilder().setName(IPAM_DEFAULT);
    return spec.build();
  }

  /** A network that every engine has by itself, so that services can name it. */
  public static docker.swarmkit.v1.Network predefined(String name) {
    NetworkSpec.Builder spec = NetworkSpec.newBuilder();
    spec.getAnnotationsBuilder().setName(name).putLabels(Network.PREDEFINED_LABEL, "true");
    spec.getDriverConfigBuilder().setName(name);
    return nodeLocal(spec.build());
  }

  public static NetworkPlan of(NetworkSpec spec, Snapshot snapshot) {
    String driver = spec.getDriverConfig().getName();
    if (!driver.isEmpty() && !driver.equals(OVERLAY)) {
      return new NetworkPlan(nodeLocal(spec), Optional.empty());
    }
    return new Maker(spec, snapshot).make();
  }

  /** The subnets of a network that has been given them. */
  static Stream<Subnet> subnets(Network network) {
    return network.object().getIpam().getConfigsList().stream()
        .flatMap(config -> Subnet.parse(config.getSubnet()).stream());
  }

  private static docker.swarmkit.v1.Network nodeLocal(NetworkSpec spec) {
    docker.swarmkit.v1.Network.Builder made = docker.swarmkit.v1.Network.newBuilder().setSpec(spec);
    made.getDriverStateBuilder().setName(spec.getDriverConfig().getName());
    // Engines follow the driver of the address management without looking whether it is there.
    made.getIpamBuilder().setDriver(Driver.getDefaultInstance());
    return made.build();
  }

  private static final class Maker {
    private final NetworkSpec spec;
    private final Snapshot snapshot;
    private final List<Subnet> subnetsTaken = new ArrayList<>();
    private final Set<Integer> idsTaken = new HashSet<>();
    // What is no network's any more, but not free on every node yet.
    private final List<Subnet> subnetsHeld = new ArrayList<>();
    private final Set<Integer> idsHeld = new HashSet<>();

    Maker(NetworkSpec spec, Snapshot snapshot) {
      this.spec = spec;
      this.snapshot = snapshot;
      for (Network network : snapshot.networks().values()) {
        subnets(network).forEach(subnetsTaken::add);
        idsTaken.addAll(network.vxlanIds());
      }
      subnetsHeld.addAll(subnetsTaken);
      idsHeld.addAll(idsTaken);
      snapshot
          .removedNetworks()
          .sorted(Comparator.comparing(Network::id))
          .forEach(
              network -> {
                subnets(network).forEach(subnetsHeld::add);
                idsHeld.addAll(network.vxlanIds());
              });
    }

    NetworkPlan make() {
      List<IPAMConfig> configs = new ArrayList<>();
      for (IPAMConfig config : spec.getIpam().getConfigsList()) {
        Optional<Subnet> subnet = Subnet.parse(config.getSubnet());
        if (subnet.isEmpty() || subnetsTaken.stream().anyMatch(subnet.get()::overlaps)) {
          return refuse("invalid pool request: Pool overlaps with other one on this address space");
        }
        configs.add(withGateway(subnet.get(), config));
      }
      if (configs.isEmpty()) {
        Optional<Subnet> free = freeSubnet();
        if (free.isEmpty()) {
          return refuse(
              "could not find an available, non-overlapping address pool for the network");
        }
        configs.add(
            withGateway(free.get(), IPAMConfig.newBuilder().setSubnet(free.get().text()).build()));
      }
      Optional<String> vxlanIds = vxlanIds(configs.size());
      if (vxlanIds.isEmpty()) {
        return refuse("a VXLAN id that the network asks for is in use or out of range");
      }
      return new NetworkPlan(allocated(configs, vxlanIds.get()), Optional.empty());
    }

    private docker.swarmkit.v1.Network allocated(List<IPAMConfig> configs, String vxlanIds) {
      docker.swarmkit.v1.Network.Builder made =
          docker.swarmkit.v1.Network.newBuilder().setSpec(spec);
      made.getDriverStateBuilder()
          .setName(OVERLAY)
          .putAllOptions(spec.getDriverConfig().getOptionsMap())
          .putOptions(VXLAN_IDS, vxlanIds);
      Driver.Builder ipam = spec.getIpam().getDriver().toBuilder().setName(IPAM_DEFAULT);
      if (ipam.getOptionsCount() > 0) {
        ipam.putOptions(IPAM_SERIAL, "true");
      }
      made.setIpam(IPAMOptions.newBuilder().setDriver(ipam).addAllConfigs(configs));
      return made.build();
    }

    private NetworkPlan refuse(String why) {
      return new NetworkPlan(
          docker.swarmkit.v1.Network.newBuilder().setSpec(spec).build(), Optional.of(why));
    }

    private static IPAMConfig withGateway(Subnet subnet, IPAMConfig config) {
      IPAMConfig.Builder made =
          config.toBuilder()
              .setFamily(
                  subnet.isIpv4() ? IPAMConfig.AddressFamily.IPV4 : IPAMConfig.AddressFamily.IPV6);
      if (config.getGateway().isEmpty()) {
        Subnet range = Subnet.parse(config.getRange()).filter(subnet::contains).orElse(subnet);
        BigInteger gateway = AddressPool.usableFirst(subnet, range);
        Set<String> reserved = Set.copyOf(config.getReservedMap().values());
        while (reserved.contains(subnet.text(gateway))) {
          gateway = gateway.add(BigInteger.ONE);
        }
        made.setGateway(subnet.text(gateway));
      }
      return made.build();
    }

    /**
     * A subnet of the cluster's pools that overlaps no network's: the next behind the one given
     * last.
     */
    private Optional<Subnet> freeSubnet() {
      List<Subnet> pools =
          snapshot
              .cluster()
              .map(cluster -> List.<String>copyOf(cluster.object().getDefaultAddressPoolList()))
              .filter(list -> !list.isEmpty())
              .orElse(POOL_DEFAULT)
              .stream()
              .flatMap(text -> Subnet.parse(text).stream())
              .toList();
      int size = snapshot.cluster().map(Cluster::object).map(c -> c.getSubnetSize()).orElse(0);
      int bits = size == 0 ? SUBNET_BITS_DEFAULT : size;
      Optional<Subnet> last = Subnet.parse(snapshot.rotation().subnet());
      int begin = last.map(subnet -> poolOf(pools, subnet)).orElse(0);
      BigInteger behind =
          last.filter(subnet -> !pools.isEmpty() && pools.get(begin).contains(subnet))
              .map(subnet -> subnet.last().add(BigInteger.ONE))
              .orElse(BigInteger.ZERO);
      // Once around, and at the end what lies before the beginning.
      for (int i = 0; i <= pools.size() && !pools.isEmpty(); i++) {
        Subnet pool = pools.get((begin + i) % pools.size());
        Optional<Subnet> found =
            freeIn(pool, bits, i == 0 ? behind.max(pool.first()) : pool.first());
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }

    private static int poolOf(List<Subnet> pools, Subnet subnet) {
      for (int i = 0; i < pools.size(); i++) {
        if (pools.get(i).contains(subnet)) {
          return i;
        }
      }
      return 0;
    }

    private Optional<Subnet> freeIn(Subnet pool, int bits, BigInteger from) {
      BigInteger size = BigInteger.ONE.shiftLeft(pool.width() - bits);
      BigInteger at = nextMultiple(from, size);
      // Every step leaves one network behind for good, so there are not many.
      while (at.add(size).subtract(BigInteger.ONE).compareTo(pool.last()) <= 0) {
        Subnet candidate = Subnet.parse(pool.text(at) + "/" + bits).orElseThrow();
        Optional<Subnet> inTheWay = subnetsHeld.stream().filter(candidate::overlaps).findFirst();
        if (inTheWay.isEmpty()) {
          return Optional.of(candidate);
        }
        at = nextMultiple(inTheWay.get().last().max(candidate.last()).add(BigInteger.ONE), size);
      }
      return Optional.empty();
    }

    private static BigInteger nextMultiple(BigInteger from, BigInteger size) {
      return from.add(size).subtract(BigInteger.ONE).divide(size).multiply(size);
    }

    /** One id for each subnet: those the user names, otherwise the next free ones. */
    private Optional<String> vxlanIds(int count) {
      String asked = spec.getDriverConfig().getOptionsOrDefault(VXLAN_IDS, "");
      List<Integer> ids = new ArrayList<>(Network.vxlanIds(asked));
      if (!asked.isEmpty()
          && (ids.size() != asked.split(",", -1).length
              || ids.stream().anyMatch(id -> idsTaken.contains(id) || id > VXLAN_ID_MAX))) {
        return Optional.empty();
      }
      int id = Math.max(snapshot.rotation().vxlanId(), VXLAN_ID_MIN - 1);
      for (int tried = VXLAN_ID_MIN; ids.size() < count && tried <= VXLAN_ID_MAX; tried++) {
        id = id >= VXLAN_ID_MAX ? VXLAN_ID_MIN : id + 1;
        if (!idsHeld.contains(id) && !ids.contains(id)) {
          ids.add(id);
        }
      }
      return Optional.of(ids.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
  }
}
