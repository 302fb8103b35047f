package dev.swarm.manager.servicelogs;

import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.ServiceSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The state that a broker looks at, changed by commits. */
final class FakeCluster {
  Snapshot snapshot = Snapshot.EMPTY;
  Consumer<Delta> commits = delta -> {};
  private int drawn;

  String nextId() {
    return "id" + ++drawn;
  }

  void service(String id) {
    ServiceSpec.Builder spec = ServiceSpec.newBuilder();
    spec.getAnnotationsBuilder().setName(id);
    spec.getTaskBuilder().getContainerBuilder().setImage("nginx");
    apply(
        new Change.PutService(
            Service.create(new ServiceId(id), spec.build(), Endpoint.getDefaultInstance(), 1)));
  }

  void node(String id, Node.State state) {
    apply(
        new Change.PutNode(
            new Node(
                new NodeId(id),
                Meta.NONE,
                NodeSpec.getDefaultInstance(),
                NodeDescription.getDefaultInstance(),
                new Node.Status(state, "", "", Instant.EPOCH),
                Certificate.getDefaultInstance(),
                NodeRole.WORKER)));
  }

  void removeNode(String id) {
    apply(new Change.RemoveNode(new NodeId(id)));
  }

  void task(String id, String service, int slot, String node, TaskState state) {
    apply(
        new Change.CreateTask(
            new TaskId(id),
            new ServiceId(service),
            new Slot.Replica(slot),
            new NodeId(node),
            TaskState.RUNNING,
            false));
    apply(Change.AdvanceTask.report(new TaskId(id), TaskStatus.of(state, Instant.EPOCH, "")));
  }

  void assign(String task, String node) {
    apply(
        new Change.AdvanceTask(
            new TaskId(task),
            TaskState.NEW,
            new NodeId(node),
            Optional.of(TaskStatus.of(TaskState.ASSIGNED, Instant.EPOCH, ""))));
  }

  private void apply(Change change) {
    Snapshot.Step step = snapshot.apply(snapshot.index() + 1, Instant.EPOCH, List.of(change));
    snapshot = step.snapshot();
    commits.accept(step.delta());
  }
}
