package dev.swarm.worker.assignment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docker.swarmkit.v1.AssignmentChange;
import docker.swarmkit.v1.AssignmentChange.AssignmentAction;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class AssignmentSetProperties {
  @Provide
  Arbitrary<List<AssignmentChange>> changes() {
    return change().list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<List<AssignmentChange>>> histories() {
    return changes().list().ofMaxSize(8);
  }

  private static Arbitrary<AssignmentChange> change() {
    return Combinators.combine(
            Arbitraries.of("a", "b", "c", "d"),
            Arbitraries.of(TaskState.READY, TaskState.RUNNING, TaskState.SHUTDOWN),
            Arbitraries.of(AssignmentAction.UPDATE, AssignmentAction.REMOVE),
            Arbitraries.of(true, false))
        .as(
            (id, state, action, task) -> {
              AssignmentChange.Builder change = AssignmentChange.newBuilder().setAction(action);
              if (task) {
                change
                    .getAssignmentBuilder()
                    .setTask(Task.newBuilder().setId(id).setDesiredState(state));
              } else {
                change
                    .getAssignmentBuilder()
                    .setSecret(Secret.newBuilder().setId(id).setInternal(state == TaskState.READY));
              }
              return change.build();
            });
  }

  @Property
  void aSequenceEqualsTheCompleteMessageOfItsResult(
      @ForAll("histories") List<List<AssignmentChange>> history) {
    AssignmentSet set = applied(AssignmentSet.EMPTY, complete(List.of(), "0")).next();
    TreeMap<String, Task> followed = new TreeMap<>();
    int version = 0;
    for (List<AssignmentChange> changes : history) {
      Outcome.Applied step =
          applied(
              set, incremental(changes, Integer.toString(version), Integer.toString(version + 1)));
      version++;
      set = step.next();
      follow(followed, step.delta());
    }
    assertEquals(set.tasks(), followed);
    Outcome.Applied whole =
        applied(AssignmentSet.EMPTY, complete(everything(set), set.reference()));
    assertEquals(set, whole.next());
  }

  @Property
  void aCompleteMessageTwiceChangesNothing(
      @ForAll("changes") List<AssignmentChange> changes,
      @ForAll("changes") List<AssignmentChange> before) {
    AssignmentSet base = applied(AssignmentSet.EMPTY, complete(before, "1")).next();
    AssignmentsMessage message = complete(changes, "2");
    AssignmentSet once = applied(base, message).next();
    Outcome.Applied twice = applied(once, message);
    assertEquals(once, twice.next());
    assertTrue(
        twice.delta().started().isEmpty() && twice.delta().updated().isEmpty(),
        twice.delta()::toString);
  }

  @Property
  void aCompleteMessageLeavesNothingOfBefore(
      @ForAll("changes") List<AssignmentChange> before,
      @ForAll("changes") List<AssignmentChange> after) {
    AssignmentSet base = applied(AssignmentSet.EMPTY, complete(before, "1")).next();
    Outcome.Applied next = applied(base, complete(after, "2"));
    assertEquals(applied(AssignmentSet.EMPTY, complete(after, "2")).next(), next.next());
    TreeMap<String, Task> followed = new TreeMap<>(base.tasks());
    follow(followed, next.delta());
    assertEquals(next.next().tasks(), followed);
  }

  @Test
  void aGapAsksForANewSession() {
    AssignmentSet set = applied(AssignmentSet.EMPTY, complete(List.of(), "1")).next();
    assertInstanceOf(Outcome.Gap.class, set.apply(incremental(List.of(), "2", "3")));
    assertInstanceOf(Outcome.Gap.class, set.newSession().apply(incremental(List.of(), "1", "2")));
    assertInstanceOf(Outcome.Gap.class, AssignmentSet.EMPTY.apply(incremental(List.of(), "", "1")));
  }

  @Test
  void anUnknownKindOfAssignmentIsPassedOver() {
    AssignmentsMessage message = complete(List.of(AssignmentChange.getDefaultInstance()), "1");
    assertEquals(
        new AssignmentSet("1", new TreeMap<>(), new TreeMap<>(), new TreeMap<>()),
        applied(AssignmentSet.EMPTY, message).next());
  }

  @Test
  void aSecretMadeForOneTaskComesFirst() {
    TreeMap<String, Secret> secrets = new TreeMap<>();
    secrets.put("s", Secret.newBuilder().setId("s").build());
    secrets.put("s.t", Secret.newBuilder().setId("s.t").build());
    AssignmentSet set = new AssignmentSet("", new TreeMap<>(), secrets, new TreeMap<>());
    assertEquals("s.t", set.secret("s", "t").map(Secret::getId).orElse(""));
    assertEquals("s", set.secret("s", "u").map(Secret::getId).orElse(""));
    assertTrue(set.secret("x", "t").isEmpty());
  }

  private static void follow(Map<String, Task> tasks, TaskChanges delta) {
    delta.removed().forEach(tasks::remove);
    delta.started().forEach(task -> tasks.put(task.getId(), task));
    delta.updated().forEach(task -> tasks.put(task.getId(), task));
  }

  private static List<AssignmentChange> everything(AssignmentSet set) {
    List<AssignmentChange> changes = new ArrayList<>();
    for (Task task : set.tasks().values()) {
      AssignmentChange.Builder change = AssignmentChange.newBuilder();
      change.getAssignmentBuilder().setTask(task);
      changes.add(change.build());
    }
    for (Secret secret : set.secrets().values()) {
      AssignmentChange.Builder change = AssignmentChange.newBuilder();
      change.getAssignmentBuilder().setSecret(secret);
      changes.add(change.build());
    }
    return changes;
  }

  private static Outcome.Applied applied(AssignmentSet set, AssignmentsMessage message) {
    return assertInstanceOf(Outcome.Applied.class, set.apply(message));
  }

  private static AssignmentsMessage complete(List<AssignmentChange> changes, String result) {
    return AssignmentsMessage.newBuilder().setResultsIn(result).addAllChanges(changes).build();
  }

  private static AssignmentsMessage incremental(
      List<AssignmentChange> changes, String from, String to) {
    return AssignmentsMessage.newBuilder()
        .setType(AssignmentsMessage.Type.INCREMENTAL)
        .setAppliesTo(from)
        .setResultsIn(to)
        .addAllChanges(changes)
        .build();
  }
}
