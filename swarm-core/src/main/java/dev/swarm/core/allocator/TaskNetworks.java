package dev.swarm.core.allocator;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.TaskTemplate;
import dev.swarm.core.store.Addresses;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NetworkAttachmentConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** The networks that the tasks of one template are attached to, and the attachments they get. */
public final class TaskNetworks {
  /** Of tasks that are on no network. */
  public static final TaskNetworks NONE =
      new TaskNetworks(
          List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), Set.of());

  private final List<Network> named;
  private final Optional<Network> ingress;
  private final Optional<AddressBook> book;
  private final Optional<NetworkReach> reach;
  private final List<String> driversNeeded;
  private final Set<NodeId> heldBack;
  private final Set<NodeId> heldByName;

  private TaskNetworks(
      List<Network> named,
      Optional<Network> ingress,
      Optional<AddressBook> book,
      Optional<NetworkReach> reach,
      Set<NodeId> heldBack,
      Set<NodeId> heldByName) {
    this.named = named;
    this.ingress = ingress;
    this.book = book;
    this.reach = reach;
    this.heldBack = heldBack;
    this.heldByName = heldByName;
    driversNeeded =
        named.stream()
            .filter(network -> !network.isPredefined() && !network.spansNodes())
            .map(network -> network.object().getDriverState().getName())
            .toList();
  }

  /**
   * @param book shared by all who draw in one pass
   */
  public static TaskNetworks of(Snapshot snapshot, TaskTemplate template, AddressBook book) {
    List<NetworkAttachmentConfig> wanted = template.spec().getNetworksList();
    boolean mesh = template.policy().hostPorts().size() > template.policy().fixedPorts().size();
    if (wanted.isEmpty() && !mesh) {
      return NONE;
    }
    List<Network> named = named(snapshot, wanted);
    List<Network> spanning = named.stream().filter(Network::spansNodes).toList();
    return new TaskNetworks(
        named,
        mesh ? ingress(snapshot) : Optional.empty(),
        Optional.of(book),
        spanning.isEmpty() ? Optional.empty() : Optional.of(NetworkReach.of(snapshot, spanning)),
        holding(snapshot, spanning, TaskNetworks::clash),
        holding(snapshot, spanning, (gone, network) -> gone.name().equals(network.name())));
  }

  /**
   * Nodes that have not let go of a network which is no more, and which is in the way of one of
   * these.
   */
  private static Set<NodeId> holding(
      Snapshot snapshot, List<Network> networks, BiPredicate<Network, Network> inTheWay) {
    Set<NodeId> nodes = new HashSet<>();
    for (Addresses on : snapshot.addresses().values()) {
      if (on.removed()
          .filter(gone -> networks.stream().anyMatch(network -> inTheWay.test(gone, network)))
          .isPresent()) {
        nodes.addAll(on.present().keys());
      }
    }
    return nodes;
  }

  /** Whether one asked by name for the subnet or the VXLAN of the other. */
  private static boolean clash(Network gone, Network network) {
    return NetworkPlan.subnets(gone)
            .anyMatch(one -> NetworkPlan.subnets(network).anyMatch(one::overlaps))
        || gone.vxlanIds().stream().anyMatch(network.vxlanIds()::contains);
  }

  /** Whether there is none that asks anything of a node. */
  public boolean isEmpty() {
    return named.isEmpty();
  }

  /** Whether tasks reach each other over one of them, from node to node. */
  public boolean spanNodes() {
    return reach.isPresent();
  }

  /**
   * Whether {@code node} would refuse one of the networks for what it still has. An engine has one
   * network of a name, and puts tasks on the old one; our own workers call theirs something else.
   */
  public boolean isHeldBack(Node node) {
    return (!heldBack.isEmpty() && heldBack.contains(node.id()))
        || (!heldByName.isEmpty()
            && heldByName.contains(node.id())
            && !node.carriesOverlaysAlone());
  }

  /** The networks that targets name, in their order, each once; unknown ones are passed over. */
  static List<Network> named(Snapshot snapshot, List<NetworkAttachmentConfig> wanted) {
    List<Network> found = new ArrayList<>();
    for (NetworkAttachmentConfig config : wanted) {
      find(snapshot, config.getTarget())
          .filter(network -> !network.isIngress() && !found.contains(network))
          .ifPresent(found::add);
    }
    return found;
  }

  /** A network by its id, or by its name. */
  public static Optional<Network> find(Snapshot snapshot, String target) {
    return snapshot
        .networks()
        .find(target)
        .or(() -> snapshot.networks().stream().filter(n -> n.isNamedBy(target)).findAny());
  }

  /** The network for ports published on every node; there is at most one. */
  public static Optional<Network> ingress(Snapshot snapshot) {
    return snapshot.networks().stream().filter(Network::isIngress).findAny();
  }

  /**
   * Whether {@code node} has what it takes to make those networks that every node has for itself.
   */
  public boolean canBeMadeOn(Node node) {
    // Asked of every node in every pass, mostly for tasks on no network: a stream each would show.
    for (int i = 0; i < driversNeeded.size(); i++) {
      if (!node.hasNetworkPlugin(driversNeeded.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a task on {@code node} reaches the others on its networks. */
  public boolean reach(Node node) {
    return reach.isEmpty() || reach.get().includes(node);
  }

  /** Whether it is known where the next tasks can go only when one has been placed. */
  public boolean placeOneByOne() {
    return reach.isPresent() && reach.get().isOpen();
  }

  /**
   * The places of one more task on {@code node}; absent when a network has no address left. The
   * ingress network is only for nodes that share ports through it: the others bind them.
   */
  public Optional<List<Attachment>> attach(Node node) {
    if (book.isEmpty()) {
      return Optional.of(List.of());
    }
    List<Attachment> places = new ArrayList<>();
    if (ingress.isPresent() && node.carriesOverlays() && !place(ingress.get(), places)) {
      return Optional.empty();
    }
    for (Network network : named) {
      if (!place(network, places)) {
        return Optional.empty();
      }
    }
    return Optional.of(List.copyOf(places));
  }

  private boolean place(Network network, List<Attachment> into) {
    if (!network.spansNodes()) {
      return into.add(new Attachment(network.id(), List.of()));
    }
    Optional<String> address = book.orElseThrow().draw(network);
    address.ifPresent(drawn -> into.add(new Attachment(network.id(), List.of(drawn))));
    return address.isPresent();
  }
}
