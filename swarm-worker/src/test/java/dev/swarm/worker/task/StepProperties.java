package dev.swarm.worker.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class StepProperties {
  private static final List<TaskState> KNOWN =
      Arrays.stream(TaskState.values()).filter(s -> s != TaskState.UNRECOGNIZED).toList();

  @Provide
  Arbitrary<TaskState> states() {
    return Arbitraries.of(KNOWN);
  }

  @Property
  void whatEndedNeverMovesAgain(
      @ForAll("states") TaskState observed, @ForAll("states") TaskState desired) {
    if (Step.ended(observed)) {
      assertEquals(Step.HOLD, Step.next(observed, desired, false));
    }
  }

  @Property
  void aRemovedTaskIsDeletedWhateverItsState(
      @ForAll("states") TaskState observed, @ForAll("states") TaskState desired) {
    assertEquals(Step.DELETE, Step.next(observed, desired, true));
  }

  @Property
  void nothingStartsBeyondTheDesiredState(
      @ForAll("states") TaskState observed, @ForAll("states") TaskState desired) {
    switch (Step.next(observed, desired, false)) {
      case ACCEPT -> assertTrue(desired.getNumber() >= TaskState.ACCEPTED_VALUE);
      case PREPARE ->
          assertTrue(
              observed == TaskState.PREPARING || desired.getNumber() >= TaskState.PREPARING_VALUE);
      case START ->
          assertTrue(
              observed == TaskState.STARTING || desired.getNumber() >= TaskState.STARTING_VALUE);
      case STOP -> assertTrue(desired.getNumber() >= TaskState.SHUTDOWN_VALUE);
      case AWAIT -> assertEquals(TaskState.RUNNING, observed);
      case HOLD, DELETE -> {}
    }
  }

  @Property
  void aWishToEndIsAlwaysServed(@ForAll("states") TaskState observed) {
    for (TaskState desired :
        EnumSet.of(TaskState.SHUTDOWN, TaskState.FAILED, TaskState.REMOVE, TaskState.ORPHANED)) {
      assertEquals(
          Step.ended(observed) ? Step.HOLD : Step.STOP, Step.next(observed, desired, false));
    }
  }

  @Property
  void anUnknownDesiredStateCountsAsTheOneBelow(@ForAll("states") TaskState known) {
    Task task = Task.newBuilder().setDesiredStateValue(known.getNumber() + 1).build();
    assertEquals(known, Step.desired(task));
  }
}
