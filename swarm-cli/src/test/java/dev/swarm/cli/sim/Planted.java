package dev.swarm.cli.sim;

import dev.swarm.core.loop.Rules;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.orchestrator.ServiceController.ServiceKey;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.scheduler.WaitingController.WaitingKey;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A mistake of the program that throws, in one of its rules, until it is healed. */
final class Planted {
  /** Of decisions, and of drafts that are added to, one in so many fails. */
  private static final int ONE_IN = 4;

  private final String where;
  private final Optional<Class<? extends Key>> keys;
  private final boolean inDecisions;
  private final boolean inApply;
  private boolean healed;
  private long asked;
  private long thrown;

  private Planted(
      String where, Optional<Class<? extends Key>> keys, boolean inDecisions, boolean inApply) {
    this.where = where;
    this.keys = keys;
    this.inDecisions = inDecisions;
    this.inApply = inApply;
  }

  /** In the controller of these keys: of services, it fails for every other one. */
  static Planted in(Class<? extends Key> keys) {
    return new Planted(keys.getSimpleName(), Optional.of(keys), false, false);
  }

  /** In what decides requests of people, of nodes and of the manager itself. */
  static Planted inDecisions() {
    return new Planted("decisions", Optional.empty(), true, false);
  }

  /** In applying changes to a draft, whoever made them. */
  static Planted inApply() {
    return new Planted("apply", Optional.empty(), false, true);
  }

  void heal() {
    healed = true;
  }

  long thrown() {
    return thrown;
  }

  /** Whether this may keep that service from being as it is asked for. */
  boolean concerns(ServiceId service) {
    return keys.isPresent() && Math.floorMod(service.value().hashCode(), 2) == 0;
  }

  private void oneInSoMany() {
    if (!healed && ++asked % ONE_IN == 0) {
      fail();
    }
  }

  private void fail() {
    thrown++;
    throw new IllegalStateException("planted in " + where);
  }

  private boolean hits(Key key) {
    if (healed || keys.isEmpty() || !keys.get().isInstance(key)) {
      return false;
    }
    return switch (key) {
      case ServiceKey of -> concerns(of.service());
      case SlotKey of -> concerns(of.service());
      case WaitingKey of -> concerns(of.service());
      default -> true;
    };
  }

  /** The rules of a manager that makes this mistake. */
  Rules in(Rules sound) {
    return new RulesBetween(sound) {
      @Override
      public Plan reconcile(Snapshot snapshot, Key key, Instant now) {
        if (hits(key)) {
          fail();
        }
        return super.reconcile(snapshot, key, now);
      }

      @Override
      public <R> Verdict<R> decide(Decision<R> decision, Snapshot draft, Decision.Context context) {
        if (inDecisions) {
          oneInSoMany();
        }
        return super.decide(decision, draft, context);
      }

      @Override
      public Snapshot.Step apply(Snapshot draft, long index, Instant at, List<Change> changes) {
        if (inApply) {
          oneInSoMany();
        }
        return super.apply(draft, index, at, changes);
      }
    };
  }

  @Override
  public String toString() {
    return where;
  }
}
