package dev.swarm.core.kernel;

import static dev.swarm.core.kernel.Swarm.HERE;
import static dev.swarm.core.kernel.Swarm.THERE;
import static dev.swarm.core.kernel.Swarm.endpoint;
import static dev.swarm.core.kernel.Swarm.facts;
import static dev.swarm.core.kernel.Swarm.network;
import static dev.swarm.core.kernel.Swarm.view;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkState;
import dev.swarm.core.network.NetworkView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a node's kernel is to hold, and the words in which it is told. */
class DesiredKernelTest {
  private static final NetworkEndpoint LOCAL = endpoint(1, HERE, 0, 5);
  private static final NetworkEndpoint REMOTE = endpoint(1, THERE, 1, 6);

  private static String lines(NetworkView before, NetworkView after) {
    DesiredKernel desired = new DesiredKernel();
    StringBuilder text = new StringBuilder();
    for (Batch batch :
        Batches.of(
            KernelDifference.between(desired.of(before, facts()), desired.of(after, facts())))) {
      text.append(batch.tool()).append(' ').append(batch.namespace()).append('\n');
      text.append(batch.text());
    }
    return text.toString();
  }

  private static Namespace namespace(NetworkState state) {
    return new DesiredKernel().of(view(state), facts()).of(facts().namespaceOf(state.shape().id()));
  }

  private static NftTable table(Namespace namespace) {
    return Optional.ofNullable(namespace.tables().get("swarm")).orElseThrow();
  }

  private static List<String> chain(Namespace namespace, String name) {
    return Optional.ofNullable(table(namespace).chains().get(name)).orElseThrow().texts();
  }

  @Test
  void oneMoreTaskElsewhereIsFourLines() {
    assertEquals(
        """
        IP swarm-nodea-network1
        neighbour replace 10.0.1.6 lladdr 02:42:0a:00:01:06 dev vxlan0 nud permanent
        BRIDGE swarm-nodea-network1
        fdb replace 02:42:0a:00:01:06 dev vxlan0 dst 192.168.7.2 self static
        fdb replace 02:42:0a:00:01:06 dev vxlan0 master static
        NFT swarm-nodea-network1
        flush chain ip swarm service_web
        add rule ip swarm service_web dnat to numgen random mod 2 map { 0 : 10.0.1.5, 1 : 10.0.1.6 } comment "%s"
        """
            .formatted(
                Fingerprint.of("dnat to numgen random mod 2 map { 0 : 10.0.1.5, 1 : 10.0.1.6 }")),
        lines(view(network(1, LOCAL)), view(network(1, LOCAL, REMOTE))));
  }

  @Test
  void aTaskThatIsGoneIsSentNothingBeforeItsRowsGo() {
    assertEquals(
        """
        NFT swarm-nodea-network1
        flush chain ip swarm service_web
        add rule ip swarm service_web dnat to 10.0.1.5 comment "%s"
        BRIDGE swarm-nodea-network1
        fdb delete 02:42:0a:00:01:06 dev vxlan0 master
        fdb delete 02:42:0a:00:01:06 dev vxlan0 dst 192.168.7.2 self
        IP swarm-nodea-network1
        neighbour delete 10.0.1.6 dev vxlan0
        """
            .formatted(Fingerprint.of("dnat to 10.0.1.5")),
        lines(view(network(1, LOCAL, REMOTE)), view(network(1, LOCAL))));
  }

  @Test
  void aDrainingTaskKeepsItsRowsAndGetsNothingNew() {
    NetworkEndpoint draining =
        new NetworkEndpoint(
            THERE, REMOTE.address(), REMOTE.node(), Swarm.WEB, List.of(), List.of(), true, true);

    Namespace namespace = namespace(network(1, LOCAL, draining));

    assertEquals(List.of("dnat to 10.0.1.5"), chain(namespace, "service_web"));
    assertTrue(namespace.tunnel().containsKey(REMOTE.mac()));
  }

  @Test
  void noTaskIsRefusedNotSilent() {
    // An empty chain lets the packet through to the node's own address, where nobody listens.
    assertEquals(List.of(), chain(namespace(network(1)), "service_web"));
  }

  @Test
  void theClientsAddressIsKeptWhereRepliesAreSeen() {
    DesiredKernel desired = new DesiredKernel();
    NodeFacts blind =
        new NodeFacts(facts().node(), facts().dataPath(), 4789, 1500, Set.of(), new TreeMap<>());
    NetworkView view = view(network(1, LOCAL, REMOTE));

    assertEquals(
        List.of("ip saddr . ip daddr @self snat to 10.0.1.2"),
        chain(namespace(network(1, LOCAL)), "post"));
    assertEquals(
        List.of("ct status dnat snat to 10.0.1.2"),
        chain(desired.of(view, blind).of(blind.namespaceOf(Swarm.BACK)), "post"));
  }

  @Test
  void publishedPortsMeetTheTasksOwn() {
    Namespace ingress = namespace(network(0, endpoint(0, HERE, 0, 5), endpoint(0, THERE, 1, 6)));

    assertEquals(
        List.of(
            "meta l4proto tcp dnat ip addr . port to"
                + " numgen random mod 2 map { 0 : 10.0.0.5 . 80, 1 : 10.0.0.6 . 80 }"),
        chain(ingress, "tcp_8080"));
    assertEquals(
        "goto tcp_8080",
        Optional.ofNullable(table(ingress).sets().get("ports"))
            .orElseThrow()
            .elements()
            .get("tcp . 8080"));
  }

  @Test
  void whatIsPluggedInHereIsHere() {
    SortedMap<String, SortedMap<Ipv4, String>> ports = new TreeMap<>();
    ports.put(Swarm.BACK, new TreeMap<>(Map.of(REMOTE.address(), "abc")));
    NodeFacts plugged = facts().withPorts(ports);

    Namespace namespace =
        new DesiredKernel()
            .of(view(network(1, REMOTE)), plugged)
            .of(plugged.namespaceOf(Swarm.BACK));

    assertEquals("swpabc", namespace.bridge().get(REMOTE.mac()));
    assertTrue(!namespace.tunnel().containsKey(REMOTE.mac()));
  }

  @Test
  void networksThatDoNotChangeCostNothing() {
    DesiredKernel desired = new DesiredKernel();
    NetworkState back = network(1, LOCAL);
    KernelState first = desired.of(view(back, network(2)), facts());
    KernelState second = desired.of(view(back, network(2, REMOTE)), facts());

    String same = facts().namespaceOf(Swarm.BACK);
    String changed = facts().namespaceOf("network2");
    assertSame(first.of(same), second.of(same));
    assertNotSame(first.of(changed), second.of(changed));
  }

  @Test
  void datagramsForgetWhoIsGoneOrIll() {
    NetworkEndpoint ill =
        new NetworkEndpoint(
            HERE, LOCAL.address(), LOCAL.node(), Swarm.WEB, List.of(), List.of(), false, false);
    NetworkEndpoint draining =
        new NetworkEndpoint(
            HERE, LOCAL.address(), LOCAL.node(), Swarm.WEB, List.of(), List.of(), true, true);
    NetworkView before = view(network(1, LOCAL, REMOTE));

    assertEquals(
        List.of(new KernelCommand.ForgetDatagrams("swarm-nodea-network1", REMOTE.address())),
        GoneBackends.between(before, view(network(1, LOCAL)), facts()));
    assertEquals(
        List.of(new KernelCommand.ForgetDatagrams("swarm-nodea-network1", LOCAL.address())),
        GoneBackends.between(before, view(network(1, ill, REMOTE)), facts()));
    assertEquals(
        List.of(), GoneBackends.between(before, view(network(1, draining, REMOTE)), facts()));
  }
}
