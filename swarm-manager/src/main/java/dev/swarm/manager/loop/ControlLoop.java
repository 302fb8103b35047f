package dev.swarm.manager.loop;

import dev.swarm.core.loop.Draft;
import dev.swarm.core.loop.KeyQueue;
import dev.swarm.core.loop.Rules;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.Promises;
import dev.swarm.core.port.Reason;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.StateMachine;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides every change of the cluster's state. Turn by turn it takes what waits (requests, status
 * reports, keys to reconcile), makes one entry of it, has it committed, and answers.
 *
 * <p>One entry is in flight at a time; whatever comes meanwhile goes into the next. All fields are
 * touched by the event loop only, except where said.
 */
public final class ControlLoop implements Requests {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

  /** An entry takes no more requests, or keys, once it has come to so many bytes. */
  private static final int REQUESTS_UNTIL_BYTES = 512 << 10;

  private static final int KEYS_UNTIL_BYTES = 768 << 10;

  /** What agents report takes so much of an entry, so that it leaves room for requests. */
  private static final int REPORTS_BYTES = 256 << 10;

  private static final Duration RETRY = Duration.ofMillis(100);

  private final ReplicatedLog log;
  private final EventLoop events;
  private final Clock clock;
  private final IdSource ids;
  private final Faults faults = new Faults();
  private final CommittedState replica;
  private final RequestQueue requests;
  private final Reports reports = new Reports();
  private final ReportIntake intake;
  private final Promises promises = new Promises(); // shared with callers
  private final KeyQueue keys;
  private final Rules rules;
  private volatile List<Key> setAside = List.of(); // read by any thread
  private boolean leading;
  private CommittedState.@Nullable Proposal inFlight;
  private boolean turnDue;
  private @Nullable Cancellable timer;

  public ControlLoop(ReplicatedLog log, EventLoop events, Clock clock, IdSource ids, Rules rules) {
    this.log = log;
    this.events = events;
    this.clock = clock;
    this.ids = ids;
    this.rules = rules;
    keys = new KeyQueue(rules, new KeyLog(faults, this::snapshot));
    intake = new ReportIntake(reports, faults, keys::wake);
    replica =
        new CommittedState(
            faults, (snapshot, deltas) -> events.execute(() -> takeOver(snapshot, deltas)));
    requests = new RequestQueue(faults, this::snapshot, keys::wake);
    replica.listen(
        new CommitListener() {
          @Override
          public void committed(Snapshot snapshot, List<Delta> deltas) {}

          @Override
          public void leading(boolean leads) {
            events.execute(() -> lead(leads));
          }
        });
  }

  /** What the log replicates; give it to {@link ReplicatedLog#start}. */
  public StateMachine stateMachine() {
    return replica;
  }

  /** Adds a listener; call before the log is started. */
  public void listen(CommitListener listener) {
    replica.listen(listener);
  }

  /** Where the parts of this manager note their faults. */
  public Faults faults() {
    return faults;
  }

  @Override
  public Snapshot snapshot() {
    return replica.snapshot();
  }

  @Override
  public <R> CompletionStage<R> submit(Decision<R> decision) {
    CompletableFuture<R> reply = promises.open();
    if (!requests.reserve()) {
      reply.completeExceptionally(
          unavailable("this manager has too many requests waiting; try again shortly"));
      return reply;
    }
    events.execute(
        () -> {
          requests.add(decision, reply);
          wakeUp();
        });
    return reply;
  }

  /**
   * Takes what an agent reports of its tasks. Several reports on one task in a turn become the
   * highest. A report on a task that is unknown, or another node's, is dropped here; the dispatcher
   * has refused it before.
   *
   * @return completes when what was reported is committed or superseded
   */
  public CompletionStage<Boolean> report(NodeId node, Map<TaskId, TaskStatus> statuses) {
    Reports.Reporter reporter = new Reports.Reporter(promises.open());
    events.execute(
        () -> {
          if (!reports.add(node, statuses, reporter)) {
            reporter.reply.completeExceptionally(
                unavailable("this manager has too many reports waiting; try again shortly"));
          }
          wakeUp();
        });
    return reporter.reply;
  }

  /** What is set aside because its controller fails, in words for people. Any thread. */
  public List<String> setAside() {
    Snapshot now = snapshot();
    return setAside.stream().map(key -> key.describe(now)).toList();
  }

  /** Ends with its event loop: what waits for an answer, or asks later, fails with {@code why}. */
  public void close(Throwable why) {
    promises.close(why);
  }

  private void lead(boolean leads) {
    if (leads == leading) {
      return;
    }
    leading = leads;
    keys.clear();
    setAside = List.of();
    inFlight = null; // its outcome still answers those who wait for it
    replica.expect(null);
    LOG.info("this manager {}", leads ? "leads" : "no longer leads");
    if (leads) {
      keys.wakeAll(snapshot());
      wakeUp();
    } else {
      refuseAll();
    }
  }

  /**
   * An entry of ours that was given up was committed after all: what it changed was not looked at,
   * or not as it is now.
   */
  private void takeOver(Snapshot snapshot, List<Delta> deltas) {
    if (leading) {
      try {
        deltas.forEach(delta -> keys.wake(snapshot, delta));
      } catch (RuntimeException | Error fault) {
        faults.contain("the changes of an entry are unknown, so everything is reconciled", fault);
        keys.wakeAll(snapshot);
      }
      wakeUp();
    }
  }

  private void refuseAll() {
    RejectedException why = notLeading();
    requests.refuse(why);
    reports.refuse(why);
  }

  private static RejectedException notLeading() {
    return unavailable("this manager does not lead the cluster now; try again shortly");
  }

  private static RejectedException unavailable(String message) {
    return new RejectedException(new Rejection(Rejection.Kind.UNAVAILABLE, message));
  }

  private void wakeUp() {
    if (!turnDue) {
      turnDue = true;
      events.execute(
          () -> {
            turnDue = false;
            turn();
          });
    }
  }

  private void turn() {
    if (!leading) {
      refuseAll();
      return;
    }
    if (inFlight != null) {
      return;
    }
    Instant now = clock.now().truncatedTo(ChronoUnit.MILLIS);
    Turn turn = new Turn(new Draft(rules, snapshot(), now, ids), faults);
    try {
      intake.decide(turn, REPORTS_BYTES);
      requests.decide(turn, REQUESTS_UNTIL_BYTES);
      keys.reconcile(turn.draft(), KEYS_UNTIL_BYTES);
      setAside = keys.failing();
      if (turn.draft().isEmpty()) {
        turn.done();
        rest(now);
      } else {
        propose(turn);
      }
    } catch (RuntimeException | Error fault) {
      turn.failed(new Decision.FaultException(fault));
      faults.contain(
          "a turn of the control loop failed; its decisions are dropped and made anew", fault);
      reconcileAll();
    }
  }

  private void propose(Turn turn) {
    Draft draft = turn.draft();
    byte[] entry = draft.encode();
    CommittedState.Proposal proposal =
        new CommittedState.Proposal(entry, draft.snapshot(), draft.deltas());
    replica.expect(proposal);
    inFlight = proposal;
    committed(entry)
        .whenComplete((done, failure) -> events.execute(() -> proposed(proposal, failure, turn)));
  }

  // A log that throws has failed as one that says so: the next turn must not wait for this one.
  private CompletionStage<Void> committed(byte[] entry) {
    try {
      return log.propose(entry);
    } catch (RuntimeException fault) {
      faults.contain("an entry could not be given to the log", fault);
      return CompletableFuture.failedFuture(fault);
    }
  }

  private void proposed(CommittedState.Proposal proposal, @Nullable Throwable failure, Turn turn) {
    if (proposal == inFlight) {
      inFlight = null;
      replica.expect(null);
    }
    if (proposal.isApplied()) {
      turn.done();
      wakeUp();
      return;
    }
    // Not known to be committed: whoever asked may try again, and the keys are looked at anew.
    LOG.warn(
        "an entry was not committed: {}",
        failure == null ? "it came out of turn" : Reason.of(failure));
    turn.failed(
        unavailable(
            "the change could not be confirmed; look whether it took effect, then try again"));
    if (leading) {
      reconcileAll();
    }
  }

  private void reconcileAll() {
    keys.wakeAll(snapshot());
    events.schedule(RETRY, this::wakeUp);
  }

  /** Nothing to commit: goes on at once if keys are left, otherwise sleeps until the next timer. */
  private void rest(Instant now) {
    if (!keys.isEmpty() || !requests.isEmpty() || !reports.isEmpty()) {
      wakeUp();
      return;
    }
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    Instant next = keys.next();
    if (next.isBefore(Instant.MAX)) {
      timer = events.schedule(Duration.between(now, next).plusMillis(1), this::wakeUp);
    }
  }
}
