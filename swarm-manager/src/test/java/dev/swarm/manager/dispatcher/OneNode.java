package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.Config;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.ConfigReference;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.SecretReference;
import docker.swarmkit.v1.ServiceSpec;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A cluster seen from one of its nodes, changed one commit at a time. */
final class OneNode {
  static final NodeId NODE = new NodeId("node");
  static final NodeId ELSEWHERE = new NodeId("elsewhere");

  Snapshot snapshot = Snapshot.EMPTY;

  /** Tasks touched since this was last emptied. */
  final Set<TaskId> changed = new TreeSet<>();

  OneNode() {
    apply(node(NODE), node(ELSEWHERE));
  }

  private static Change node(NodeId id) {
    return new Change.PutNode(
        new Node(
            id,
            Meta.NONE,
            NodeSpec.getDefaultInstance(),
            NodeDescription.getDefaultInstance(),
            Node.Status.NEW,
            Certificate.getDefaultInstance(),
            NodeRole.WORKER));
  }

  /** A service whose tasks use secrets and configs of these numbers, which exist from now on. */
  void service(String id, String image, int... uses) {
    ContainerSpec.Builder container = ContainerSpec.newBuilder().setImage(image);
    for (int number : uses) {
      String secret = "secret" + number;
      String config = "config" + number;
      container.addSecrets(SecretReference.newBuilder().setSecretId(secret));
      container.addConfigs(ConfigReference.newBuilder().setConfigId(config));
      apply(new Change.PutSecret(secret(secret)), new Change.PutConfig(config(config)));
    }
    ServiceSpec.Builder spec = ServiceSpec.newBuilder();
    spec.getAnnotationsBuilder().setName(id);
    spec.getTaskBuilder().setContainer(container);
    apply(
        new Change.PutService(
            Service.create(new ServiceId(id), spec.build(), Endpoint.getDefaultInstance(), 1)));
  }

  private static Secret secret(String id) {
    return new Secret(id, Meta.NONE, docker.swarmkit.v1.Secret.getDefaultInstance());
  }

  private static Config config(String id) {
    return new Config(id, Meta.NONE, docker.swarmkit.v1.Config.getDefaultInstance());
  }

  void create(String task, String service, int slot) {
    touch(
        task,
        new Change.CreateTask(
            new TaskId(task),
            new ServiceId(service),
            new Slot.Replica(slot),
            NodeId.NONE,
            TaskState.RUNNING,
            false));
    report(task, TaskState.PENDING);
  }

  void assign(String task, NodeId node) {
    touch(task, new Change.AssignTask(new TaskId(task), node));
  }

  /** A task that this node has been given. */
  void assigned(String task, String service, int slot) {
    create(task, service, slot);
    assign(task, NODE);
  }

  void report(String task, TaskState state) {
    TaskStatus status = TaskStatus.of(state, Instant.EPOCH, "");
    touch(task, Change.AdvanceTask.report(new TaskId(task), status));
  }

  void desire(String task, TaskState desired) {
    touch(task, Change.AdvanceTask.desire(new TaskId(task), desired));
  }

  void remove(String task) {
    touch(task, new Change.RemoveTask(new TaskId(task)));
  }

  private void touch(String task, Change change) {
    changed.add(new TaskId(task));
    apply(change);
  }

  private void apply(Change... changes) {
    snapshot = snapshot.apply(snapshot.index() + 1, Instant.EPOCH, List.of(changes)).snapshot();
  }
}
