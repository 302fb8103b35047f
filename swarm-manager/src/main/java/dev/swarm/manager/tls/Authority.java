package dev.swarm.manager.tls;

import dev.swarm.core.control.node.CertificateStanding;
import dev.swarm.core.pki.PeerCertificate;
import docker.swarmkit.v1.NodeRole;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides which call goes through, from the method's name, the certificate of the caller and the
 * record of it in the cluster's state. Every manager {@linkplain #admit admits} by what it knows
 * for certain: its state may be behind. The one that serves the call, which leads and so is up to
 * date, {@linkplain #decide decides} by its record. Safe for use by many threads if the look-up is.
 */
public final class Authority {
  /** What the leader says to a manager that passes calls on after it was demoted. */
  public static final String NONE_ANY_MORE =
      "the manager that passed this call on has been demoted or removed";

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
          PACKAGE + "Health", Access.LOG_MEMBER,
          PACKAGE + "Watch", Access.MANAGER);

  private static final Map<String, Access> METHODS =
      Map.of(PACKAGE + "CA/GetRootCACertificate", Access.ANYONE);

  private final String clusterId;
  private final Function<PeerCertificate, CertificateStanding> standing;
  private final Map<String, Access> services;

  /**
   * @param standing what this manager's state says now of a certificate of its cluster. Called for
   *     each call, on gRPC's threads: it must not block
   * @param ownServices the access of further services, by full service name
   */
  public Authority(
      String clusterId,
      Function<PeerCertificate, CertificateStanding> standing,
      Map<String, Access> ownServices) {
    this.clusterId = clusterId;
    this.standing = standing;
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

    /**
     * The manager that passes the call on is none any more: of the one who asked that says nothing,
     * and another manager will do.
     */
    record AskAnother(String sentence) implements Verdict {}
  }

  /** How far what the state says is relied on. */
  private enum Reliance {
    /** It may be behind: only what stays true counts. */
    FOR_CERTAIN,
    /** It is up to date, or was when the call began and has only moved on. */
    WHOLLY
  }

  /**
   * Whether a call may come in, by what any manager knows. The caller in the answer is what its
   * certificate says.
   *
   * @param method the full name, {@code package.Service/Method}
   */
  Verdict admit(String method, CallerCredentials presented) {
    return judge(method, presented, Reliance.FOR_CERTAIN);
  }

  /** Judges a call where it is served. */
  Verdict decide(String method, CallerCredentials presented) {
    return judge(method, presented, Reliance.WHOLLY);
  }

  private Verdict judge(String method, CallerCredentials presented, Reliance reliance) {
    return switch (presented) {
      case CallerCredentials.Directly(Optional<PeerCertificate> peer) ->
          judge(method, peer, reliance);
      case CallerCredentials.Forwarded(
              Optional<PeerCertificate> forwarder,
              Optional<PeerCertificate> origin) ->
          refusal(forwarder, reliance).orElseGet(() -> judge(method, origin, reliance));
    };
  }

  private Optional<Verdict> refusal(Optional<PeerCertificate> forwarder, Reliance reliance) {
    if (forwarder.isPresent() && isManager(forwarder.get(), reliance)) {
      return Optional.empty();
    }
    boolean once =
        forwarder
            .filter(peer -> peer.holder().clusterId().equals(clusterId))
            .filter(peer -> peer.holder().role() == NodeRole.MANAGER)
            .isPresent();
    return Optional.of(
        once
            ? new Verdict.AskAnother(NONE_ANY_MORE)
            : new Verdict.Denied("only managers pass calls on for others"));
  }

  private Verdict judge(String method, Optional<PeerCertificate> peer, Reliance reliance) {
    Optional<Access> access = access(method);
    if (access.isEmpty()) {
      return new Verdict.Denied("there is no method " + method);
    }
    if (access.get() == Access.ANYONE) {
      // A stranger's certificate is worth as much as none: a machine may move between clusters.
      return peer.filter(one -> isMember(one, reliance))
          .<Verdict>map(one -> new Verdict.Granted(caller(one, reliance)))
          .orElseGet(() -> new Verdict.Granted(Caller.Anonymous.INSTANCE));
    }
    return peer.map(one -> judge(access.get(), one, reliance))
        .orElseGet(() -> new Verdict.Denied("this call needs a node certificate of the cluster"));
  }

  private Verdict judge(Access access, PeerCertificate peer, Reliance reliance) {
    Reliance here = access == Access.LOG_MEMBER ? Reliance.FOR_CERTAIN : reliance;
    if (!isMember(peer, here)) {
      return new Verdict.Denied(whyNoMember(peer));
    }
    return access != Access.NODE && !isManager(peer, here)
        ? new Verdict.Denied(
            "this call is for managers; node " + peer.holder().nodeId() + " is a worker")
        : new Verdict.Granted(caller(peer, here));
  }

  private Caller caller(PeerCertificate peer, Reliance reliance) {
    return new Caller.Node(peer, isManager(peer, reliance) ? NodeRole.MANAGER : NodeRole.WORKER);
  }

  private boolean isMember(PeerCertificate peer, Reliance reliance) {
    return peer.holder().clusterId().equals(clusterId)
        && switch (standing.apply(peer)) {
          case MANAGER, WORKER, DEMOTED, AHEAD -> true;
          case UNKNOWN -> reliance == Reliance.FOR_CERTAIN;
          case REMOVED -> false;
        };
  }

  /**
   * A demoted manager loses its rights before its certificate does; a promoted worker gains late.
   */
  private boolean isManager(PeerCertificate peer, Reliance reliance) {
    return peer.holder().clusterId().equals(clusterId)
        && peer.holder().role() == NodeRole.MANAGER
        && switch (standing.apply(peer)) {
          case MANAGER -> true;
          case UNKNOWN, AHEAD -> reliance == Reliance.FOR_CERTAIN;
          case WORKER, DEMOTED, REMOVED -> false;
        };
  }

  private String whyNoMember(PeerCertificate peer) {
    return peer.holder().clusterId().equals(clusterId)
        ? "node " + peer.holder().nodeId() + " is not, or no longer, part of this swarm"
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
