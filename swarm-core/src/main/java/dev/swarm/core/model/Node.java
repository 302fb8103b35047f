package dev.swarm.core.model;

import dev.swarm.core.constraint.Subject;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.PluginDescription;
import java.time.Instant;
import java.util.List;

/**
 * A machine of the cluster.
 *
 * @param spec what the operator wishes of it: labels, role, availability
 * @param description what the machine says of itself; empty before it first registered
 * @param certificate the last one issued to it, with the request it answers
 * @param role what its certificate says
 * @param networks its load balancer's places on the networks that reach it
 * @param issued what is kept of all certificates it was ever given; kept up by the store alone
 */
public record Node(
    NodeId id,
    Meta meta,
    NodeSpec spec,
    NodeDescription description,
    Status status,
    Certificate certificate,
    NodeRole role,
    List<Attachment> networks,
    IssuedCertificates issued)
    implements Subject {
  /** The type of the plugins by which a node says what networks it can be on. */
  public static final String NETWORK_PLUGIN = "Network";

  /** What a node of this project can: keep a network that spans nodes within itself. */
  public static final String OVERLAY_WITHIN_NODE = "overlay-within-node";

  /** The type of the plugins by which a node of this project says what it can run. */
  public static final String RUNTIME_PLUGIN = "Runtime";

  /** What a node can run that would run containers, but whose engine has not answered for long. */
  public static final String ENGINE_AWAY = "engine-away";

  private static final String OVERLAY = "overlay";

  /** A node that is on no network. */
  public Node(
      NodeId id,
      Meta meta,
      NodeSpec spec,
      NodeDescription description,
      Status status,
      Certificate certificate,
      NodeRole role) {
    this(
        id, meta, spec, description, status, certificate, role, List.of(), IssuedCertificates.NONE);
  }

  /** What the managers know of a node's life. */
  public enum State {
    /** Not heard of since this leader took over, or since the node was created. */
    UNKNOWN,
    DOWN,
    READY,
    DISCONNECTED
  }

  /**
   * @param message why, for people
   * @param addr the address its connection came from, without a port
   * @param since when it came to this state
   */
  public record Status(State state, String message, String addr, Instant since) {
    public static final Status NEW = new Status(State.UNKNOWN, "", "", Instant.EPOCH);
  }

  public boolean isReady() {
    return status.state() == State.READY;
  }

  public boolean isDown() {
    return status.state() == State.DOWN;
  }

  public boolean isDrained() {
    return spec.getAvailability() == NodeSpec.Availability.DRAIN;
  }

  public boolean isActive() {
    return spec.getAvailability() == NodeSpec.Availability.ACTIVE;
  }

  /** Whether its engine can be on networks that span nodes, as stock engines say of themselves. */
  public boolean carriesOverlays() {
    return hasNetworkPlugin(OVERLAY);
  }

  /** Whether it carries networks that span nodes, but reaches no other node through them. */
  public boolean carriesOverlaysAlone() {
    return hasNetworkPlugin(OVERLAY_WITHIN_NODE);
  }

  /** Whether it said that its engine does not answer. */
  public boolean lacksItsEngine() {
    return hasPlugin(RUNTIME_PLUGIN, ENGINE_AWAY);
  }

  /** Whether its engine has a driver for networks of its own by that name. */
  public boolean hasNetworkPlugin(String name) {
    return hasPlugin(NETWORK_PLUGIN, name);
  }

  private boolean hasPlugin(String type, String name) {
    for (PluginDescription plugin : description.getEngine().getPluginsList()) {
      if (plugin.getName().equals(name) && plugin.getType().equals(type)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String idText() {
    return id.value();
  }

  @Override
  public String hostname() {
    return description.getHostname();
  }

  @Override
  public String address() {
    return status.addr();
  }

  public Node withSpec(NodeSpec newSpec) {
    return new Node(id, meta, newSpec, description, status, certificate, role, networks, issued);
  }

  public Node withStatus(Status newStatus) {
    return new Node(id, meta, spec, description, newStatus, certificate, role, networks, issued);
  }

  public Node withDescription(NodeDescription newDescription) {
    return new Node(id, meta, spec, newDescription, status, certificate, role, networks, issued);
  }

  public Node withCertificate(Certificate newCertificate) {
    return new Node(id, meta, spec, description, status, newCertificate, role, networks, issued);
  }

  /** Its agent is to renew its certificate now. */
  public Node askedToRenew() {
    IssuanceStatus rotate =
        certificate.getStatus().toBuilder().setState(IssuanceStatus.State.ROTATE).build();
    return withCertificate(certificate.toBuilder().setStatus(rotate).build());
  }

  public Node withRole(NodeRole newRole) {
    return new Node(id, meta, spec, description, status, certificate, newRole, networks, issued);
  }

  public Node withNetworks(List<Attachment> newNetworks) {
    return new Node(
        id, meta, spec, description, status, certificate, role, List.copyOf(newNetworks), issued);
  }

  public Node withIssued(IssuedCertificates nowIssued) {
    return new Node(id, meta, spec, description, status, certificate, role, networks, nowIssued);
  }

  public Node withMeta(Meta newMeta) {
    return new Node(id, newMeta, spec, description, status, certificate, role, networks, issued);
  }
}
