package dev.swarm.core.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.ServiceSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tasks go when fewer are asked for. */
class ShrinkTest {
  private final Stage stage = new Stage();

  private List<String> slots(ServiceId id) {
    return stage.wanted(id).stream().map(task -> task.slot().toString()).sorted().toList();
  }

  @Test
  void whatDoesNotRunYetGoesFirst() {
    stage.node("n");
    ServiceSpec spec = Specs.replicated("web", 4);
    ServiceId id = stage.service(spec);
    stage.settle();
    for (Task task : stage.wanted(id)) {
      if (!task.slot().toString().equals("2")) {
        stage.report(task.id(), TaskState.RUNNING);
      }
    }
    stage.update(id, Specs.replicas(spec, 3));
    stage.settle();
    assertEquals(List.of("1", "3", "4"), slots(id));
  }

  @Test
  void thenWhatIsOnTheNodeThatHasMost() {
    NodeId a = stage.node("a");
    NodeId b = stage.node("b");
    stage.availability(b, Availability.PAUSE);
    ServiceSpec spec = Specs.replicated("web", 3);
    ServiceId id = stage.service(spec);
    stage.run();
    stage.availability(b, Availability.ACTIVE);
    stage.availability(a, Availability.PAUSE);
    stage.update(id, Specs.replicas(spec, 4));
    stage.run();
    stage.update(id, Specs.replicas(spec, 2));
    stage.run();
    assertEquals(List.of(a, b), stage.wanted(id).stream().map(Task::node).sorted().toList());
    assertEquals(List.of("1", "4"), slots(id));
  }

  @Test
  void thenTheHighestNumber() {
    stage.node("a");
    ServiceSpec spec = Specs.replicated("web", 5);
    ServiceId id = stage.service(spec);
    stage.run();
    stage.update(id, Specs.replicas(spec, 2));
    stage.run();
    assertEquals(List.of("1", "2"), slots(id));
  }

  @Test
  void theNumbersOfThoseThatWentAreUsedAgain() {
    stage.node("a");
    ServiceSpec spec = Specs.replicated("web", 5);
    ServiceId id = stage.service(spec);
    stage.run();
    stage.update(id, Specs.replicas(spec, 1));
    stage.run();
    stage.update(id, Specs.replicas(spec, 3));
    stage.run();
    assertEquals(List.of("1", "2", "3"), slots(id));
    stage.update(id, Specs.replicas(spec, 0));
    stage.run();
    assertEquals(List.of(), slots(id));
    assertEquals(List.of(), stage.tasks(id));
  }
}
