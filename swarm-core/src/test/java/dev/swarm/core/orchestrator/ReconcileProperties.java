package dev.swarm.core.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.orchestrator.ServiceController.ServiceKey;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.spec.ServiceMode;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateConfig.UpdateOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of the controllers together, from whatever state they find. */
class ReconcileProperties {

  private static ServiceSpec wish(Random dice, String name) {
    ServiceSpec spec =
        dice.nextInt(4) == 0 ? Specs.global(name) : Specs.replicated(name, dice.nextInt(7));
    spec = Specs.image(spec, "image" + dice.nextInt(3));
    if (dice.nextBoolean()) {
      RestartCondition condition = RestartCondition.forNumber(dice.nextInt(3));
      spec = Specs.restart(spec, condition, Duration.ofSeconds(dice.nextInt(3)));
    }
    if (dice.nextInt(3) == 0) {
      spec = Specs.constraint(spec, "node.labels.zone!=z1");
    }
    boolean startFirst = dice.nextBoolean();
    int parallelism = dice.nextInt(3);
    return Specs.update(
        spec,
        update ->
            update
                .setParallelism(parallelism)
                .setOrder(startFirst ? UpdateOrder.START_FIRST : UpdateOrder.STOP_FIRST));
  }

  /** Anything may happen between two looks of the controllers. */
  private static Stage troubled(Random dice) {
    Stage stage = new Stage();
    stage.historyLimit(dice.nextInt(4));
    List<NodeId> nodes = new ArrayList<>();
    for (int i = dice.nextInt(4); i >= 0; i--) {
      nodes.add(stage.node("n" + i));
    }
    List<ServiceId> services = new ArrayList<>();
    for (int step = dice.nextInt(25); step >= 0; step--) {
      NodeId node = nodes.get(dice.nextInt(nodes.size()));
      switch (dice.nextInt(9)) {
        case 0 -> services.add(stage.service(wish(dice, "s" + services.size())));
        case 1 -> stage.availability(node, Availability.forNumber(dice.nextInt(3)));
        case 2 -> stage.state(node, Node.State.values()[dice.nextInt(3)]);
        case 3 -> stage.label(node, "zone", "z" + dice.nextInt(2));
        case 4 -> {
          for (Task task : stage.tasks()) {
            if (task.isDispatched() && dice.nextInt(3) == 0) {
              stage.report(task.id(), TaskState.values()[3 + dice.nextInt(9)]);
            }
          }
        }
        case 5 -> {
          if (!services.isEmpty()) {
            ServiceId id = services.get(dice.nextInt(services.size()));
            Service service = stage.service(id);
            ServiceSpec next = wish(dice, service.name());
            if (next.hasGlobal() == service.mode().isGlobal()) {
              stage.update(id, next);
            }
          }
        }
        case 6 -> stage.failOver();
        case 7 -> stage.round();
        default -> stage.pass(Duration.ofMillis(dice.nextInt(4000)));
      }
    }
    return stage;
  }

  @Property(tries = 300)
  void theControllersAgreeAndThenAskForNothing(@ForAll int seed) {
    Stage stage = troubled(new Random(seed));
    stage.settle();
    assertEquals(0, stage.round());
  }

  @Property(tries = 300)
  void oneLookAtAServiceIsEnough(@ForAll int seed) {
    Stage stage = troubled(new Random(seed));
    for (Service service : List.copyOf(stage.snapshot().services().values())) {
      Key key = new ServiceKey(service.id());
      Plan plan;
      int looks = 0;
      do {
        plan = stage.look(key);
        stage.carryOut(plan);
        assertTrue(++looks < 10, "it never has enough");
      } while (plan.more());
      Plan again = stage.look(key);
      assertTrue(again.commands().isEmpty() || isUpdateOnly(again), () -> "asked again: " + again);
    }
  }

  // Slots that were filled first are updated next.
  private static boolean isUpdateOnly(Plan plan) {
    return plan.commands().stream()
        .allMatch(
            command ->
                switch (command) {
                  case dev.swarm.core.plan.Command.Create create -> !create.attempt().restart();
                  case dev.swarm.core.plan.Command.Make make ->
                      make.change() instanceof Change.PutService
                          || make.change() instanceof Change.AdvanceTask;
                  case dev.swarm.core.plan.Command.Draw ignored -> false;
                });
  }

  @Property(tries = 300)
  void aSlotIsWantedOnceOrTwiceWhileTheNewStartsFirst(@ForAll int seed) {
    Stage stage = troubled(new Random(seed));
    stage.settle();
    Map<List<Object>, Long> wanted =
        stage.tasks().stream()
            .filter(task -> task.desired() == TaskState.RUNNING && !task.state().isTerminal())
            .collect(
                Collectors.groupingBy(
                    task -> List.<Object>of(task.serviceId(), task.slot()), Collectors.counting()));
    wanted.forEach(
        (slot, count) -> assertTrue(count <= 2, slot + " is wanted " + count + " times"));
  }

  @Property(tries = 300)
  void whenNothingIsWrongAnyMoreTheServicesAreAsAsked(@ForAll int seed) {
    Random dice = new Random(seed);
    Stage stage = troubled(dice);
    List<NodeId> nodes = stage.snapshot().nodes().keys().stream().sorted().toList();
    for (NodeId node : nodes) {
      stage.state(node, Node.State.READY);
      stage.label(node, "zone", "z0");
      stage.availability(node, Availability.ACTIVE);
    }
    for (int i = 0; i < 40; i++) {
      stage.run();
      stage.pass(Duration.ofSeconds(10));
    }
    for (Service service : stage.snapshot().services().values()) {
      Set<Slot> filled =
          stage.tasks(service.id()).stream()
              .filter(t -> t.isRunnable() || endedForGood(service, t))
              .map(Task::slot)
              .collect(Collectors.toSet());
      int expected =
          service.mode() instanceof ServiceMode.Replicated(int replicas) ? replicas : nodes.size();
      assertEquals(expected, filled.size(), () -> service + " has " + stage.tasks(service.id()));
    }
  }

  private static boolean endedForGood(Service service, Task task) {
    boolean byItself =
        task.state() == TaskState.COMPLETE
            || task.state() == TaskState.FAILED
            || task.state() == TaskState.REJECTED;
    return byItself
        && service.template().runsLike(task.template())
        && service.template().policy().restart().condition()
            != dev.swarm.core.spec.RestartPolicy.Condition.ANY;
  }

  @Property(tries = 100)
  void shrinkingLeavesAsManyAsAsked(
      @ForAll @IntRange(max = 20) int from, @ForAll @IntRange(max = 20) int to) {
    Stage stage = new Stage();
    stage.node("a");
    stage.node("b");
    stage.node("c");
    ServiceSpec spec = Specs.replicated("web", from);
    ServiceId id = stage.service(spec);
    stage.run();
    stage.update(id, Specs.replicas(spec, to));
    stage.run();
    assertEquals(to, stage.wanted(id).size());
    Map<NodeId, Long> perNode =
        stage.wanted(id).stream().collect(Collectors.groupingBy(Task::node, Collectors.counting()));
    perNode.values().forEach(n -> assertTrue(n <= (to + 2) / 3, perNode.toString()));
  }
}
