package dev.swarm.core.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.allocator.BootstrapKeyController.ClusterKey;
import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.EncryptionKey;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.EndpointSpec.ResolutionMode;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.ServiceSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Stories of networks: who is on which, by which address, and until when. */
class AllocatorTest {
  private final Stage stage = new Stage();

  @Test
  void aTaskOnAnOverlayGoesToAnEngineThatCarriesIt() {
    stage.node("ours");
    Network net = network("back", "");
    ServiceId web = stage.service(on(net, 2));
    stage.settle();
    assertTrue(stage.wanted(web).stream().allMatch(Task::isUnscheduled));
    assertEquals(
        "no suitable node (missing plugin on 1 node)", stage.wanted(web).getFirst().status().err());

    NodeId stock = stage.stock(stage.node("stock"));
    stage.settle();
    assertEquals(List.of("10.0.0.3/24", "10.0.0.4/24"), addresses(web));
    assertTrue(stage.wanted(web).stream().allMatch(task -> task.node().equals(stock)));
    // The service has the first one, its node's load balancer one behind the tasks.
    assertEquals("10.0.0.2/24", stage.service(web).endpoint().getVirtualIps(0).getAddr());
    assertEquals(
        List.of(new Attachment(net.id(), List.of("10.0.0.5/24"))), stage.node(stock).networks());
  }

  @Test
  void tasksOnANetworkThatNodesCarryAloneGoToOneOfThem() {
    stage.alone(stage.node("a"));
    stage.alone(stage.node("b"));
    Network net = network("back", "");
    ServiceId web = stage.service(on(net, 3));
    ServiceId db = stage.service(Specs.network(Specs.replicated("db", 2), net.id()));
    stage.settle();
    NodeId home = stage.wanted(web).getFirst().node();
    assertEquals(Set.of(home), nodes(web));
    assertEquals(Set.of(home), nodes(db));
    assertEquals(3, Set.copyOf(addresses(web)).size());
    assertTrue(stage.node(home).networks().isEmpty(), "it has no load balancer");

    // Others are spread as ever, and another network may be elsewhere.
    stage.availability(home, Availability.PAUSE);
    ServiceId other =
        stage.service(Specs.network(Specs.replicated("other", 2), network("next", "").id()));
    stage.update(web, Specs.replicas(on(net, 3), 4));
    stage.settle();
    assertNotEquals(home, stage.wanted(other).getFirst().node());
    assertEquals(
        "no suitable node (1 node not available for new tasks; the task's networks do not reach 1"
            + " node)",
        stage.wanted(web).stream()
            .filter(Task::isUnscheduled)
            .findAny()
            .orElseThrow()
            .status()
            .err());
  }

  @Test
  void aNetworkMovesAsAWholeWhenItsNodeIsDrained() {
    stage.alone(stage.node("a"));
    stage.alone(stage.node("b"));
    Network net = network("back", "");
    ServiceId web = stage.service(on(net, 3));
    ServiceId db = stage.service(Specs.network(Specs.replicated("db", 2), net.id()));
    stage.settle();
    NodeId home = stage.wanted(web).getFirst().node();
    stage.availability(home, Availability.DRAIN);
    stage.settle();
    NodeId next = stage.wanted(web).getFirst().node();
    assertNotEquals(home, next);
    assertEquals(Set.of(next), nodes(web));
    assertEquals(Set.of(next), nodes(db));
  }

  @Test
  void nodesThatCarryNetworksAloneHaveNoPartWhereStockEnginesDo() {
    stage.alone(stage.node("ours"));
    NodeId stock = stage.stock(stage.node("stock"));
    ServiceId web = stage.service(on(network("back", ""), 2));
    stage.settle();
    assertEquals(Set.of(stock), nodes(web));
  }

  private Set<NodeId> nodes(ServiceId service) {
    return stage.wanted(service).stream().map(Task::node).collect(Collectors.toSet());
  }

  @Test
  void aTaskOnNoNetworkHasNoPlace() {
    NodeId stock = stage.stock(stage.node("stock"));
    ServiceId web = stage.service(Specs.replicated("web", 2));
    stage.settle();
    assertTrue(stage.wanted(web).stream().allMatch(task -> task.networks().isEmpty()));
    assertTrue(stage.node(stock).networks().isEmpty());
    assertTrue(stage.snapshot().addresses().isEmpty());
  }

  @Test
  void portsAreSharedWhereTheIngressNetworkIsAndBoundElsewhere() {
    Network ingress = stage.network(NetworkPlan.ingress()).orElseThrow();
    NodeId stock = stage.stock(stage.node("stock"));
    NodeId ours = stage.node("ours");
    ServiceId web = stage.service(Specs.meshPort(Specs.replicated("web", 4), 80));
    stage.settle();
    List<Task> there =
        stage.wanted(web).stream().filter(task -> task.node().equals(stock)).toList();
    List<Task> here = stage.wanted(web).stream().filter(task -> task.node().equals(ours)).toList();
    assertEquals(1, here.size());
    assertEquals(3, there.size());
    assertTrue(here.getFirst().networks().isEmpty());
    there.forEach(task -> assertEquals(ingress.id(), task.networks().getFirst().network()));
    assertEquals(ingress.id(), stage.service(web).endpoint().getVirtualIps(0).getNetworkId());
    assertEquals(ingress.id(), stage.node(stock).networks().getFirst().network());
    assertTrue(stage.node(ours).networks().isEmpty());
  }

  @Test
  void aServiceKeepsItsAddressUntilItLeavesTheNetwork() {
    stage.stock(stage.node("stock"));
    Network one = network("one", "");
    Network two = network("two", "");
    ServiceId web = stage.service(on(one, 1));
    Endpoint.VirtualIP first = stage.service(web).endpoint().getVirtualIps(0);
    stage.update(web, Specs.image(on(one, 3), "next"));
    assertEquals(List.of(first), stage.service(web).endpoint().getVirtualIpsList());

    stage.update(web, Specs.network(on(one, 1), two.id()));
    assertEquals(first, stage.service(web).endpoint().getVirtualIps(0));
    assertEquals(two.id(), stage.service(web).endpoint().getVirtualIps(1).getNetworkId());

    stage.update(
        web, Specs.with(on(one, 1), s -> s.getEndpointBuilder().setMode(ResolutionMode.DNSRR)));
    assertEquals(0, stage.service(web).endpoint().getVirtualIpsCount());
    assertTrue(stage.snapshot().addressesOf(one.id()).taken().isEmpty());
  }

  @Test
  void aFullNetworkKeepsTasksWaitingUntilOneEnds() {
    stage.stock(stage.node("stock"));
    // Six addresses: the gateway, the service, three tasks and the node.
    Network net = network("small", "10.1.0.0/29");
    ServiceId web = stage.service(on(net, 5));
    stage.settle();
    List<Task> waiting = stage.wanted(web).stream().filter(Task::isUnscheduled).toList();
    assertFalse(waiting.isEmpty());
    assertEquals(
        "no suitable node (no address is left on one of the task's networks)",
        waiting.getFirst().status().err());

    stage.update(web, on(net, 3));
    stage.run();
    assertTrue(stage.wanted(web).stream().noneMatch(Task::isUnscheduled));
  }

  @Test
  void anAddressRestsBeforeAnotherGetsIt() {
    stage.stock(stage.node("stock"));
    ServiceId web = stage.service(on(network("net", ""), 1));
    stage.run();
    String first = addresses(web).getFirst();
    stage.report(stage.only(stage.wanted(web)).id(), TaskState.FAILED);
    stage.run();
    stage.pass(Duration.ofMinutes(1));
    stage.run();
    assertNotEquals(first, addresses(web).getFirst());
  }

  @Test
  void anEnginesOwnNetworkIsOnEveryNode() {
    NodeId ours = stage.node("ours");
    stage.apply(
        new Change.PutNetwork(new Network("host-id", Meta.NONE, NetworkPlan.predefined("host"))));
    ServiceId web = stage.service(Specs.network(Specs.replicated("web", 1), "host"));
    stage.settle();
    Task task = stage.only(stage.wanted(web));
    assertEquals(ours, task.node());
    assertEquals(List.of(new Attachment("host-id", List.of())), task.networks());
    assertEquals(0, stage.service(web).endpoint().getVirtualIpsCount());
  }

  @Test
  void aNetworkThatEveryNodeMakesForItselfNeedsItsDriverThere() {
    stage.node("without");
    NetworkSpec.Builder spec = named("near", "").toBuilder();
    spec.getDriverConfigBuilder().setName("macvlan");
    Network net = stage.network(spec.build()).orElseThrow();
    ServiceId web = stage.service(on(net, 2));
    stage.settle();
    assertEquals(
        "no suitable node (missing plugin on 1 node)", stage.wanted(web).getFirst().status().err());

    NodeId able = stage.withNetworkPlugin(stage.node("able"), "macvlan");
    stage.settle();
    assertEquals(Set.of(able), nodes(web));
    assertEquals(
        List.of(new Attachment(net.id(), List.of())), stage.wanted(web).getFirst().networks());
  }

  @Test
  void subnetsComeFromTheClustersPool() {
    stage.apply(
        new Change.PutCluster(
            new Cluster(
                "cluster",
                Meta.NONE,
                docker.swarmkit.v1.Cluster.newBuilder()
                    .addDefaultAddressPool("10.7.0.0/25")
                    .addDefaultAddressPool("10.8.0.0/26")
                    .setSubnetSize(26)
                    .build())));
    assertEquals("10.7.0.0/26", subnet(network("a", "")));
    assertEquals("10.7.0.64/26", subnet(network("b", "")));
    assertEquals("10.8.0.0/26", subnet(network("c", "")));
    assertTrue(stage.network(named("d", "")).isEmpty());
    assertTrue(stage.network(named("e", "10.7.0.32/27")).isEmpty());
    assertEquals("10.9.0.0/24", subnet(network("f", "10.9.0.0/24")));
  }

  /** {@code stack deploy}, {@code stack rm}, {@code stack deploy} at once, with a stop grace. */
  @Test
  void whatANodeHasNotLetGoOfIsNotGivenAway() {
    stage.alone(stage.node("n"));
    Network first = network("stack_default", "");
    ServiceId web = stage.service(on(first, 2));
    stage.run();
    stage.apply(new Change.RemoveService(web), new Change.RemoveNetwork(first.id()));
    stage.settle();
    assertEquals(2, stage.tasks(web).size(), "they are stopping");
    stage.failOver();
    Network second = network("stack_default", "");
    assertNotEquals(subnet(first), subnet(second));
    assertNotEquals(first.vxlanIds(), second.vxlanIds());
    Network asked = network("asked", subnet(first));
    stage.apply(new Change.RemoveNetwork(asked.id()), new Change.RemoveNetwork(second.id()));
    assertTrue(stage.snapshot().removedNetworks().toList().contains(first));
    stage.run();
    assertEquals(0, stage.snapshot().removedNetworks().count(), "all of it is let go of");
    stage.failOver();
    Network third = network("stack_default", "");
    assertNotEquals(subnet(first), subnet(third));
    assertNotEquals(subnet(second), subnet(third));
    assertNotEquals(second.vxlanIds(), third.vxlanIds());
  }

  @Test
  void whoAsksForASubnetThatANodeHasNotLetGoOfWaitsForThat() {
    stage.alone(stage.node("n"));
    Network first = network("net", "10.7.0.0/24");
    ServiceId web = stage.service(on(first, 1));
    stage.run();
    stage.apply(new Change.RemoveService(web), new Change.RemoveNetwork(first.id()));
    stage.settle();
    ServiceId again = stage.service(on(network("net", "10.7.0.0/24"), 1));
    stage.settle();
    assertEquals(
        "no suitable node (a removed network whose tasks have not stopped yet is in the way on"
            + " 1 node)",
        stage.only(stage.wanted(again)).status().err());
    ServiceId other = stage.service(on(network("other", ""), 1));
    stage.settle();
    assertEquals(TaskState.ASSIGNED, stage.only(stage.wanted(other)).state());
    stage.failOver();
    stage.run();
    assertEquals(TaskState.RUNNING, stage.only(stage.wanted(again)).state());
  }

  /** Engines have one network of a name, and would put the new tasks on the old one. */
  @Test
  void anEngineThatStillHasANetworkOfThatNameIsWaitedFor() {
    stage.stock(stage.node("n"));
    Network first = network("stack_default", "");
    ServiceId web = stage.service(on(first, 1));
    stage.run();
    stage.apply(new Change.RemoveService(web), new Change.RemoveNetwork(first.id()));
    stage.settle();
    ServiceId again = stage.service(on(network("stack_default", ""), 1));
    ServiceId other = stage.service(on(network("other", ""), 1));
    stage.settle();
    assertEquals(
        "no suitable node (a removed network whose tasks have not stopped yet is in the way on"
            + " 1 node)",
        stage.only(stage.wanted(again)).status().err());
    assertEquals(TaskState.ASSIGNED, stage.only(stage.wanted(other)).state());
    stage.stock(stage.node("m"));
    stage.settle();
    assertEquals("m", stage.only(stage.wanted(again)).node().value(), "others have none");
  }

  @Test
  void itGetsTheNewNetworkWhenItHasLetGoOfTheOldOne() {
    stage.stock(stage.node("n"));
    Network first = network("stack_default", "");
    ServiceId web = stage.service(on(first, 1));
    stage.run();
    stage.apply(new Change.RemoveService(web), new Change.RemoveNetwork(first.id()));
    stage.settle();
    ServiceId again = stage.service(on(network("stack_default", ""), 1));
    stage.failOver();
    stage.run();
    assertEquals(TaskState.RUNNING, stage.only(stage.wanted(again)).state());
  }

  @Test
  void ourOwnWorkersCallTheNewNetworkSomethingElse() {
    stage.alone(stage.node("n"));
    Network first = network("stack_default", "");
    ServiceId web = stage.service(on(first, 1));
    stage.run();
    stage.apply(new Change.RemoveService(web), new Change.RemoveNetwork(first.id()));
    stage.settle();
    ServiceId again = stage.service(on(network("stack_default", ""), 1));
    stage.settle();
    assertEquals(TaskState.ASSIGNED, stage.only(stage.wanted(again)).state());
  }

  @Test
  void whatIsLeftIsGivenOnceAroundAndOnlyHeldSubnetsAreLeftOut() {
    stage.apply(
        new Change.PutCluster(
            new Cluster(
                "cluster",
                Meta.NONE,
                docker.swarmkit.v1.Cluster.newBuilder()
                    .addDefaultAddressPool("10.7.0.0/25")
                    .addDefaultAddressPool("10.8.0.0/26")
                    .setSubnetSize(26)
                    .build())));
    stage.alone(stage.node("n"));
    Network held = network("held", "");
    ServiceId web = stage.service(on(held, 1));
    stage.run();
    stage.apply(new Change.RemoveService(web), new Change.RemoveNetwork(held.id()));
    for (String subnet : List.of("10.7.0.64/26", "10.8.0.0/26", "10.7.0.64/26", "10.8.0.0/26")) {
      Network made = network("next", "");
      assertEquals(subnet, subnet(made));
      stage.apply(new Change.RemoveNetwork(made.id()));
    }
    stage.settle();
    stage.run();
    assertEquals("10.7.0.0/26", subnet(network("next", "")));
  }

  @Test
  void aRotationTakesTheOldestKeyAndMovesTheOthersOn() {
    stage.historyLimit(5);
    stage.carryOut(stage.look(new ClusterKey()));
    List<EncryptionKey> before = keys();
    stage.pass(BootstrapKeys.ROTATED_EVERY.minusMinutes(1));
    assertTrue(stage.look(new ClusterKey()).commands().isEmpty());
    stage.pass(Duration.ofMinutes(2));
    stage.carryOut(stage.look(new ClusterKey()));
    Set<EncryptionKey> kept = new HashSet<>(before);
    kept.retainAll(keys());
    assertEquals(4, kept.size());
    assertEquals(6, keys().size());
    assertFalse(keys().contains(before.getFirst()));
  }

  private List<EncryptionKey> keys() {
    return stage.snapshot().cluster().orElseThrow().object().getNetworkBootstrapKeysList();
  }

  private static String subnet(Network network) {
    return network.object().getIpam().getConfigs(0).getSubnet();
  }

  private List<String> addresses(ServiceId service) {
    return stage.wanted(service).stream()
        .flatMap(task -> task.networks().stream())
        .flatMap(place -> place.addresses().stream())
        .toList();
  }

  private static ServiceSpec on(Network network, int replicas) {
    return Specs.network(Specs.replicated("web", replicas), network.id());
  }

  private Network network(String name, String subnet) {
    return stage.network(named(name, subnet)).orElseThrow();
  }

  private static NetworkSpec named(String name, String subnet) {
    NetworkSpec.Builder spec = NetworkSpec.newBuilder();
    spec.getAnnotationsBuilder().setName(name);
    if (!subnet.isEmpty()) {
      spec.getIpamBuilder().addConfigs(IPAMConfig.newBuilder().setSubnet(subnet));
    }
    return spec.build();
  }
}
