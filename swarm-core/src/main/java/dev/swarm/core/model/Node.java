package dev.swarm.core.model;

import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import java.time.Instant;

/**
 * A machine of the cluster.
 *
 * @param spec what the operator wishes of it: labels, role, availability
 * @param description what the machine says of itself; empty before it first registered
 * @param certificate the last one issued to it, with the request it answers
 * @param role what its certificate says
 */
public record Node(
    NodeId id,
    Meta meta,
    NodeSpec spec,
    NodeDescription description,
    Status status,
    Certificate certificate,
    NodeRole role) {

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

  public String hostname() {
    return description.getHostname();
  }

  public Node withSpec(NodeSpec newSpec) {
    return new Node(id, meta, newSpec, description, status, certificate, role);
  }

  public Node withStatus(Status newStatus) {
    return new Node(id, meta, spec, description, newStatus, certificate, role);
  }

  public Node withDescription(NodeDescription newDescription) {
    return new Node(id, meta, spec, newDescription, status, certificate, role);
  }

  public Node withCertificate(Certificate newCertificate) {
    return new Node(id, meta, spec, description, status, newCertificate, role);
  }

  public Node withRole(NodeRole newRole) {
    return new Node(id, meta, spec, description, status, certificate, newRole);
  }

  public Node withMeta(Meta newMeta) {
    return new Node(id, newMeta, spec, description, status, certificate, role);
  }
}
