package dev.swarm.manager.loop;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.model.Task;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Turns status reports of agents into changes. A report that causes a fault fails alone, and its
 * agent is told so.
 */
final class ReportIntake {
  private final Reports reports;
  private final Faults faults;
  private final BiConsumer<Snapshot, Delta> effects;

  /**
   * @param effects is told what a report changes
   */
  ReportIntake(Reports reports, Faults faults, BiConsumer<Snapshot, Delta> effects) {
    this.reports = reports;
    this.faults = faults;
    this.effects = effects;
  }

  /** Takes what has waited longest, up to so many bytes. */
  void decide(Turn turn, int bytesMax) {
    List<Reports.Report> taken = reports.take(bytesMax);
    try {
      add(taken, turn);
    } catch (RuntimeException | Error fault) {
      faults.contain("reports could not be applied", fault);
      taken.forEach(report -> addAlone(report, turn));
    }
  }

  private void addAlone(Reports.Report report, Turn turn) {
    try {
      add(List.of(report), turn);
    } catch (RuntimeException | Error fault) {
      Reports.fail(report, new Decision.FaultException(fault));
      faults.contain("the report of task " + report.task() + " is dropped", fault);
    }
  }

  private void add(List<Reports.Report> taken, Turn turn) {
    List<Change> changes = new ArrayList<>();
    for (Reports.Report report : taken) {
      Task task = turn.draft().snapshot().tasks().get(report.task());
      if (task != null
          && task.node().equals(report.node())
          && !task.status().after(report.status()).equals(task.status())) {
        changes.add(Change.AdvanceTask.report(report.task(), report.status()));
      }
    }
    if (!changes.isEmpty()) {
      turn.draft().add(changes, EntryCodec.encode(changes), effects);
    }
    turn.answer(taken);
  }
}
