package dev.swarm.manager.loop;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskStatus;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Status reports of agents that wait to be decided, within bounds. Several reports on one task
 * become the highest, and the first that says it has ended.
 */
final class Reports {
  /** Tasks that may wait to be reported on. */
  static final int COUNT_MAX = 200_000;

  /** What the texts of all that wait may take. */
  static final long BYTES_MAX = 64 << 20;

  /** Calls that may wait for an answer. */
  static final int CALLS_MAX = 20_000;

  private final Map<TaskId, Report> waiting = new LinkedHashMap<>();
  private long bytes;
  private int calls;

  /** One agent's call, answered when the last of what it reported is. */
  static final class Reporter {
    final CompletableFuture<Boolean> reply;
    private int left;

    Reporter(CompletableFuture<Boolean> reply) {
      this.reply = reply;
    }

    /** One of its reports is done with. */
    void done() {
      if (--left <= 0) {
        reply.complete(true);
      }
    }
  }

  /**
   * What is reported of one task.
   *
   * @param from who waits for it to be committed
   */
  record Report(NodeId node, TaskId task, TaskStatus status, List<Reporter> from) {
    int bytes() {
      return sizeOf(status);
    }
  }

  private static int sizeOf(TaskStatus status) {
    return 200
        + 2 * (status.message().length() + status.err().length())
        + status.run().ports().getSerializedSize();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes a call in; says whether there was room. */
  boolean add(NodeId node, Map<TaskId, TaskStatus> statuses, Reporter reporter) {
    if (statuses.isEmpty()) {
      reporter.done();
      return true;
    }
    long more = statuses.values().stream().mapToLong(Reports::sizeOf).sum();
    if (waiting.size() + statuses.size() > COUNT_MAX
        || bytes + more > BYTES_MAX
        || calls >= CALLS_MAX) {
      return false;
    }
    calls++;
    var _ = reporter.reply.whenComplete((done, failure) -> calls--);
    reporter.left = statuses.size();
    statuses.forEach(
        (task, status) -> put(new Report(node, task, status, new ArrayList<>(List.of(reporter)))));
    return true;
  }

  private void put(Report fresh) {
    Report old = waiting.get(fresh.task);
    if (old == null) {
      waiting.put(fresh.task, fresh);
      bytes += fresh.bytes();
      return;
    }
    old.from.addAll(fresh.from);
    TaskStatus last = old.status.after(fresh.status);
    if (old.node.equals(fresh.node) && last != old.status) {
      waiting.put(fresh.task, new Report(fresh.node, fresh.task, last, old.from));
      bytes += fresh.bytes() - old.bytes();
    }
  }

  /** Takes what has waited longest, up to so many bytes; at least one report if any waits. */
  List<Report> take(int bytesMax) {
    List<Report> taken = new ArrayList<>();
    int size = 0;
    for (Iterator<Report> all = waiting.values().iterator(); all.hasNext(); ) {
      Report report = all.next();
      size += report.bytes();
      if (!taken.isEmpty() && size > bytesMax) {
        break;
      }
      taken.add(report);
      bytes -= report.bytes();
      all.remove();
    }
    return taken;
  }

  /** Answers all that wait, and forgets them. */
  void refuse(Throwable why) {
    waiting.values().forEach(report -> fail(report, why));
    waiting.clear();
    bytes = 0;
  }

  static void fail(Report report, Throwable why) {
    report.from.forEach(reporter -> reporter.reply.completeExceptionally(why));
  }
}
