package dev.swarm.core.plan;

import dev.swarm.core.port.IdSource;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;

/**
 * A request, decided on the control loop against everything decided before it, committed or about
 * to be. Must not block, and may be run more than once.
 */
@FunctionalInterface
public interface Decision<R> {
  Verdict<R> decide(Snapshot draft, Context context);

  /**
   * What the world gives a decision.
   *
   * @param index the version that objects changed by this decision will have
   * @param ids draws the ids of what it creates
   */
  record Context(Instant now, long index, IdSource ids) {}

  /** The program made a mistake with a request. Nothing was changed by it. */
  final class FaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FaultException(Throwable fault) {
      super(
          "a fault in the manager: the request was not carried out; see the manager's log", fault);
    }
  }
}
