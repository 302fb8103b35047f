package dev.swarm.cli.embed;

import com.google.protobuf.Any;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.Manager;
import dev.swarm.worker.Worker;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.GenericRuntimeSpec;
import docker.swarmkit.v1.ReplicatedService;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.UpdateServiceRequest;
import java.util.ArrayList;
import java.util.List;

/** A manager, two workers and a service, all in this JVM. */
final class EmbeddedSwarm {
  private EmbeddedSwarm() {}

  /** Runs {@code program} in two tasks, then in five. */
  static void run(Runnable program) {
    try (Manager manager = Manager.inMemory()) {
      manager.ready().toCompletableFuture().join();
      List<Worker> workers = new ArrayList<>();
      for (String host : List.of("host-1", "host-2")) {
        NodeId id = manager.admitWorker().toCompletableFuture().join();
        workers.add(
            Worker.builder()
                .nodeId(id::value)
                .hostname(host)
                .engine(new ThreadEngine(program))
                .manager(() -> manager.link(id))
                .build());
      }
      workers.forEach(Worker::start);
      workers.forEach(worker -> worker.registered().toCompletableFuture().join());

      ControlGrpc.ControlBlockingStub control = ControlGrpc.newBlockingStub(manager.localChannel());
      Service service =
          control
              .createService(CreateServiceRequest.newBuilder().setSpec(spec(2)).build())
              .getService();
      ServiceId id = new ServiceId(service.getId());
      manager.when(state -> running(state, id) == 2).toCompletableFuture().join();

      control.updateService(
          UpdateServiceRequest.newBuilder()
              .setServiceId(service.getId())
              .setServiceVersion(service.getMeta().getVersion())
              .setSpec(spec(5))
              .build());
      manager.when(state -> running(state, id) == 5).toCompletableFuture().join();

      workers.forEach(worker -> worker.leave().toCompletableFuture().join());
    }
  }

  private static ServiceSpec spec(long replicas) {
    Any payload = Any.newBuilder().setTypeUrl("example.com/nothing-to-say").build();
    return ServiceSpec.newBuilder()
        .setAnnotations(Annotations.newBuilder().setName("example"))
        .setTask(
            TaskSpec.newBuilder()
                .setGeneric(
                    GenericRuntimeSpec.newBuilder().setKind(ThreadEngine.KIND).setPayload(payload)))
        .setReplicated(ReplicatedService.newBuilder().setReplicas(replicas))
        .build();
  }

  private static long running(Snapshot state, ServiceId service) {
    return state.tasks().stream()
        .filter(task -> task.serviceId().equals(service) && task.state() == TaskState.RUNNING)
        .count();
  }
}
