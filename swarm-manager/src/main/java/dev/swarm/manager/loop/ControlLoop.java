package dev.swarm.manager.loop;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.Promises;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.StateMachine;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where the cluster's state is decided. Turn by turn it takes what waits (requests,
 * status reports, keys to look at), makes one entry of it, has it committed, and answers.
 *
 * <p>One entry is in flight at a time; whatever comes meanwhile goes into the next. All fields are
 * touched by the event loop only, except where said.
 */
public final class ControlLoop implements Requests {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

  /** More waiting requests than this are turned away. */
  static final int QUEUE_MAX = 20_000;

  /** Keys looked at in one turn. */
  private static final int KEYS_A_TURN = 20_000;

  private final ReplicatedLog log;
  private final EventLoop events;
  private final Clock clock;
  private final IdSource ids;
  private final Reconcilers reconcilers;
  private final Replica replica;
  private final AtomicInteger queued = new AtomicInteger(); // shared with callers
  private final Promises promises = new Promises(); // shared with callers

  private final ArrayDeque<Pending<?>> requests = new ArrayDeque<>();
  private final Map<TaskId, Report> reports = new LinkedHashMap<>();
  private List<CompletableFuture<Boolean>> reporters = new ArrayList<>();
  private final Dirty dirty = new Dirty();
  private final Alarms alarms = new Alarms();
  private boolean leading;
  private Replica.@Nullable Proposal inFlight;
  private boolean turnDue;
  private @Nullable Cancellable timer;

  private record Pending<R>(Decision<R> decision, CompletableFuture<R> reply) {}

  private record Report(NodeId node, TaskStatus status) {}

  public ControlLoop(
      ReplicatedLog log, EventLoop events, Clock clock, IdSource ids, Reconcilers reconcilers) {
    this.log = log;
    this.events = events;
    this.clock = clock;
    this.ids = ids;
    this.reconcilers = reconcilers;
    replica = new Replica((snapshot, deltas) -> events.execute(() -> takeOver(snapshot, deltas)));
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

  @Override
  public Snapshot snapshot() {
    return replica.snapshot();
  }

  @Override
  public <R> CompletionStage<R> submit(Decision<R> decision) {
    CompletableFuture<R> reply = promises.open();
    if (queued.incrementAndGet() > QUEUE_MAX) {
      queued.decrementAndGet();
      reply.completeExceptionally(
          unavailable("this manager has too many requests waiting; try again shortly"));
      return reply;
    }
    events.execute(
        () -> {
          requests.add(new Pending<>(decision, reply));
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
    CompletableFuture<Boolean> reply = promises.open();
    events.execute(
        () -> {
          statuses.forEach(
              (task, status) ->
                  reports.merge(
                      task,
                      new Report(node, status),
                      (old, fresh) ->
                          fresh.status.state().isBefore(old.status.state()) ? old : fresh));
          reporters.add(reply);
          wakeUp();
        });
    return reply;
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
    dirty.clear();
    alarms.clear();
    inFlight = null; // its outcome still answers those who wait for it
    replica.expect(null);
    LOG.info("this manager {}", leads ? "leads" : "no longer leads");
    if (leads) {
      dirty.addAll(snapshot());
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
      deltas.forEach(delta -> dirty.add(snapshot, delta));
      wakeUp();
    }
  }

  private void refuseAll() {
    RejectedException why = notLeading();
    requests.forEach(pending -> pending.reply.completeExceptionally(why));
    queued.addAndGet(-requests.size());
    requests.clear();
    reporters.forEach(reply -> reply.completeExceptionally(why));
    reporters = new ArrayList<>();
    reports.clear();
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
    Draft draft = new Draft(snapshot(), now, ids);
    List<Runnable> replies = new ArrayList<>();
    List<CompletableFuture<?>> answered = new ArrayList<>();
    List<CompletableFuture<Boolean>> reported = takeReports(draft);
    decideRequests(draft, replies, answered);
    alarms.due(now).forEach(dirty::add);
    reconcile(draft);
    reported.forEach(reply -> replies.add(() -> reply.complete(true)));
    answered.addAll(reported);
    if (draft.isEmpty()) {
      replies.forEach(Runnable::run);
      rest(now);
    } else {
      propose(draft, replies, answered);
    }
  }

  private List<CompletableFuture<Boolean>> takeReports(Draft draft) {
    List<Change> changes = new ArrayList<>();
    reports.forEach(
        (id, report) -> {
          Task task = draft.snapshot().tasks().get(id);
          if (task != null
              && task.node().equals(report.node)
              && !report.status.state().isBefore(task.state())
              && !report.status.equals(task.status())) {
            changes.add(Change.AdvanceTask.report(id, report.status));
          }
        });
    reports.clear();
    if (!changes.isEmpty()) {
      Delta delta = draft.add(changes);
      dirty.add(draft.snapshot(), delta);
    }
    List<CompletableFuture<Boolean>> taken = reporters;
    reporters = new ArrayList<>();
    return taken;
  }

  private void decideRequests(
      Draft draft, List<Runnable> replies, List<CompletableFuture<?>> answered) {
    while (!requests.isEmpty() && !draft.isFull()) {
      Pending<?> pending = requests.poll();
      queued.decrementAndGet();
      decide(pending, draft, replies, answered);
    }
  }

  private <R> void decide(
      Pending<R> pending,
      Draft draft,
      List<Runnable> replies,
      List<CompletableFuture<?>> answered) {
    Verdict<R> verdict;
    try {
      verdict =
          pending.decision.decide(
              draft.snapshot(), new Decision.Context(draft.now(), draft.index(), ids));
    } catch (RuntimeException fault) {
      // The draft is untouched, so only the one who asked is told of our mistake.
      LOG.error("a request could not be decided", fault);
      pending.reply.completeExceptionally(fault);
      return;
    }
    switch (verdict) {
      case Verdict.Rejected<R> rejected ->
          pending.reply.completeExceptionally(new RejectedException(rejected.rejection()));
      case Verdict.Accepted<R> accepted -> {
        int bytes = accepted.changes().stream().mapToInt(Draft::sizeOf).sum();
        if (bytes > ReplicatedLog.ENTRY_BYTES_MAX / 2) {
          pending.reply.completeExceptionally(
              new RejectedException(
                  Rejection.invalid(
                      "the request is too large: "
                          + bytes
                          + " bytes, at most "
                          + ReplicatedLog.ENTRY_BYTES_MAX / 2
                          + " are taken")));
          return;
        }
        if (!accepted.changes().isEmpty()) {
          Delta delta = draft.add(accepted.changes());
          dirty.add(draft.snapshot(), delta);
        }
        answered.add(pending.reply);
        replies.add(() -> reply(pending, accepted));
      }
    }
  }

  private <R> void reply(Pending<R> pending, Verdict.Accepted<R> accepted) {
    try {
      pending.reply.complete(accepted.reply().apply(snapshot()));
    } catch (RuntimeException fault) {
      LOG.error("a reply could not be made", fault);
      pending.reply.completeExceptionally(fault);
    }
  }

  private void reconcile(Draft draft) {
    for (int looked = 0; looked < KEYS_A_TURN && !dirty.isEmpty() && !draft.isFull(); looked++) {
      Key key = dirty.poll();
      Plan plan = reconcilers.reconcile(draft.snapshot(), key, draft.now());
      if (!plan.commands().isEmpty()) {
        Delta delta = draft.add(draft.materialize(plan.commands()));
        dirty.add(draft.snapshot(), delta);
        LOG.debug("{}: {} commands", key, plan.commands().size());
      }
      if (plan.more()) {
        dirty.add(key);
      }
      alarms.set(key, plan.wakeAt());
    }
  }

  private void propose(Draft draft, List<Runnable> replies, List<CompletableFuture<?>> answered) {
    byte[] entry = EntryCodec.encode(draft.index(), draft.now(), draft.changes());
    Replica.Proposal proposal = new Replica.Proposal(entry, draft.snapshot(), draft.deltas());
    replica.expect(proposal);
    inFlight = proposal;
    log.propose(entry)
        .whenComplete(
            (done, failure) ->
                events.execute(() -> proposed(proposal, failure, replies, answered)));
  }

  private void proposed(
      Replica.Proposal proposal,
      @Nullable Throwable failure,
      List<Runnable> replies,
      List<CompletableFuture<?>> answered) {
    if (proposal == inFlight) {
      inFlight = null;
      replica.expect(null);
    }
    if (proposal.isApplied()) {
      replies.forEach(Runnable::run);
      wakeUp();
      return;
    }
    // Not known to be committed: whoever asked may try again, and the keys are looked at anew.
    LOG.warn(
        "an entry was not committed: {}",
        failure == null ? "it came out of turn" : failure.toString());
    answered.forEach(
        reply ->
            reply.completeExceptionally(
                unavailable(
                    "the change could not be confirmed; look whether it took effect, then try"
                        + " again")));
    if (leading) {
      dirty.addAll(snapshot());
      events.schedule(Duration.ofMillis(100), this::wakeUp);
    }
  }

  /** Nothing to commit: goes on at once if keys are left, otherwise sleeps until the next alarm. */
  private void rest(Instant now) {
    if (!dirty.isEmpty() || !requests.isEmpty()) {
      wakeUp();
      return;
    }
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    Instant next = alarms.next();
    if (next.isBefore(Instant.MAX)) {
      timer = events.schedule(Duration.between(now, next).plusMillis(1), this::wakeUp);
    }
  }
}
