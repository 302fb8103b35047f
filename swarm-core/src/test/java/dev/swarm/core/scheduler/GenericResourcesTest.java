package dev.swarm.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Claim;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.ServiceSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenericResourcesTest {
  private final Stage stage = new Stage();

  /** A node with that many disks without names, and graphics processors with these. */
  private NodeId node(String name, int disks, String... processors) {
    NodeId id = stage.node(name);
    NodeDescription.Builder description = stage.node(id).description().toBuilder();
    Resources.Builder resources = description.getResourcesBuilder();
    resources.addGenericBuilder().getDiscreteResourceSpecBuilder().setKind("ssd").setValue(disks);
    for (String processor : processors) {
      resources
          .addGenericBuilder()
          .getNamedResourceSpecBuilder()
          .setKind("gpu")
          .setValue(processor);
    }
    stage.apply(new Change.PutNode(stage.node(id).withDescription(description.build())));
    return id;
  }

  private static ServiceSpec reserving(ServiceSpec spec, int processors, int disks) {
    ServiceSpec.Builder next = spec.toBuilder();
    Resources.Builder reserved =
        next.getTaskBuilder().getResourcesBuilder().getReservationsBuilder();
    if (processors > 0) {
      reserved
          .addGenericBuilder()
          .getDiscreteResourceSpecBuilder()
          .setKind("gpu")
          .setValue(processors);
    }
    if (disks > 0) {
      reserved.addGenericBuilder().getDiscreteResourceSpecBuilder().setKind("ssd").setValue(disks);
    }
    return next.build();
  }

  private List<Task> placed(ServiceId service) {
    return stage.wanted(service).stream().filter(task -> !task.node().isNone()).toList();
  }

  @Test
  void whatHasANameIsHeldByOneTaskAtATime() {
    node("a", 0, "g1", "g2", "g3");
    ServiceId id = stage.service(reserving(Specs.replicated("train", 5), 1, 0));
    stage.settle();
    List<Claim> held = new ArrayList<>();
    placed(id).forEach(task -> held.addAll(task.claims()));
    assertEquals(3, held.size());
    assertEquals(3, new HashSet<>(held).size(), held.toString());
    Task waiting =
        stage.wanted(id).stream().filter(task -> task.node().isNone()).findFirst().orElseThrow();
    assertEquals("no suitable node (insufficient resources on 1 node)", waiting.status().err());
  }

  @Test
  void whatHasNoNamesIsCounted() {
    node("a", 5);
    node("b", 3);
    ServiceId id = stage.service(reserving(Specs.replicated("db", 4), 0, 2));
    stage.settle();
    assertEquals(3, placed(id).size());
    assertTrue(
        placed(id).stream()
            .allMatch(task -> task.claims().equals(List.of(new Claim("ssd", "", 2)))));
  }

  @Test
  void aTaskThatEndsGivesBackWhatItHeld() {
    node("a", 0, "g1");
    ServiceId first = stage.service(reserving(Specs.replicated("first", 1), 1, 0));
    stage.settle();
    Task holder = stage.only(stage.wanted(first));
    ServiceId second = stage.service(reserving(Specs.replicated("second", 1), 1, 0));
    stage.settle();
    assertEquals(0, placed(second).size());
    stage.update(first, Specs.image(reserving(Specs.replicated("first", 0), 1, 0), "x"));
    stage.settle();
    stage.report(holder.id(), TaskState.SHUTDOWN);
    stage.settle();
    assertEquals(List.of(new Claim("gpu", "g1", 1)), stage.only(placed(second)).claims());
  }

  @Test
  void aGlobalServiceReservesOnEveryNodeThatHasSome() {
    node("a", 0, "g1", "g2");
    node("b", 1);
    ServiceId id = stage.service(reserving(Specs.global("watch"), 2, 0));
    stage.settle();
    List<Task> running =
        stage.wanted(id).stream().filter(task -> task.state() == TaskState.ASSIGNED).toList();
    assertEquals(
        List.of(new Claim("gpu", "g1", 1), new Claim("gpu", "g2", 1)),
        stage.only(running).claims());
  }
}
