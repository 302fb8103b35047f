package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import java.util.List;

/**
 * This node's state in its swarm, as the API reports it.
 *
 * @param nodeId empty outside a swarm
 * @param nodeAddr the advertised host, empty outside a swarm
 * @param manager the node has the manager's role
 * @param controlAvailable the manager runs and can reach a leader
 * @param error why the node is not active, or empty
 * @param remoteManagers the managers this node knows
 */
public record LocalNode(
    State state,
    String nodeId,
    String nodeAddr,
    boolean manager,
    boolean controlAvailable,
    String error,
    List<Peer> remoteManagers) {

  /** Written in lower case. */
  public enum State {
    INACTIVE,
    PENDING,
    ACTIVE,
    ERROR,
    LOCKED
  }

  /** A manager's id and its address, host and port. */
  public record Peer(String nodeId, String addr) {}

  private static final String LOCKED_SENTENCE =
      "Swarm is encrypted and needs to be unlocked before it can be used. Please use"
          + " \"docker swarm unlock\" to unlock it.";

  /** What a worker says to what only managers can do. */
  public static final String WORKER_SENTENCE =
      "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster"
          + " state. Please run this command on a manager node or promote the current node to a"
          + " manager.";

  private static final LocalNode LOCKED =
      new LocalNode(State.LOCKED, "", "", false, false, LOCKED_SENTENCE, List.of());

  private static final LocalNode INACTIVE =
      new LocalNode(State.INACTIVE, "", "", false, false, "", List.of());

  public LocalNode {
    remoteManagers = List.copyOf(remoteManagers);
  }

  /** A node in no swarm. */
  public static LocalNode inactive() {
    return INACTIVE;
  }

  /** A manager that waits for its unlock key. */
  public static LocalNode locked() {
    return LOCKED;
  }

  /**
   * A node on its way into a swarm.
   *
   * @param error what the last try came to, or empty
   */
  public static LocalNode pending(String error) {
    return new LocalNode(State.PENDING, "", "", false, false, error, List.of());
  }

  /** A node whose swarm cannot be taken up, or that was refused. */
  public static LocalNode failed(String error) {
    return new LocalNode(State.ERROR, "", "", false, false, error, List.of());
  }

  /**
   * Passes if this node can ask the swarm's leader; otherwise says in the CLI's own words why not.
   */
  void requireManager() {
    if (!controlAvailable) {
      throw ApiRejection.unavailable(whyNoManager());
    }
  }

  /** Why this node cannot do what managers do, in the engine's words where it has them. */
  public String whyNoManager() {
    return switch (state) {
      case LOCKED -> LOCKED_SENTENCE;
      case ERROR -> "This node is not a swarm manager. " + (error.isEmpty() ? "It failed." : error);
      case INACTIVE ->
          "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\""
              + " to connect this node to swarm and try again.";
      case PENDING, ACTIVE ->
          manager
              ? "This node is not a swarm manager. Manager is being prepared or has trouble"
                  + " connecting to the cluster."
              : state == State.PENDING
                  ? "This node is not a swarm manager. It is still joining a swarm: use \"docker"
                      + " info\" to see how far it is."
                  : WORKER_SENTENCE;
    };
  }
}
