package dev.swarm.core.control.service;

import dev.swarm.core.spec.Defaults;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.spec.RestartPolicy;
import dev.swarm.core.spec.UpdatePolicy;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Placement;
import docker.swarmkit.v1.ResourceRequirements;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.UpdateConfig;

/** Fills the cluster's defaults into a spec that is shown, never into one that is stored. */
final class ServiceDefaults {
  private ServiceDefaults() {}

  static ServiceSpec insert(ServiceSpec spec) {
    return spec.toBuilder()
        .setTask(task(spec.getTask()))
        .setUpdate(update(spec.hasUpdate(), spec.getUpdate()))
        .setRollback(update(spec.hasRollback(), spec.getRollback()))
        .build();
  }

  private static TaskSpec task(TaskSpec task) {
    TaskSpec.Builder full = task.toBuilder();
    if (task.hasContainer()) {
      full.setContainer(container(task.getContainer()));
    }
    if (!task.hasResources()) {
      full.setResources(ResourceRequirements.getDefaultInstance());
    }
    if (!task.hasPlacement()) {
      full.setPlacement(Placement.getDefaultInstance());
    }
    if (!task.hasRestart()) {
      full.getRestartBuilder().setCondition(RestartCondition.ANY);
    }
    if (!task.getRestart().hasDelay()) {
      full.getRestartBuilder().setDelay(Durations.toWire(RestartPolicy.DEFAULT.delay()));
    }
    return full.build();
  }

  private static ContainerSpec container(ContainerSpec container) {
    ContainerSpec.Builder full = container.toBuilder();
    if (!container.hasStopGracePeriod()) {
      full.setStopGracePeriod(Durations.toWire(Defaults.STOP_GRACE_PERIOD));
    }
    if (!container.hasPullOptions()) {
      full.setPullOptions(ContainerSpec.PullOptions.getDefaultInstance());
    }
    if (!container.hasDnsConfig()) {
      full.setDnsConfig(ContainerSpec.DNSConfig.getDefaultInstance());
    }
    return full.build();
  }

  private static UpdateConfig update(boolean present, UpdateConfig config) {
    UpdateConfig.Builder full =
        present
            ? config.toBuilder()
            : UpdateConfig.newBuilder()
                .setParallelism(UpdatePolicy.DEFAULT.parallelism())
                .setFailureAction(UpdatePolicy.DEFAULT.failureAction());
    if (!config.hasMonitor()) {
      full.setMonitor(Durations.toWire(UpdatePolicy.DEFAULT.monitor()));
    }
    return full.build();
  }
}
