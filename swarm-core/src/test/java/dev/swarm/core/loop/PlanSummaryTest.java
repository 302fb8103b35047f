package dev.swarm.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.orchestrator.ServiceController.ServiceKey;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Key;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.ServiceSpec;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The line that the log has of a plan. */
class PlanSummaryTest {
  private final Stage stage = new Stage();

  private String line(Key key) {
    return PlanSummary.of(key, stage.look(key).commands(), stage.snapshot());
  }

  @Test
  void saysWhatIsDoneAndWhy() {
    ServiceSpec spec = Specs.replicated("web", 2);
    ServiceId id = stage.service(spec);
    assertEquals("service web: 2 made (the service asks for it)", line(new ServiceKey(id)));
    NodeId a = stage.node("a");
    stage.run();
    stage.availability(a, Availability.DRAIN);
    assertEquals(
        "slot 1 of service web: 1 called off, 1 made (node drained: a)",
        line(new SlotKey(id, new Slot.Replica(1))));
    stage.availability(a, Availability.ACTIVE);
    stage.update(id, Specs.replicas(spec, 1));
    assertEquals("service web: 1 called off (scaled down to 1)", line(new ServiceKey(id)));
  }

  @Test
  void aLineIsToBeRead() {
    ServiceId id = stage.service(Specs.replicated("web", 1));
    List<Command> many =
        IntStream.range(0, 9)
            .<Command>mapToObj(
                code ->
                    Command.callOff(
                        new TaskId("t" + code), TaskState.SHUTDOWN, new Cause.Exited(code)))
            .toList();
    assertEquals(
        "service web: 1 called off (exited with 0); 1 called off (exited with 1);"
            + " 1 called off (exited with 2); 1 called off (exited with 3); 5 more causes",
        PlanSummary.of(new ServiceKey(id), many, stage.snapshot()));
  }
}
