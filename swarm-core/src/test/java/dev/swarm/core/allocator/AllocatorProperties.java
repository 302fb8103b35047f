package dev.swarm.core.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.allocator.BootstrapKeyController.ClusterKey;
import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.net.Subnet;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import dev.swarm.core.store.Addresses;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.ServiceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of what is given out: nothing twice, nothing for ever, and the same by every leader. */
class AllocatorProperties {

  @Property(tries = 60)
  void nothingIsGivenOutTwice(@ForAll @Size(max = 40) List<Integer> numbers) {
    Stage stage = new Stage();
    Play play = new Play(stage);
    for (int number : numbers) {
      play.move(new Random(number));
      stage.settle();
      check(stage.snapshot());
    }
  }

  /**
   * Who leads may change at any time. Which address is whose then depends on the order in which
   * things are looked at; that each has one owner does not.
   */
  @Property(tries = 30)
  void leadersThatChangeKeepNothingAndForgetNothing(@ForAll @Size(max = 25) List<Integer> numbers) {
    Stage stage = new Stage();
    Play play = new Play(stage);
    for (int number : numbers) {
      play.move(new Random(number));
      stage.failOver();
      stage.settle();
      check(stage.snapshot());
      Map<String, List<String>> held = held(stage.snapshot());
      for (String network : stage.snapshot().addresses().keys()) {
        assertEquals(
            held.getOrDefault(network, List.of()).size(),
            stage.snapshot().addressesOf(network).taken().size(),
            network);
      }
    }
  }

  @Property(tries = 30)
  void allIsGivenBackWhenItsHoldersAreGone(@ForAll @Size(max = 25) List<Integer> numbers) {
    Stage stage = new Stage();
    Play play = new Play(stage);
    for (int number : numbers) {
      play.move(new Random(number));
      stage.settle();
    }
    for (ServiceId id : List.copyOf(stage.snapshot().services().keys())) {
      stage.apply(new Change.RemoveService(id));
    }
    stage.run();
    Set<String> left = new HashSet<>();
    TaskNetworks.ingress(stage.snapshot()).map(Network::id).ifPresent(left::add);
    for (String network : stage.snapshot().addresses().keys()) {
      int taken = stage.snapshot().addressesOf(network).taken().size();
      assertTrue(taken == 0 || left.contains(network), network + " keeps " + taken);
    }
    stage.snapshot().networks().keys().forEach(id -> stage.apply(new Change.RemoveNetwork(id)));
    stage.settle();
    assertTrue(stage.snapshot().addresses().isEmpty());
  }

  @Property(tries = 40)
  void aNetworkIsNeverWithinTwoNodes(@ForAll @Size(max = 30) List<Integer> numbers) {
    Stage stage = new Stage();
    List<NodeId> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(stage.alone(stage.node("n" + i)));
    }
    Play play = new Play(stage, nodes);
    for (int number : numbers) {
      play.move(new Random(number));
      stage.settle();
      Map<String, Set<NodeId>> homes = new HashMap<>();
      stage.tasks().stream()
          .filter(Task::bindsNetworks)
          .forEach(
              task ->
                  task.networks()
                      .forEach(
                          at ->
                              homes
                                  .computeIfAbsent(at.network(), n -> new HashSet<>())
                                  .add(task.node())));
      homes.forEach((network, at) -> assertEquals(1, at.size(), network));
    }
  }

  @Property
  void aSubnetIsGivenOutToItsLastAddressAndNoFurther(
      @ForAll @IntRange(min = 24, max = 31) int bits) {
    Stage stage = new Stage();
    NetworkSpec.Builder spec = NetworkSpec.newBuilder();
    spec.getAnnotationsBuilder().setName("net");
    spec.getIpamBuilder().addConfigs(IPAMConfig.newBuilder().setSubnet("10.9.8.0/" + bits));
    Network network = stage.network(spec.build()).orElseThrow();
    AddressBook book = new AddressBook(stage.snapshot());
    Set<String> drawn = new HashSet<>();
    for (Optional<String> next = book.draw(network); next.isPresent(); next = book.draw(network)) {
      assertTrue(drawn.add(next.get()), next.get());
      assertTrue(
          Subnet.parse("10.9.8.0/" + bits)
              .orElseThrow()
              .contains(Subnet.address(Addresses.bare(next.get())).orElseThrow()));
    }
    // Without the gateway, and without the subnet's own two addresses where it has more.
    assertEquals((1 << (32 - bits)) - (bits == 31 ? 1 : 3), drawn.size());
  }

  @Property(tries = 20)
  void keysAreThreeEachWithTimesOfTheirOwn(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 30) Integer> hours) {
    Stage stage = new Stage();
    stage.historyLimit(5);
    long newest = 0;
    for (int pause : hours) {
      stage.carryOut(stage.look(new ClusterKey()));
      assertTrue(stage.look(new ClusterKey()).commands().isEmpty());
      var cluster = stage.snapshot().cluster().orElseThrow().object();
      Set<Long> times = new HashSet<>();
      Map<String, Integer> counts = new HashMap<>();
      for (var key : cluster.getNetworkBootstrapKeysList()) {
        assertTrue(times.add(key.getLamportTime()));
        assertEquals(16, key.getKey().size());
        counts.merge(key.getSubsystem(), 1, Integer::sum);
      }
      assertEquals(Map.of("networking:gossip", 3, "networking:ipsec", 3), counts);
      long last = times.stream().max(Long::compare).orElseThrow();
      assertTrue(last >= newest);
      newest = last;
      stage.pass(java.time.Duration.ofHours(pause));
    }
  }

  /** Things that happen to networks, from any numbers. */
  private static final class Play {
    private final Stage stage;
    private final List<NodeId> drained;
    private int names;

    /**
     * @param drained nodes that are drained and taken back now and then
     */
    Play(Stage stage, List<NodeId> drained) {
      this.stage = stage;
      this.drained = drained;
    }

    Play(Stage stage) {
      this(stage, List.of());
      for (int i = 0; i < 3; i++) {
        NodeId node = stage.node("n" + i);
        if (i > 0) {
          stage.stock(node);
        }
      }
      stage.network(NetworkPlan.ingress());
    }

    void move(Random dice) {
      List<ServiceId> services = stage.snapshot().services().keys().stream().sorted().toList();
      if (!drained.isEmpty() && dice.nextInt(4) == 0) {
        NodeId node = drained.get(dice.nextInt(drained.size()));
        stage.availability(
            node, stage.node(node).isDrained() ? Availability.ACTIVE : Availability.DRAIN);
        return;
      }
      switch (dice.nextInt(6)) {
        case 0 -> stage.network(network(dice));
        case 1, 2 -> stage.service(spec(dice));
        case 3 -> {
          if (!services.isEmpty()) {
            ServiceId id = services.get(dice.nextInt(services.size()));
            String name = stage.service(id).name();
            stage.update(id, Specs.with(spec(dice), s -> s.getAnnotationsBuilder().setName(name)));
          }
        }
        case 4 -> {
          if (!services.isEmpty()) {
            stage.apply(new Change.RemoveService(services.get(dice.nextInt(services.size()))));
          }
        }
        default -> stage.obey();
      }
    }

    private NetworkSpec network(Random dice) {
      NetworkSpec.Builder spec = NetworkSpec.newBuilder();
      spec.getAnnotationsBuilder().setName("net" + ++names);
      if (dice.nextBoolean()) {
        spec.getIpamBuilder()
            .addConfigs(
                IPAMConfig.newBuilder()
                    .setSubnet("10.%d.%d.0/28".formatted(dice.nextInt(2), dice.nextInt(4))));
      }
      return spec.build();
    }

    private ServiceSpec spec(Random dice) {
      ServiceSpec spec = Specs.replicated("s" + ++names, dice.nextInt(4));
      List<String> networks =
          stage.snapshot().networks().stream()
              .filter(network -> !network.isIngress())
              .map(Network::id)
              .sorted()
              .toList();
      for (String network : networks) {
        if (dice.nextInt(3) == 0) {
          spec = Specs.network(spec, network);
        }
      }
      return dice.nextInt(3) == 0 ? Specs.meshPort(spec, 8000 + names) : spec;
    }
  }

  /** The addresses that nodes, tasks and services say they have, of each network. */
  private static Map<String, List<String>> held(Snapshot snapshot) {
    Map<String, List<String>> held = new HashMap<>();
    snapshot.nodes().values().forEach(node -> collect(node.networks(), held));
    snapshot.tasks().values().stream()
        .filter(Task::holdsAddresses)
        .forEach(task -> collect(task.networks(), held));
    for (Service service : snapshot.services().values()) {
      for (var ip : service.endpoint().getVirtualIpsList()) {
        held.computeIfAbsent(ip.getNetworkId(), n -> new ArrayList<>()).add(ip.getAddr());
      }
    }
    return held;
  }

  private static void check(Snapshot snapshot) {
    for (Node node : snapshot.nodes().values()) {
      assertFalse(!node.carriesOverlays() && !node.networks().isEmpty());
    }
    snapshot.tasks().values().stream()
        .filter(Task::holdsAddresses)
        .forEach(task -> checkNodeIsThere(snapshot, task));
    held(snapshot)
        .forEach((network, all) -> assertEquals(all.size(), Set.copyOf(all).size(), network));
    checkNetworks(List.copyOf(snapshot.networks().values()));
  }

  private static void checkNodeIsThere(Snapshot snapshot, Task task) {
    Node node = snapshot.nodes().find(task.node()).orElseThrow();
    List<String> reached = node.networks().stream().map(Attachment::network).toList();
    task.networks().forEach(place -> assertTrue(reached.contains(place.network())));
  }

  private static void collect(List<Attachment> places, Map<String, List<String>> into) {
    for (Attachment place : places) {
      into.computeIfAbsent(place.network(), n -> new ArrayList<>()).addAll(place.addresses());
    }
  }

  private static void checkNetworks(List<Network> networks) {
    Set<String> ids = new HashSet<>();
    for (Network network : networks) {
      String id = network.object().getDriverState().getOptionsOrDefault(NetworkPlan.VXLAN_IDS, "");
      assertTrue(ids.add(id), "two networks have VXLAN id " + id);
      assertTrue(Integer.parseInt(id) >= NetworkPlan.VXLAN_ID_MIN);
    }
    List<Subnet> subnets =
        networks.stream()
            .flatMap(network -> network.object().getIpam().getConfigsList().stream())
            .map(config -> Subnet.parse(config.getSubnet()).orElseThrow())
            .toList();
    IntStream.range(0, subnets.size())
        .forEach(
            i ->
                subnets
                    .subList(0, i)
                    .forEach(other -> assertFalse(other.overlaps(subnets.get(i)))));
  }
}
