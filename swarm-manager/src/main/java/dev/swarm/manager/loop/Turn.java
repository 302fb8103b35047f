package dev.swarm.manager.loop;

import dev.swarm.core.loop.Draft;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One turn of the control loop: the entry in the making, and the requests to answer once it is
 * committed.
 */
final class Turn {
  private final Draft draft;
  private final Faults faults;
  private final List<Runnable> replies = new ArrayList<>();
  private final List<CompletableFuture<?>> asked = new ArrayList<>();
  private final List<Reports.Report> reported = new ArrayList<>();

  Turn(Draft draft, Faults faults) {
    this.draft = draft;
    this.faults = faults;
  }

  Draft draft() {
    return draft;
  }

  /** Answers a request once what it changed is committed. */
  <R> void answer(CompletableFuture<R> reply, Supplier<R> answer) {
    asked.add(reply);
    replies.add(() -> reply(reply, answer));
  }

  void answer(List<Reports.Report> reports) {
    reported.addAll(reports);
  }

  private <R> void reply(CompletableFuture<R> reply, Supplier<R> answer) {
    try {
      reply.complete(answer.get());
    } catch (RuntimeException | Error fault) {
      reply.completeExceptionally(fault);
      faults.contain("a reply could not be made", fault);
    }
  }

  /** All that was asked for is part of the state, or nothing had to change for it. */
  void done() {
    replies.forEach(Runnable::run);
    reported.forEach(report -> report.from().forEach(Reports.Reporter::done));
  }

  /** Nothing of it is known to have become part of the state. */
  void failed(Throwable why) {
    asked.forEach(reply -> reply.completeExceptionally(why));
    reported.forEach(report -> Reports.fail(report, why));
  }
}
