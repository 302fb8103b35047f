package dev.swarm.core.stage;

import dev.swarm.core.spec.Durations;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.EndpointSpec;
import docker.swarmkit.v1.GlobalJob;
import docker.swarmkit.v1.GlobalService;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.ReplicatedJob;
import docker.swarmkit.v1.ReplicatedService;
import docker.swarmkit.v1.RestartPolicy;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.UpdateConfig;
import java.time.Duration;
import java.util.function.Consumer;

/** Service specs in few words. */
public final class Specs {
  private Specs() {}

  public static ServiceSpec replicated(String name, int replicas) {
    return ServiceSpec.newBuilder()
        .setAnnotations(Annotations.newBuilder().setName(name))
        .setTask(TaskSpec.newBuilder().setContainer(ContainerSpec.newBuilder().setImage("one")))
        .setReplicated(ReplicatedService.newBuilder().setReplicas(replicas))
        .build();
  }

  public static ServiceSpec global(String name) {
    return replicated(name, 0).toBuilder().setGlobal(GlobalService.getDefaultInstance()).build();
  }

  public static ServiceSpec job(String name, int completions, int concurrent) {
    return replicated(name, 0).toBuilder()
        .setReplicatedJob(
            ReplicatedJob.newBuilder()
                .setTotalCompletions(completions)
                .setMaxConcurrent(concurrent))
        .build();
  }

  public static ServiceSpec globalJob(String name) {
    return replicated(name, 0).toBuilder().setGlobalJob(GlobalJob.getDefaultInstance()).build();
  }

  public static ServiceSpec with(ServiceSpec spec, Consumer<ServiceSpec.Builder> change) {
    ServiceSpec.Builder builder = spec.toBuilder();
    change.accept(builder);
    return builder.build();
  }

  public static ServiceSpec image(ServiceSpec spec, String image) {
    return with(spec, s -> s.getTaskBuilder().getContainerBuilder().setImage(image));
  }

  public static ServiceSpec replicas(ServiceSpec spec, int replicas) {
    return with(spec, s -> s.getReplicatedBuilder().setReplicas(replicas));
  }

  public static ServiceSpec cpus(ServiceSpec spec, long cpus) {
    return with(
        spec,
        s ->
            s.getTaskBuilder()
                .getResourcesBuilder()
                .getReservationsBuilder()
                .setNanoCpus(cpus * 1_000_000_000));
  }

  public static ServiceSpec port(ServiceSpec spec, int port) {
    return with(
        spec,
        s ->
            s.setEndpoint(
                EndpointSpec.newBuilder()
                    .addPorts(
                        PortConfig.newBuilder()
                            .setTargetPort(80)
                            .setPublishedPort(port)
                            .setPublishMode(PortConfig.PublishMode.HOST))));
  }

  public static ServiceSpec meshPort(ServiceSpec spec, int port) {
    return with(
        spec,
        s ->
            s.getEndpointBuilder()
                .addPorts(PortConfig.newBuilder().setTargetPort(80).setPublishedPort(port)));
  }

  public static ServiceSpec network(ServiceSpec spec, String target) {
    return with(spec, s -> s.getTaskBuilder().addNetworksBuilder().setTarget(target));
  }

  public static ServiceSpec constraint(ServiceSpec spec, String constraint) {
    return with(spec, s -> s.getTaskBuilder().getPlacementBuilder().addConstraints(constraint));
  }

  public static ServiceSpec restart(ServiceSpec spec, RestartCondition condition, Duration delay) {
    return with(
        spec,
        s ->
            s.getTaskBuilder()
                .setRestart(
                    RestartPolicy.newBuilder()
                        .setCondition(condition)
                        .setDelay(Durations.toWire(delay))));
  }

  public static ServiceSpec attempts(ServiceSpec spec, long max, Duration window) {
    return with(
        spec,
        s ->
            s.getTaskBuilder()
                .getRestartBuilder()
                .setMaxAttempts(max)
                .setWindow(Durations.toWire(window)));
  }

  public static ServiceSpec update(ServiceSpec spec, Consumer<UpdateConfig.Builder> change) {
    return with(spec, s -> change.accept(s.getUpdateBuilder()));
  }
}
