package dev.swarm.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.store.Change;
import dev.swarm.core.store.Rotation;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The whole of what states may become: 14 by 14, as a report and as a wish. */
class TaskStateTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  /**
   * A row is where a task is, a column what is said of it: + is taken, w as a wish only, . is
   * ignored. How a task ended first is how it ended.
   */
  private static final String MATRIX =
      """
      NEW        ++++++++++++++
      PENDING    .+++++++++++++
      ASSIGNED   ..++++++++++++
      ACCEPTED   ...+++++++++++
      PREPARING  ....++++++++++
      READY      .....+++++++++
      STARTING   ......++++++++
      RUNNING    .......+++++++
      COMPLETE   ........+wwwww
      SHUTDOWN   .........+wwww
      FAILED     ..........+www
      REJECTED   ...........+ww
      REMOVE     ............+w
      ORPHANED   .............+
      """;

  private static Snapshot holding(Task task) {
    Snapshot empty = Snapshot.EMPTY;
    return new dev.swarm.core.store.SnapshotImage(
            1,
            AT,
            empty.cluster(),
            List.of(),
            List.of(),
            List.of(task),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Rotation.START)
        .toSnapshot();
  }

  private static Task task(TaskState desired, TaskState state) {
    return new Task(
        new TaskId("t"),
        new Meta(1, 0, 0),
        TaskTemplate.of(
            new ServiceId("s"),
            1,
            docker.swarmkit.v1.Annotations.getDefaultInstance(),
            docker.swarmkit.v1.TaskSpec.getDefaultInstance(),
            docker.swarmkit.v1.Endpoint.getDefaultInstance()),
        new Slot.Replica(1),
        new NodeId("n"),
        desired,
        TaskStatus.of(state, AT, "was"));
  }

  private static Task after(Task task, Change change) {
    return holding(task).apply(2, AT, List.of(change)).snapshot().tasks().stream()
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aStateIsTakenExactlyWhereTheMatrixSays() {
    List<String> rows = MATRIX.lines().toList();
    assertEquals(TaskState.values().length, rows.size());
    for (TaskState from : TaskState.values()) {
      String row = rows.get(from.ordinal());
      assertEquals(from.name(), row.substring(0, 11).strip());
      for (TaskState to : TaskState.values()) {
        boolean taken = row.charAt(11 + to.ordinal()) == '+';
        boolean wish = taken || row.charAt(11 + to.ordinal()) == 'w';
        Task reported =
            after(
                task(TaskState.RUNNING, from),
                Change.AdvanceTask.report(new TaskId("t"), TaskStatus.of(to, AT, "is")));
        assertEquals(taken ? to : from, reported.state(), from + " reported " + to);
        assertEquals(taken ? "is" : "was", reported.status().message(), from + " reported " + to);
        assertEquals(taken, to.mayBeSaidAfter(from), to + " after " + from);
        Task wished =
            after(task(from, TaskState.RUNNING), Change.AdvanceTask.desire(new TaskId("t"), to));
        assertEquals(wish ? to : from, wished.desired(), from + " desired " + to);
      }
    }
  }

  @Test
  void whatIsNotTerminalIsRunnableAndSoIsCompletion() {
    Set<TaskState> terminal =
        EnumSet.of(
            TaskState.COMPLETE,
            TaskState.SHUTDOWN,
            TaskState.FAILED,
            TaskState.REJECTED,
            TaskState.REMOVE,
            TaskState.ORPHANED);
    for (TaskState state : TaskState.values()) {
      assertEquals(terminal.contains(state), state.isTerminal(), state.name());
      boolean runnable = !terminal.contains(state) || state == TaskState.COMPLETE;
      assertEquals(runnable, state.isRunnable(), state.name());
    }
  }

  @Test
  void numbersAreThoseOfTheWire() {
    for (TaskState state : TaskState.values()) {
      assertEquals(docker.swarmkit.v1.TaskState.valueOf(state.name()).getNumber(), state.number());
      assertEquals(state, TaskState.ofNumber(state.number()));
    }
    assertEquals(TaskState.PENDING, TaskState.ofNumber(128), "an old number lies between two");
    assertEquals(TaskState.ORPHANED, TaskState.ofNumber(10_000));
  }
}
