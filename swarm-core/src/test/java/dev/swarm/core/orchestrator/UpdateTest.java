package dev.swarm.core.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateConfig;
import docker.swarmkit.v1.UpdateConfig.FailureAction;
import docker.swarmkit.v1.UpdateConfig.UpdateOrder;
import docker.swarmkit.v1.UpdateStatus.UpdateState;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rolling updates, as they should go and as they go wrong. */
class UpdateTest {
  private final Stage stage = new Stage();
  private ServiceSpec spec = Specs.replicated("web", 3);

  @BeforeEach
  void nodes() {
    stage.node("a");
    stage.node("b");
  }

  private ServiceId running(int replicas, Consumer<UpdateConfig.Builder> update) {
    spec =
        Specs.update(
            Specs.restart(Specs.replicated("web", replicas), RestartCondition.ANY, Duration.ZERO),
            u -> {
              u.setParallelism(1);
              update.accept(u);
            });
    ServiceId id = stage.service(spec);
    stage.run();
    return id;
  }

  private void update(ServiceId id, String image) {
    spec = Specs.image(spec, image);
    stage.update(id, spec);
    stage.settle();
  }

  private UpdateState state(ServiceId id) {
    return stage.service(id).updateStatus().orElseThrow().getState();
  }

  private static String image(Task task) {
    return task.template().spec().getContainer().getImage();
  }

  private List<String> images(ServiceId id) {
    return stage.wanted(id).stream().map(UpdateTest::image).sorted().toList();
  }

  private Task made(ServiceId id, String image) {
    return stage.only(stage.wanted(id).stream().filter(t -> image(t).equals(image)).toList());
  }

  @Test
  void stopFirstPreparesStopsAndThenStarts() {
    ServiceId id = running(1, u -> {});
    Task old = stage.only(stage.wanted(id));
    update(id, "two");
    assertEquals(UpdateState.UPDATING, state(id));
    Task made = made(id, "two");
    assertEquals(TaskState.READY, made.desired());
    assertEquals(TaskState.RUNNING, stage.task(old.id()).desired(), "while the image is pulled");
    stage.report(made.id(), TaskState.READY);
    stage.settle();
    assertEquals(TaskState.SHUTDOWN, stage.task(old.id()).desired());
    assertEquals(TaskState.READY, stage.task(made.id()).desired());
    stage.report(old.id(), TaskState.SHUTDOWN);
    stage.settle();
    assertEquals(TaskState.RUNNING, stage.task(made.id()).desired());
    stage.report(made.id(), TaskState.RUNNING);
    stage.settle();
    assertEquals(UpdateState.UPDATING, state(id), "it is watched for a while");
    stage.pass(Duration.ofSeconds(5));
    assertEquals(UpdateState.COMPLETED, state(id));
  }

  @Test
  void startFirstRunsTheNewBeforeItStopsTheOld() {
    ServiceId id = running(1, u -> u.setOrder(UpdateOrder.START_FIRST));
    Task old = stage.only(stage.wanted(id));
    update(id, "two");
    Task made = made(id, "two");
    assertEquals(TaskState.RUNNING, made.desired());
    stage.report(made.id(), TaskState.READY);
    stage.settle();
    assertEquals(TaskState.RUNNING, stage.task(old.id()).desired());
    stage.report(made.id(), TaskState.RUNNING);
    stage.settle();
    assertEquals(TaskState.SHUTDOWN, stage.task(old.id()).desired());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void noMoreSlotsAtATimeThanAsked(int parallelism) {
    ServiceId id = running(5, u -> u.setParallelism(parallelism));
    update(id, "two");
    assertEquals(
        parallelism, stage.wanted(id).stream().filter(t -> image(t).equals("two")).count());
    for (int i = 0; i < 12; i++) {
      stage.run();
      stage.pass(Duration.ofSeconds(5));
    }
    assertEquals(UpdateState.COMPLETED, state(id));
    assertEquals(List.of("two", "two", "two", "two", "two"), images(id));
  }

  @Test
  void allAtOnceIfNoNumberIsSaid() {
    ServiceId id = running(5, u -> u.setParallelism(0));
    update(id, "two");
    assertEquals(5, stage.wanted(id).stream().filter(t -> image(t).equals("two")).count());
  }

  @Test
  void aDelayIsKeptBetweenSlots() {
    ServiceId id =
        running(
            2,
            u ->
                u.setDelay(Durations.toWire(Duration.ofSeconds(10)))
                    .setMonitor(Durations.toWire(Duration.ofMillis(1))));
    update(id, "two");
    stage.run();
    assertEquals(List.of("one", "two"), images(id));
    stage.pass(Duration.ofMillis(9999));
    stage.failOver();
    stage.run();
    assertEquals(List.of("one", "two"), images(id));
    stage.pass(Duration.ofMillis(1));
    stage.run();
    assertEquals(List.of("two", "two"), images(id));
  }

  @Test
  void aFailurePauses() {
    ServiceId id = running(3, u -> u.setFailureAction(FailureAction.PAUSE));
    update(id, "two");
    Task made = made(id, "two");
    stage.report(made.id(), TaskState.FAILED);
    stage.run();
    assertEquals(UpdateState.PAUSED, state(id));
    assertTrue(
        stage.service(id).updateStatus().orElseThrow().getMessage().contains(made.id().value()));
    stage.failOver();
    stage.pass(Duration.ofMinutes(10));
    assertEquals(UpdateState.PAUSED, state(id));
    assertEquals(3, stage.wanted(id).stream().filter(t -> t.state() == TaskState.RUNNING).count());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void aFailureRollsBackHoweverShortTheHistory(int limit) {
    stage.historyLimit(limit);
    ServiceId id = running(3, u -> u.setFailureAction(FailureAction.ROLLBACK));
    update(id, "two");
    stage.report(made(id, "two").id(), TaskState.REJECTED);
    stage.run();
    assertEquals(UpdateState.ROLLBACK_STARTED, state(id));
    for (int i = 0; i < 10; i++) {
      stage.run();
      stage.pass(Duration.ofSeconds(5));
    }
    assertEquals(UpdateState.ROLLBACK_COMPLETED, state(id));
    assertEquals(List.of("one", "one", "one"), images(id));
    Service service = stage.service(id);
    assertEquals("one", service.spec().getTask().getContainer().getImage());
  }

  @ParameterizedTest
  @CsvSource({
    "PAUSE, STOP_FIRST",
    "PAUSE, START_FIRST",
    "ROLLBACK, STOP_FIRST",
    "CONTINUE, STOP_FIRST"
  })
  void whatEndsUnderTheWatchHasFailedThoughItSaysAllWasWell(
      FailureAction action, UpdateOrder order) {
    ServiceId id = running(3, u -> u.setFailureAction(action).setOrder(order));
    update(id, "two");
    Task made = made(id, "two");
    stage.run();
    stage.pass(Duration.ofMillis(4999));
    stage.report(made.id(), TaskState.COMPLETE);
    stage.settle();
    switch (action) {
      case PAUSE, UNRECOGNIZED -> assertEquals(UpdateState.PAUSED, state(id));
      case ROLLBACK -> assertEquals(UpdateState.ROLLBACK_STARTED, state(id));
      case CONTINUE -> assertEquals(UpdateState.UPDATING, state(id));
    }
  }

  @Test
  void theWatchBeginsWithTheRunHoweverLongItTakesToStart() {
    ServiceId id = running(1, u -> {});
    update(id, "two");
    Task made = made(id, "two");
    stage.pass(Duration.ofMinutes(20));
    stage.run();
    stage.pass(Duration.ofMillis(4999));
    stage.report(made.id(), TaskState.FAILED);
    stage.settle();
    assertEquals(UpdateState.PAUSED, state(id));
  }

  @Test
  void whatEndsAfterTheWatchIsNotTheUpdatesConcern() {
    ServiceId id = running(2, u -> u.setDelay(Durations.toWire(Duration.ofSeconds(20))));
    update(id, "two");
    Task made = made(id, "two");
    stage.run();
    stage.pass(Duration.ofSeconds(5));
    stage.report(made.id(), TaskState.FAILED);
    stage.settle();
    assertEquals(UpdateState.UPDATING, state(id));
  }

  /** Between two slots' turns each ends and comes back: they never all run at the same time. */
  @ParameterizedTest
  @EnumSource(
      value = TaskState.class,
      names = {"COMPLETE", "FAILED"})
  void anUpdateToWhatKeepsEndingComesToItsEnd(TaskState end) {
    ServiceId id =
        running(
            3,
            u ->
                u.setFailureAction(FailureAction.CONTINUE)
                    .setMonitor(Durations.toWire(Duration.ofSeconds(3))));
    update(id, "two");
    for (int second = 0; second < 1200 && state(id) == UpdateState.UPDATING; second++) {
      stage.run();
      for (Task task : stage.wanted(id)) {
        boolean ran = task.attempt().hasRun() && task.state() == TaskState.RUNNING;
        if (image(task).equals("two") && ran && (second + task.slot().hashCode()) % 2 == 0) {
          stage.report(task.id(), end);
        }
      }
      stage.pass(Duration.ofSeconds(1));
    }
    assertEquals(UpdateState.COMPLETED, state(id));
  }

  /** Seed 53835 of the simulator: the update's task was the newest, and the only one kept. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void whatEndsForGoodAfterARollbackIsNotForgotten(int limit) {
    stage.historyLimit(limit);
    spec =
        Specs.update(
            Specs.restart(Specs.replicated("once", 1), RestartCondition.NONE, Duration.ZERO),
            u -> u.setOrder(UpdateOrder.START_FIRST).setFailureAction(FailureAction.ROLLBACK));
    ServiceId id = stage.service(spec);
    stage.run();
    Task old = stage.only(stage.wanted(id));
    stage.pass(Duration.ofSeconds(10));
    update(id, "two");
    stage.report(made(id, "two").id(), TaskState.REJECTED);
    stage.run();
    assertEquals(UpdateState.ROLLBACK_COMPLETED, state(id));
    stage.report(old.id(), TaskState.FAILED);
    stage.run();
    stage.failOver();
    stage.run();
    assertEquals(List.of(), images(id), "it is not to run again");
    assertTrue(stage.tasks(id).stream().anyMatch(task -> task.id().equals(old.id())));
  }

  /** Seed 51351 of the simulator. */
  @Test
  void anOldTaskThatEndsWhileTheUpdateIsPausedIsReplacedWhateverTheNewPolicy() {
    ServiceId id = running(3, u -> u.setFailureAction(FailureAction.PAUSE));
    spec = Specs.restart(spec, RestartCondition.NONE, Duration.ZERO);
    update(id, "two");
    stage.report(made(id, "two").id(), TaskState.REJECTED);
    stage.run();
    assertEquals(UpdateState.PAUSED, state(id));
    Task ended = stage.wanted(id).getLast();
    stage.report(ended.id(), TaskState.FAILED);
    stage.carryOut(stage.look(new SlotKey(id, ended.slot()))); // nothing else has changed
    assertEquals(List.of("one", "one", "two"), images(id));
  }

  @Test
  void goingBackToASpecRunsItAgain() {
    spec = Specs.restart(Specs.replicated("once", 1), RestartCondition.NONE, Duration.ZERO);
    ServiceId id = stage.service(spec);
    stage.run();
    for (String image : List.of("two", "one")) {
      stage.report(stage.only(stage.wanted(id)).id(), TaskState.COMPLETE);
      stage.settle();
      update(id, image);
      stage.run();
      assertEquals(List.of(image), images(id));
    }
  }

  /** Seed 3615 of the simulator. */
  @Test
  void whatWasFinishedUnderAnOldSpecIsNoneOfTheReplicasAskedFor() {
    spec = Specs.restart(Specs.replicated("once", 3), RestartCondition.ON_FAILURE, Duration.ZERO);
    ServiceId id = stage.service(spec);
    stage.run();
    stage.report(stage.only(stage.wanted(id, 1)).id(), TaskState.COMPLETE);
    stage.report(stage.only(stage.wanted(id, 2)).id(), TaskState.COMPLETE);
    stage.settle();
    spec = Specs.replicas(spec, 2);
    stage.update(id, spec);
    stage.run();
    assertEquals(1, stage.wanted(id).size(), "one of the two is done");
    update(id, "two");
    for (int i = 0; i < 4; i++) {
      stage.run();
      stage.pass(Duration.ofSeconds(5));
    }
    assertEquals(List.of("two", "two"), images(id), "there are two to do under the new one");
    assertEquals(UpdateState.COMPLETED, state(id));
  }

  @ParameterizedTest
  @EnumSource(
      value = RestartCondition.class,
      names = {"NONE", "ON_FAILURE"})
  void whatIsMeantToEndMayCompleteUnderTheWatch(RestartCondition condition) {
    spec = Specs.restart(Specs.replicated("once", 2), condition, Duration.ZERO);
    ServiceId id = stage.service(spec);
    stage.run();
    update(id, "two");
    for (int i = 0; i < 4; i++) {
      stage.run();
      stage.wanted(id).stream()
          .filter(task -> image(task).equals("two"))
          .forEach(task -> stage.report(task.id(), TaskState.COMPLETE));
      stage.settle();
    }
    stage.pass(Duration.ofSeconds(5));
    assertEquals(UpdateState.COMPLETED, state(id));
    assertEquals(List.of(), images(id), "both have done their work");
  }

  @Test
  void aRollbackThatFailsPauses() {
    ServiceId id =
        running(
            2, u -> u.setFailureAction(FailureAction.ROLLBACK).setOrder(UpdateOrder.STOP_FIRST));
    ServiceSpec first = spec;
    update(id, "two");
    Task made = made(id, "two");
    stage.run();
    stage.report(made.id(), TaskState.FAILED);
    stage.settle();
    assertEquals(UpdateState.ROLLBACK_STARTED, state(id));
    assertEquals(first, stage.service(id).spec());
    for (Task task : stage.wanted(id)) {
      if (image(task).equals("one") && task.state() != TaskState.RUNNING) {
        stage.report(task.id(), TaskState.FAILED);
      }
    }
    stage.settle();
    assertEquals(UpdateState.ROLLBACK_PAUSED, state(id));
  }

  @Test
  void everySlotHasItsTurnBeforeOneThatFailedIsTriedAgain() {
    ServiceId id =
        running(
            5,
            u ->
                u.setParallelism(1)
                    .setMaxFailureRatio(0.25f)
                    .setFailureAction(FailureAction.PAUSE));
    update(id, "two");
    Task first = made(id, "two");
    stage.report(first.id(), TaskState.REJECTED);
    stage.settle();
    assertEquals(UpdateState.UPDATING, state(id), "one of five is tolerated");
    stage.pass(Duration.ofSeconds(10));
    stage.settle();
    Task second = made(id, "two");
    assertNotEquals(first.slot(), second.slot());
    stage.report(second.id(), TaskState.REJECTED);
    stage.settle();
    assertEquals(UpdateState.PAUSED, state(id), "two of five are not");
    assertEquals(
        5,
        stage.wanted(id).stream().filter(t -> image(t).equals("one")).count(),
        "what could not be prepared replaces nothing");
  }

  @Test
  void someFailuresMayBeTolerated() {
    ServiceId id =
        running(4, u -> u.setMaxFailureRatio(0.3f).setFailureAction(FailureAction.PAUSE));
    update(id, "two");
    stage.report(made(id, "two").id(), TaskState.FAILED);
    stage.settle();
    assertEquals(UpdateState.UPDATING, state(id));
    for (int i = 0; i < 10; i++) {
      stage.run();
      stage.pass(Duration.ofSeconds(5));
    }
    assertEquals(List.of("two", "two", "two", "two"), images(id));
  }

  @Test
  void continueGoesOnWhateverFails() {
    ServiceId id = running(2, u -> u.setFailureAction(FailureAction.CONTINUE));
    update(id, "two");
    stage.report(made(id, "two").id(), TaskState.FAILED);
    stage.settle();
    assertEquals(UpdateState.UPDATING, state(id));
  }

  @ParameterizedTest
  @EnumSource(
      value = UpdateOrder.class,
      names = {"STOP_FIRST", "START_FIRST"})
  void anUpdateInTheMiddleOfAnotherLeavesOneTaskASlot(UpdateOrder order) {
    ServiceId id = running(2, u -> u.setOrder(order).setParallelism(0));
    update(id, "two");
    update(id, "three");
    for (int slot = 1; slot <= 2; slot++) {
      assertTrue(stage.wanted(id, slot).size() <= 2, "the middle one is not wanted any more");
      assertTrue(stage.wanted(id, slot).stream().noneMatch(t -> image(t).equals("two")));
    }
    for (int i = 0; i < 5; i++) {
      stage.run();
      stage.pass(Duration.ofSeconds(5));
    }
    assertEquals(List.of("three", "three"), images(id));
    assertEquals(UpdateState.COMPLETED, state(id));
  }

  @Test
  void whatNoNodeHoldsEndsWhenItIsCalledOff() {
    spec = Specs.update(Specs.replicated("web", 1), u -> u.setOrder(UpdateOrder.START_FIRST));
    ServiceId id = stage.service(spec);
    stage.run();
    ServiceSpec first = spec;
    spec = Specs.cpus(spec, 100);
    update(id, "two");
    Task unplaced = stage.wanted(id).getLast();
    assertEquals(TaskState.PENDING, unplaced.state());
    spec = first;
    update(id, "three");
    assertEquals(TaskState.SHUTDOWN, stage.task(unplaced.id()).desired());
    assertEquals(TaskState.SHUTDOWN, stage.task(unplaced.id()).state());
  }

  @Test
  void goingBackInTheMiddleKeepsTheOldTasks() {
    ServiceId id = running(2, u -> u.setParallelism(0));
    List<Task> old = stage.wanted(id);
    update(id, "two");
    update(id, "one");
    stage.run();
    stage.pass(Duration.ofSeconds(5));
    assertEquals(
        old.stream().map(Task::id).toList(), stage.wanted(id).stream().map(Task::id).toList());
    assertEquals(UpdateState.COMPLETED, state(id));
  }

  @Test
  void theOrderMayChangeWhileASlotIsHalfReplaced() {
    ServiceId id = running(1, u -> {});
    update(id, "two");
    spec = Specs.update(spec, u -> u.setOrder(UpdateOrder.START_FIRST));
    stage.update(id, spec);
    for (int i = 0; i < 3; i++) {
      stage.run();
      stage.pass(Duration.ofSeconds(5));
    }
    assertEquals(List.of("two"), images(id));
    assertEquals(UpdateState.COMPLETED, state(id));
  }

  @Test
  void anUpdateThatAlsoGrowsTheServiceBegins() {
    ServiceId id = running(2, u -> {});
    spec = Specs.replicas(spec, 4);
    update(id, "two");
    for (int i = 0; i < 8; i++) {
      stage.run();
      stage.pass(Duration.ofSeconds(5));
    }
    assertEquals(List.of("two", "two", "two", "two"), images(id));
    assertEquals(UpdateState.COMPLETED, state(id));
  }

  @Test
  void whereThereIsNoRoomForBothTheOldOneGoesFirst() {
    Stage small = new Stage();
    small.node("n", 2, s -> s);
    ServiceSpec wide = Specs.cpus(Specs.replicated("web", 1), 2);
    ServiceId id = small.service(wide);
    small.run();
    small.update(id, Specs.image(wide, "two"));
    small.run();
    assertEquals("two", image(small.only(small.wanted(id))));
    assertEquals(TaskState.RUNNING, small.only(small.wanted(id)).state());
  }

  @Test
  void aChangeOfPlacementAloneRestartsNothing() {
    ServiceId id = running(2, u -> {});
    List<Task> before = stage.wanted(id);
    spec = Specs.constraint(spec, "node.hostname!=nowhere");
    stage.update(id, spec);
    stage.run();
    assertEquals(
        before.stream().map(Task::id).toList(), stage.wanted(id).stream().map(Task::id).toList());
  }
}
