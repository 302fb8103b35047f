package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import java.util.Optional;

/**
 * This machine's membership in a swarm, as the HTTP front needs it. Every method may be called from
 * many threads and may block; what cannot be done is thrown as {@link ApiRejection}.
 */
public interface LocalMembership {
  /** Where this node stands now; never blocks for long, as every ping asks it. */
  LocalNode status();

  /**
   * Where this node stands, for a call that only a manager answers: one that has just started is
   * waited for a few seconds.
   */
  default LocalNode managerStatus() {
    return status();
  }

  /**
   * Starts a swarm with this node as its first manager.
   *
   * @return the node's id
   */
  String init(InitRequest request);

  /** Returns once this node is a member; on failure nothing has changed. */
  void join(JoinRequest request);

  /** Stops this node's part in the swarm and forgets it; {@code force} skips the checks. */
  void leave(boolean force);

  /**
   * A place on the swarm's network for a container of the local engine.
   *
   * @param network its id or name
   * @param container what the swarm shall know the container by
   * @param address empty for any
   * @return nothing if the swarm has no such network
   */
  Optional<LocalPlace> takePlace(String network, String container, String address);

  /** Gives a place back that no container has come to; as far as that works, for it expires too. */
  void returnPlace(LocalPlace place);

  /** The key that unlocks managers after a restart, readable form; empty if auto-lock is off. */
  String unlockKey();

  /** Unlocks this manager; a wrong key is a 401, a node that is not locked a 409. */
  void unlock(String key);
}
