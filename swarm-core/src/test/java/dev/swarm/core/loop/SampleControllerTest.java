package dev.swarm.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.NodeSpec.Availability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A controller more takes a file of its own and a place on the list. */
class SampleControllerTest {
  private static Controllers withSample() {
    List<Controller<?>> list = new ArrayList<>(Controllers.ALL.list());
    list.add(new DrainEmptiedNodes());
    return new Controllers(list);
  }

  @Test
  void itIsWokenAskedAndCarriedOut() {
    Stage stage = new Stage(withSample());
    NodeId first = stage.node("a");
    NodeId second = stage.node("b");
    ServiceId web = stage.service(Specs.replicated("web", 2));
    stage.run();
    stage.availability(first, Availability.DRAIN);
    stage.run();
    assertTrue(stage.snapshot().nodes().contains(first), "its tasks have only just left");
    stage.historyLimit(0);
    stage.pass(DrainEmptiedNodes.EMPTY_FOR.plus(Duration.ofMinutes(1)));
    assertFalse(stage.snapshot().nodes().contains(first));
    assertTrue(stage.snapshot().nodes().contains(second));
    assertEquals(2, stage.wanted(web).size());
  }

  @Test
  void aNewLeaderAsksIt() {
    Stage stage = new Stage(withSample());
    NodeId node = stage.node("a");
    stage.availability(node, Availability.DRAIN);
    stage.settle();
    stage.failOver();
    stage.pass(DrainEmptiedNodes.EMPTY_FOR);
    assertFalse(stage.snapshot().nodes().contains(node));
  }

  @Test
  void twoControllersCannotShareTheirKeys() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Controllers(List.of(new DrainEmptiedNodes(), new DrainEmptiedNodes())));
  }
}
