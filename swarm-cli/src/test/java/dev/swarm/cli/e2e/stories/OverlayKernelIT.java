package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsKernel;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Until;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.Ipv4Prefix;
import dev.swarm.core.network.NetworkChange;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkNode;
import dev.swarm.core.network.NetworkService;
import dev.swarm.core.network.NetworkShape;
import dev.swarm.core.network.NetworkState;
import dev.swarm.core.network.NetworkView;
import dev.swarm.core.network.PublishedPort;
import dev.swarm.core.network.PublishedPort.Transport;
import dev.swarm.core.store.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Networks over three hosts' kernels: tasks reach each other, virtual addresses and published ports
 * reach tasks on other nodes, and the server sees who called. Containers are namespaces; no engine
 * takes part. A fourth host is not of the swarm.
 */
@NeedsKernel
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OverlayKernelIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String BACK = "backnetwork01";
  private static final String INGRESS = "ingressnet001";
  private static final ServiceId WEB = new ServiceId("web");
  private static final String VIRTUAL = "10.20.1.100";
  private static final int PUBLISHED = 8080;
  private static final long BULK = 40L << 20;

  private final Lab lab = Lab.open("overlay-kernel");
  private final Map<String, OverlayNode> nodes = new HashMap<>();
  private Host stranger;
  private long index;

  @BeforeAll
  void threeNodesAndAStranger() throws Exception {
    for (String name : List.of("alpha", "beta", "gamma")) {
      nodes.put(name, new OverlayNode(lab.host(name), new NodeId(name + "000001")));
    }
    stranger = lab.host("stranger");
    plugged("alpha", "one", 5);
    plugged("beta", "two", 6);
    apply(view(everybody(), Map.of("one", 5, "two", 6)));
    attach("alpha", "one", 5);
    attach("beta", "two", 6);
  }

  @AfterAll
  void end() {
    nodes.values().forEach(OverlayNode::close);
    lab.close();
  }

  private OverlayNode node(String name) {
    return Optional.ofNullable(nodes.get(name)).orElseThrow();
  }

  private void plugged(String node, String task, int host) {
    node(node).expect(BACK, Ipv4.of("10.20.1." + host), task + "b");
    node(node).expect(INGRESS, Ipv4.of("10.20.0." + host), task + "i");
  }

  /** As the engine plugs in a container: a task on ingress has our gateway. */
  private void attach(String node, String task, int host) {
    node(node).plug(task, task + "b", Ipv4.of("10.20.1." + host), "eth0", 24);
    node(node).plug(task, task + "i", Ipv4.of("10.20.0." + host), "eth1", 24);
    String gateway = "10.20.0." + (200 + node(node).host().address().charAt(8) - '0');
    node(node).inContainer(task, "ip", "route", "add", "default", "via", gateway).ok();
    node(node).serve(task);
  }

  private List<Host> everybody() {
    return nodes.values().stream().map(OverlayNode::host).toList();
  }

  private NetworkView view(List<Host> members, Map<String, Integer> tasks) {
    SortedMap<String, NetworkState> networks = new TreeMap<>();
    networks.put(BACK, network(1, BACK, members, tasks));
    networks.put(INGRESS, network(0, INGRESS, members, tasks));
    return new NetworkView(++index, networks);
  }

  private NetworkState network(
      int number, String id, List<Host> members, Map<String, Integer> tasks) {
    NetworkShape shape =
        new NetworkShape(
            id,
            id,
            List.of(Ipv4Prefix.of("10.20." + number + ".0/24")),
            5000 + number,
            OptionalInt.empty(),
            number == 0,
            false);
    Table.Builder<NodeId, NetworkNode> all = Table.<NodeId, NetworkNode>empty().edit();
    for (Host host : members) {
      NodeId node = new NodeId(host.name() + "000001");
      int place = 200 + host.address().charAt(8) - '0';
      all.put(
          node,
          new NetworkNode(
              node,
              Ipv4.of(host.address()),
              Optional.of(Ipv4.of("10.20." + number + "." + place))));
    }
    Table.Builder<TaskId, NetworkEndpoint> endpoints =
        Table.<TaskId, NetworkEndpoint>empty().edit();
    tasks.forEach((task, host) -> endpoints.put(new TaskId(task), endpoint(number, task, host)));
    NetworkService service =
        new NetworkService(
            WEB,
            "web",
            number == 0 ? Optional.empty() : Optional.of(Ipv4.of(VIRTUAL)),
            number == 0
                ? List.of(
                    new PublishedPort(Transport.TCP, PUBLISHED, OverlayNode.PORT),
                    new PublishedPort(Transport.UDP, PUBLISHED, OverlayNode.PORT))
                : List.of());
    Table.Builder<ServiceId, NetworkService> services =
        Table.<ServiceId, NetworkService>empty().edit();
    services.put(WEB, service);
    return new NetworkState(shape, endpoints.build(), services.build(), all.build());
  }

  private static NetworkEndpoint endpoint(int network, String task, int host) {
    String node = task.equals("one") ? "alpha000001" : "beta000001";
    return new NetworkEndpoint(
        new TaskId(task),
        Ipv4.of("10.20." + network + "." + host),
        new NodeId(node),
        WEB,
        List.of(task),
        List.of(),
        false,
        true);
  }

  /** Everybody who answers {@code times} calls, with the client each of them saw. */
  private static Set<String> answers(Calls calls, String address, int port, boolean udp) {
    TreeSet<String> seen = new TreeSet<>();
    for (int i = 0; i < 16; i++) {
      seen.add((udp ? calls.udp(address, port) : calls.tcp(address, port)).line());
    }
    return seen;
  }

  @Test
  void tasksReachEachOtherByTheirOwnAddresses() {
    Calls one = Calls.from(node("alpha"), "one");
    Calls two = Calls.from(node("beta"), "two");

    assertEquals("two 10.20.1.5", one.tcp("10.20.1.6", 80).line());
    assertEquals("one 10.20.1.6", two.tcp("10.20.1.5", 80).line());
    assertEquals("two 10.20.1.5", one.udp("10.20.1.6", 80).line());
    assertEquals(BULK, one.bulk("10.20.1.6", 80, BULK));
  }

  @Test
  void aVirtualAddressReachesAllTasksAndTheySeeTheClient() {
    // Itself it sees at its node's address, so that the reply comes back by that node.
    assertEquals(
        new TreeSet<>(List.of("one 10.20.1.201", "two 10.20.1.5")),
        answers(Calls.from(node("alpha"), "one"), VIRTUAL, 80, false));
    assertEquals(
        new TreeSet<>(List.of("one 10.20.1.6", "two 10.20.1.202")),
        answers(Calls.from(node("beta"), "two"), VIRTUAL, 80, true));
    assertEquals(BULK, Calls.from(node("alpha"), "one").bulk(VIRTUAL, 80, BULK));
    assertEquals(BULK, Calls.from(node("alpha"), "one").bulk(VIRTUAL, 80, BULK));
  }

  @Test
  void everyNodeAnswersAPublishedPortAndTheTaskSeesTheClient() {
    Calls outside = Calls.from(stranger);
    TreeSet<String> wanted =
        new TreeSet<>(List.of("one " + stranger.address(), "two " + stranger.address()));
    for (OverlayNode entry : nodes.values()) {
      String address = entry.host().address();
      assertEquals(wanted, answers(outside, address, PUBLISHED, false), entry.host().name());
      assertEquals(wanted, answers(outside, address, PUBLISHED, true), entry.host().name());
      assertEquals(BULK, outside.bulk(address, PUBLISHED, BULK));
    }
  }

  @Test
  void theNodeItselfReachesItsPublishedPorts() {
    Host gamma = node("gamma").host();
    TreeSet<String> wanted =
        new TreeSet<>(List.of("one " + gamma.address(), "two " + gamma.address()));

    assertEquals(wanted, answers(Calls.from(gamma), "127.0.0.1", PUBLISHED, false));
    assertEquals(wanted, answers(Calls.from(gamma), gamma.address(), PUBLISHED, false));
  }

  @Test
  void aTaskReachesPublishedPortsToo() {
    Calls one = Calls.from(node("alpha"), "one");
    for (OverlayNode entry : nodes.values()) {
      Set<String> seen = answers(one, entry.host().address(), PUBLISHED, false);
      assertEquals(2, seen.size(), seen::toString);
    }
  }

  @Test
  void oneClientPortThroughTwoNodesIsTwoConnections() {
    // Both are open at once, and both are with the same task.
    apply(view(everybody(), Map.of("two", 6)));

    List<String> call = new ArrayList<>(OverlayNode.java(OnePortCaller.class));
    call.addAll(List.of("5555", Integer.toString(PUBLISHED)));
    call.addAll(List.of(node("alpha").host().address(), node("gamma").host().address()));
    String answers = stranger.run(call.toArray(String[]::new)).ok();

    assertEquals(("two " + stranger.address() + "\n").repeat(2), answers);
    apply(view(everybody(), Map.of("one", 5, "two", 6)));
  }

  private void apply(NetworkView next) {
    nodes.values().forEach(node -> node.apply(next));
  }

  @Test
  void framesFromOutsideTheSwarmAreDropped() {
    OverlayNode alpha = node("alpha");
    String echoes = "grep ^Icmp: /proc/net/snmp | tail -n 1 | cut -d ' ' -f 10";
    stranger
        .run(
            "sh",
            "-c",
            "ip link add foreign type vxlan id 5001 dstport 4789 remote "
                + alpha.host().address()
                + " && ip addr add 10.20.1.77/24 dev foreign && ip link set foreign up"
                + " && ip neigh add 10.20.1.5 lladdr 02:42:0a:14:01:05 dev foreign")
        .ok();
    List<Host> withStranger = new ArrayList<>(everybody());
    withStranger.add(stranger);

    alpha.apply(view(withStranger, Map.of("one", 5, "two", 6)));
    long before = count(alpha.inContainer("one", "sh", "-c", echoes));
    stranger.run("busybox", "ping", "-c", "2", "-W", "1", "10.20.1.5");
    long asNode = count(alpha.inContainer("one", "sh", "-c", echoes));
    alpha.apply(view(everybody(), Map.of("one", 5, "two", 6)));
    stranger.run("busybox", "ping", "-c", "2", "-W", "1", "10.20.1.5");
    long asStranger = count(alpha.inContainer("one", "sh", "-c", echoes));

    assertTrue(asNode > before, "a node's frames arrive");
    assertEquals(asNode, asStranger, "a stranger's do not");
  }

  private static long count(Output output) {
    return Long.parseLong(output.line());
  }

  @Test
  void whatSomebodyBreaksIsRepaired() throws Exception {
    OverlayNode alpha = node("alpha");
    NetworkView now = view(everybody(), Map.of("one", 5, "two", 6));
    alpha.apply(now);
    String back = alpha.namespaceOf(BACK);
    alpha.host().run("nft", "flush", "ruleset").ok();
    alpha.inContainer(back, "nft", "flush", "ruleset").ok();
    alpha
        .host()
        .run("bridge", "-n", back, "fdb", "del", "02:42:0a:14:01:06", "dev", "vxlan0", "self")
        .ok();
    alpha.host().run("ip", "-n", alpha.namespaceOf(INGRESS), "link", "set", "br0", "down").ok();
    alpha.host().run("ip", "link", "delete", "swing0").ok();
    assertFalse(alpha.holds(now));

    Duration took = Until.holds("it is repaired", LIMIT, () -> alpha.holds(now));

    lab.journal().step("repaired after " + took.toMillis() + " ms");
    assertEquals("two 10.20.1.5", Calls.from(alpha, "one").tcp("10.20.1.6", 80).line());
    assertEquals(
        "10.89.0.4",
        Calls.from(stranger).tcp(alpha.host().address(), PUBLISHED).line().split(" ", -1)[1]);
  }

  @Test
  void aSocketThatSendsDatagramsLeavesABackendThatIsGone() throws Exception {
    OverlayNode alpha = node("alpha");
    Path log = alpha.host().log("datagrams");
    String send =
        "exec 3<>/dev/udp/$0/80; for i in {1..400}; do echo x >&3;"
            + " timeout 0.3 head -n 1 <&3; sleep 0.05; done";
    Process sender =
        alpha
            .host()
            .start(
                List.of("nsenter", "--net=/run/netns/one", "--", "bash", "-c", send, VIRTUAL),
                Map.of(),
                log);
    try {
      Until.holds("it is answered", LIMIT, () -> Files.readString(log).contains("\n"));
      String first = Files.readString(log).lines().findFirst().orElseThrow().split(" ", -1)[0];
      String other = first.equals("one") ? "two" : "one";
      int host = other.equals("one") ? 5 : 6;

      alpha.apply(view(everybody(), Map.of(other, host)));

      Duration took =
          Until.holds(
              "the same socket is answered by the other",
              LIMIT,
              () -> Files.readString(log).contains(other + " "));
      lab.journal().step("the other answered after " + took.toMillis() + " ms");
      alpha.apply(view(everybody(), Map.of("one", 5, "two", 6)));
    } finally {
      sender.descendants().forEach(ProcessHandle::destroyForcibly);
      sender.destroyForcibly();
    }
  }

  @Test
  void aThousandServicesAreOneStepAndOneChangeIsSmall() {
    OverlayNode gamma = node("gamma");
    NetworkView base = view(everybody(), Map.of("one", 5, "two", 6));
    gamma.apply(base);
    NetworkState large = large(base);

    Duration full = gamma.apply(with(base, large));
    SortedMap<TaskId, Optional<NetworkEndpoint>> gone = new TreeMap<>();
    gone.put(new TaskId("large5"), Optional.empty());
    NetworkState less =
        large.apply(new NetworkChange(Optional.empty(), gone, new TreeMap<>(), new TreeMap<>()));
    Duration one = gamma.apply(with(base, less));
    Duration back = gamma.apply(with(base, large));

    lab.journal().figure("1,000 services of 10 tasks put in place", full, Duration.ofSeconds(1));
    lab.journal().figure("one of their tasks goes", one, Duration.ofMillis(20));
    lab.journal().figure("one of their tasks comes", back, Duration.ofMillis(20));
    gamma.apply(view(everybody(), Map.of("one", 5, "two", 6)));
  }

  private NetworkView with(NetworkView base, NetworkState more) {
    SortedMap<String, NetworkState> all = new TreeMap<>(base.networks());
    all.put(more.shape().id(), more);
    return new NetworkView(++index, all);
  }

  /** A thousand services with virtual addresses, and ten tasks of each on other nodes. */
  private static NetworkState large(NetworkView base) {
    NetworkShape shape =
        new NetworkShape(
            "largenetwork1",
            "large",
            List.of(Ipv4Prefix.of("10.30.0.0/16")),
            5002,
            OptionalInt.empty(),
            false,
            false);
    SortedMap<TaskId, Optional<NetworkEndpoint>> endpoints = new TreeMap<>();
    SortedMap<ServiceId, Optional<NetworkService>> services = new TreeMap<>();
    for (int service = 0; service < 1_000; service++) {
      ServiceId id = new ServiceId("large" + service);
      Ipv4 virtual = Ipv4.of("10.30." + (200 + service / 250) + "." + (1 + service % 250));
      services.put(
          id, Optional.of(new NetworkService(id, id.value(), Optional.of(virtual), List.of())));
      for (int task = 0; task < 10; task++) {
        int number = service * 10 + task;
        TaskId name = new TaskId("large" + number);
        endpoints.put(
            name,
            Optional.of(
                new NetworkEndpoint(
                    name,
                    Ipv4.of("10.30." + (1 + number / 250) + "." + (1 + number % 250)),
                    new NodeId(number % 2 == 0 ? "alpha000001" : "beta000001"),
                    id,
                    List.of(),
                    List.of(),
                    false,
                    true)));
      }
    }
    NetworkState back = Optional.ofNullable(base.networks().get(BACK)).orElseThrow();
    return new NetworkState(shape, Table.empty(), Table.empty(), back.nodes())
        .apply(new NetworkChange(Optional.empty(), endpoints, services, new TreeMap<>()));
  }
}
