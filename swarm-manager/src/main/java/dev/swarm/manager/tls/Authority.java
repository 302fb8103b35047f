package dev.swarm.manager.tls;

import dev.swarm.core.pki.PeerIdentity;
import docker.swarmkit.v1.NodeRole;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides which call goes through, from the method's name, the certificate of the caller and the
 * cluster's own record of that node. Safe for use by many threads if the record look-up is.
 */
public final class Authority {
  private static final String PACKAGE = "docker.swarmkit.v1.";

  /** By service; what differs within a service stands in {@link #METHODS}. */
  private static final Map<String, Access> SERVICES =
      Map.of(
          PACKAGE + "CA", Access.MANAGER,
          PACKAGE + "NodeCA", Access.ANYONE,
          PACKAGE + "Dispatcher", Access.NODE,
          PACKAGE + "LogBroker", Access.NODE,
          PACKAGE + "ResourceAllocator", Access.NODE,
          PACKAGE + "Control", Access.MANAGER,
          PACKAGE + "Logs", Access.MANAGER,
          PACKAGE + "Health", Access.MANAGER,
          PACKAGE + "Watch", Access.MANAGER);

  private static final Map<String, Access> METHODS =
      Map.of(PACKAGE + "CA/GetRootCACertificate", Access.ANYONE);

  private final String clusterId;
  private final Function<String, Optional<NodeRole>> roleOf;
  private final Predicate<String> removed;
  private final Map<String, Access> services;

  /**
   * @param roleOf the role that the cluster's record gives a node id now; empty if it has no such
   *     node, or removed it. Called for each call, on gRPC's threads: it must not block
   * @param removed whether the cluster took a node's certificate back; called like {@code roleOf}
   * @param ownServices the access of further services, by full service name
   */
  public Authority(
      String clusterId,
      Function<String, Optional<NodeRole>> roleOf,
      Predicate<String> removed,
      Map<String, Access> ownServices) {
    this.clusterId = clusterId;
    this.roleOf = roleOf;
    this.removed = removed;
    Map<String, Access> all = new HashMap<>(ownServices);
    all.putAll(SERVICES);
    this.services = Map.copyOf(all);
  }

  /** What becomes of a call. */
  public sealed interface Verdict {
    record Granted(Caller caller) implements Verdict {}

    /**
     * @param sentence for the caller
     */
    record Denied(String sentence) implements Verdict {}
  }

  /**
   * Judges a call made by its peer itself.
   *
   * @param method the full name, {@code package.Service/Method}
   * @param peer the verified certificate of the connection, if there was one
   */
  public Verdict decide(String method, Optional<PeerIdentity> peer) {
    Optional<Access> access = access(method);
    if (access.isEmpty()) {
      return new Verdict.Denied("there is no method " + method);
    }
    if (access.get() == Access.ANYONE) {
      // A stranger's certificate is worth as much as none: a machine may move between clusters.
      return peer.flatMap(this::member)
          .<Verdict>map(Verdict.Granted::new)
          .orElseGet(() -> new Verdict.Granted(Caller.Anonymous.INSTANCE));
    }
    if (peer.isEmpty()) {
      return new Verdict.Denied("this call needs a node certificate of the cluster");
    }
    if (access.get() == Access.LOG_MEMBER) {
      return logMember(peer.get());
    }
    Optional<Caller.Node> member = member(peer.get());
    return member
        .map(node -> judge(access.get(), node))
        .orElseGet(() -> new Verdict.Denied(whyNoMember(peer.get())));
  }

  /**
   * Judges a call that one manager passes on for somebody else.
   *
   * @param forwarder the verified certificate of the connection
   * @param origin whom the forwarder authenticated; empty for an anonymous caller
   */
  public Verdict decideForwarded(
      String method, Optional<PeerIdentity> forwarder, Optional<PeerIdentity> origin) {
    boolean trusted =
        forwarder.flatMap(this::member).filter(n -> n.role() == NodeRole.MANAGER).isPresent();
    return trusted
        ? decide(method, origin)
        : new Verdict.Denied("only managers pass calls on for others");
  }

  private Verdict logMember(PeerIdentity peer) {
    boolean manager =
        peer.role() == NodeRole.MANAGER
            && peer.clusterId().equals(clusterId)
            && roleOf.apply(peer.nodeId()).orElse(NodeRole.MANAGER) == NodeRole.MANAGER
            && !removed.test(peer.nodeId());
    return manager
        ? new Verdict.Granted(new Caller.Node(peer, NodeRole.MANAGER))
        : new Verdict.Denied("this call is for managers; node " + peer.nodeId() + " is none");
  }

  private Verdict judge(Access access, Caller.Node node) {
    return access == Access.MANAGER && node.role() != NodeRole.MANAGER
        ? new Verdict.Denied("this call is for managers; node " + node.nodeId() + " is a worker")
        : new Verdict.Granted(node);
  }

  private Optional<Caller.Node> member(PeerIdentity peer) {
    if (!peer.clusterId().equals(clusterId)) {
      return Optional.empty();
    }
    return roleOf
        .apply(peer.nodeId())
        .map(recorded -> new Caller.Node(peer, lesser(peer, recorded)));
  }

  /**
   * A demoted manager loses its rights before its certificate does; a promoted worker gains late.
   */
  private static NodeRole lesser(PeerIdentity peer, NodeRole recorded) {
    return peer.role() == NodeRole.MANAGER && recorded == NodeRole.MANAGER
        ? NodeRole.MANAGER
        : NodeRole.WORKER;
  }

  private String whyNoMember(PeerIdentity peer) {
    return peer.clusterId().equals(clusterId)
        ? "node " + peer.nodeId() + " is not, or no longer, part of this swarm"
        : "the node certificate belongs to another swarm";
  }

  private Optional<Access> access(String method) {
    Access exact = METHODS.get(method);
    if (exact != null) {
      return Optional.of(exact);
    }
    int slash = method.lastIndexOf('/');
    return slash < 0
        ? Optional.empty()
        : Optional.ofNullable(services.get(method.substring(0, slash)));
  }
}
