package dev.swarm.cli.sim;

import com.google.protobuf.Duration;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.EndpointSpec;
import docker.swarmkit.v1.GlobalService;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.Placement;
import docker.swarmkit.v1.PlacementPreference;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.ReplicatedService;
import docker.swarmkit.v1.ResourceRequirements;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.RestartPolicy;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.SpreadOver;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.UpdateConfig;
import docker.swarmkit.v1.UpdateConfig.FailureAction;
import docker.swarmkit.v1.UpdateConfig.UpdateOrder;
import java.util.List;

/** What users may come to wish for. */
final class Specs {
  private static final int REPLICAS_MAX = 7;

  private final Chance chance;
  private int images;

  Specs(Chance chance) {
    this.chance = chance;
  }

  ServiceSpec service(String name) {
    ServiceSpec.Builder spec =
        ServiceSpec.newBuilder()
            .setAnnotations(Annotations.newBuilder().setName(name))
            .setTask(task());
    if (chance.percent(20)) {
      spec.setGlobal(GlobalService.getDefaultInstance());
    } else {
      spec.setReplicated(ReplicatedService.newBuilder().setReplicas(chance.below(REPLICAS_MAX)));
    }
    if (chance.percent(70)) {
      spec.setUpdate(update());
    }
    if (chance.percent(40)) {
      spec.setRollback(update());
    }
    if (chance.percent(15)) {
      spec.setEndpoint(endpoint());
    }
    return spec.build();
  }

  /** A spec like {@code old} with something else in it. */
  ServiceSpec changed(ServiceSpec old) {
    ServiceSpec.Builder spec = old.toBuilder();
    switch (chance.below(8)) {
      case 0, 1 -> {
        if (old.hasReplicated()) {
          spec.setReplicated(
              ReplicatedService.newBuilder().setReplicas(chance.below(REPLICAS_MAX)));
        } else {
          spec.getTaskBuilder().getContainerBuilder().setImage(image());
        }
      }
      case 2, 3, 4 -> spec.getTaskBuilder().getContainerBuilder().setImage(image());
      case 5 -> spec.getTaskBuilder().setPlacement(placement());
      case 6 -> spec.setTask(task());
      default -> {
        spec.setUpdate(update());
        if (chance.oneIn(2)) {
          spec.setEndpoint(chance.oneIn(2) ? endpoint() : EndpointSpec.getDefaultInstance());
        }
      }
    }
    return spec.build();
  }

  private String image() {
    return "image:" + images++;
  }

  private TaskSpec task() {
    TaskSpec.Builder task =
        TaskSpec.newBuilder()
            .setContainer(
                ContainerSpec.newBuilder()
                    .setImage(image())
                    .addCommand(chance.percent(10) ? "finish" : "serve"))
            .setPlacement(placement());
    if (chance.percent(60)) {
      task.setResources(
          ResourceRequirements.newBuilder()
              .setReservations(
                  Resources.newBuilder()
                      .setNanoCpus(chance.of(List.of(0L, 250_000_000L, 1_000_000_000L)))
                      .setMemoryBytes(chance.of(List.of(0L, 256L << 20, 1L << 30)))));
    }
    if (chance.percent(75)) {
      task.setRestart(restart());
    }
    if (task.getContainer().getCommand(0).equals("finish")
        && (!task.hasRestart() || task.getRestart().getCondition() == RestartCondition.ANY)) {
      // Started over and over it would never come to rest.
      task.getRestartBuilder().setCondition(RestartCondition.ON_FAILURE);
    }
    return task.build();
  }

  private RestartPolicy restart() {
    RestartPolicy.Builder restart =
        RestartPolicy.newBuilder()
            .setCondition(
                chance.of(
                    List.of(
                        RestartCondition.ANY,
                        RestartCondition.ANY,
                        RestartCondition.ON_FAILURE,
                        RestartCondition.NONE)))
            .setDelay(millis(chance.of(List.of(0, 200, 1500))));
    if (chance.percent(25)) {
      restart.setMaxAttempts(chance.below(4));
      restart.setWindow(millis(chance.of(List.of(0, 20_000))));
    }
    return restart.build();
  }

  private Placement placement() {
    Placement.Builder placement = Placement.newBuilder();
    switch (chance.below(8)) {
      case 0 -> placement.addConstraints("node.labels.zone==a");
      case 1 -> placement.addConstraints("node.labels.zone!=b");
      case 2 -> placement.addConstraints("node.hostname!=host-0");
      default -> {}
    }
    if (chance.percent(15)) {
      placement.setMaxReplicas(1 + chance.below(2));
    }
    if (chance.percent(20)) {
      placement.addPreferences(
          PlacementPreference.newBuilder()
              .setSpread(SpreadOver.newBuilder().setSpreadDescriptor("node.labels.zone")));
    }
    return placement.build();
  }

  private UpdateConfig update() {
    return UpdateConfig.newBuilder()
        .setParallelism(chance.below(3))
        .setDelay(millis(chance.of(List.of(0, 0, 800))))
        .setMonitor(millis(chance.of(List.of(200, 1000, 5000))))
        .setFailureAction(
            chance.of(List.of(FailureAction.PAUSE, FailureAction.CONTINUE, FailureAction.ROLLBACK)))
        .setMaxFailureRatio(chance.of(List.of(0f, 0.3f)))
        .setOrder(chance.of(List.of(UpdateOrder.STOP_FIRST, UpdateOrder.START_FIRST)))
        .build();
  }

  private EndpointSpec endpoint() {
    return EndpointSpec.newBuilder()
        .addPorts(
            PortConfig.newBuilder()
                .setTargetPort(80)
                .setPublishedPort(8000 + chance.below(3))
                .setPublishMode(PortConfig.PublishMode.HOST))
        .build();
  }

  NodeSpec node(NodeSpec old) {
    NodeSpec.Builder spec = old.toBuilder();
    if (chance.percent(60)) {
      spec.setAvailability(
          chance.of(
              List.of(
                  Availability.ACTIVE,
                  Availability.ACTIVE,
                  Availability.ACTIVE,
                  Availability.PAUSE,
                  Availability.DRAIN)));
    } else {
      spec.getAnnotationsBuilder().putLabels("zone", chance.of(List.of("a", "b", "c")));
    }
    return spec.build();
  }

  private static Duration millis(int millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1000)
        .setNanos(millis % 1000 * 1_000_000)
        .build();
  }

  static String words(ServiceSpec spec) {
    return com.google.protobuf.TextFormat.printer().emittingSingleLine(true).printToString(spec);
  }
}
