package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.Assignment;
import docker.swarmkit.v1.AssignmentChange;
import docker.swarmkit.v1.AssignmentChange.AssignmentAction;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.ConfigReference;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Assignments as one agent was last told of them, from which its next message follows. The messages
 * of one set form a chain without gaps: each applies to what the one before resulted in.
 */
final class SentAssignments {
  private final NodeId node;
  private final BiConsumer<TaskId, String> unsendable;
  private final Map<TaskId, Sent> tasks = new HashMap<>();
  private final Map<String, Integer> secrets = new HashMap<>();
  private final Map<String, Integer> configs = new HashMap<>();
  private long sequence;

  /** A task as last sent. */
  private record Sent(TaskState desired, List<String> secrets, List<String> configs) {}

  /**
   * @param unsendable is told of a task that must not be sent, and why
   */
  SentAssignments(NodeId node, BiConsumer<TaskId, String> unsendable) {
    this.node = node;
    this.unsendable = unsendable;
  }

  /** All the node has to do, as its first message. */
  AssignmentsMessage complete(Snapshot snapshot) {
    List<TaskId> all = snapshot.tasksOnInOrder(node).map(Task::id).toList();
    List<AssignmentChange> changes = changes(snapshot, all);
    return message(AssignmentsMessage.Type.COMPLETE, "", changes);
  }

  /** What became of {@code changed} since the last message; absent if the agent need not know. */
  Optional<AssignmentsMessage> incremental(Snapshot snapshot, Collection<TaskId> changed) {
    String appliesTo = Long.toString(sequence);
    List<AssignmentChange> changes = changes(snapshot, new TreeSet<>(changed));
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of(message(AssignmentsMessage.Type.INCREMENTAL, appliesTo, changes));
  }

  private AssignmentsMessage message(
      AssignmentsMessage.Type type, String appliesTo, List<AssignmentChange> changes) {
    sequence++;
    return AssignmentsMessage.newBuilder()
        .setType(type)
        .setAppliesTo(appliesTo)
        .setResultsIn(Long.toString(sequence))
        .addAllChanges(changes)
        .build();
  }

  private List<AssignmentChange> changes(Snapshot snapshot, Collection<TaskId> ids) {
    Map<String, AssignmentChange> dependencies = new LinkedHashMap<>();
    List<AssignmentChange> changes = new ArrayList<>();
    for (TaskId id : ids) {
      Task task = snapshot.tasks().get(id);
      if (task == null || !task.node().equals(node)) {
        forget(id, dependencies, changes);
      } else if (task.isDispatched()) {
        send(snapshot, task, dependencies, changes);
      }
    }
    List<AssignmentChange> all = new ArrayList<>(dependencies.values());
    all.addAll(changes);
    return all;
  }

  /** A network as a node is told of it: one that is to keep it within itself learns that here. */
  private static Optional<Network> networkFor(Snapshot snapshot, NodeId node, String id) {
    Optional<Network> network = snapshot.networks().find(id);
    return snapshot.nodes().find(node).filter(Node::carriesOverlaysAlone).isPresent()
        ? network.map(Network::withinNode)
        : network;
  }

  /** A task whose spec names no log driver gets the cluster's. */
  private static docker.swarmkit.v1.Task withDefaults(
      Snapshot snapshot, docker.swarmkit.v1.Task wire) {
    if (wire.hasLogDriver()) {
      return wire;
    }
    Driver usual =
        snapshot
            .cluster()
            .map(cluster -> cluster.object().getSpec().getTaskDefaults().getLogDriver())
            .orElse(Driver.getDefaultInstance());
    return usual.getName().isEmpty() ? wire : wire.toBuilder().setLogDriver(usual).build();
  }

  private void send(
      Snapshot snapshot,
      Task task,
      Map<String, AssignmentChange> dependencies,
      List<AssignmentChange> changes) {
    Sent before = tasks.get(task.id());
    // A status is the agent's own word; only what is wanted of a task is news to it.
    boolean news = before == null || before.desired() != task.desired();
    boolean uses = task.isRunnable() && !task.state().isTerminal();
    List<String> secretIds = uses ? secretsOf(task) : List.of();
    List<String> configIds = uses ? configsOf(task) : List.of();
    if (news) {
      docker.swarmkit.v1.Task wire =
          withDefaults(snapshot, ToWire.task(task, id -> networkFor(snapshot, task.node(), id)));
      Optional<String> problem = WireGuard.problem(wire);
      if (problem.isPresent()) {
        unsendable.accept(task.id(), problem.get());
        return;
      }
      changes.add(update(Assignment.newBuilder().setTask(wire)));
    }
    tasks.put(task.id(), new Sent(task.desired(), secretIds, configIds));
    for (String id : secretIds) {
      if ((before == null || !before.secrets().contains(id))
          && secrets.merge(id, 1, Integer::sum) == 1) {
        snapshot
            .secrets()
            .find(id)
            .ifPresent(
                secret ->
                    dependencies.put(
                        id, update(Assignment.newBuilder().setSecret(ToWire.secret(secret)))));
      }
    }
    for (String id : configIds) {
      if ((before == null || !before.configs().contains(id))
          && configs.merge(id, 1, Integer::sum) == 1) {
        snapshot
            .configs()
            .find(id)
            .ifPresent(
                config ->
                    dependencies.put(
                        id, update(Assignment.newBuilder().setConfig(ToWire.config(config)))));
      }
    }
    if (before != null) {
      release(before, secretIds, configIds, dependencies);
    }
  }

  private void forget(
      TaskId id, Map<String, AssignmentChange> dependencies, List<AssignmentChange> changes) {
    Sent sent = tasks.remove(id);
    if (sent != null) {
      release(sent, List.of(), List.of(), dependencies);
      changes.add(
          remove(
              Assignment.newBuilder()
                  .setTask(docker.swarmkit.v1.Task.newBuilder().setId(id.value()))));
    }
  }

  private void release(
      Sent before,
      List<String> keptSecrets,
      List<String> keptConfigs,
      Map<String, AssignmentChange> dependencies) {
    for (String id : before.secrets()) {
      if (!keptSecrets.contains(id) && isLast(secrets, id)) {
        dependencies.put(
            id, remove(Assignment.newBuilder().setSecret(Secret.newBuilder().setId(id))));
      }
    }
    for (String id : before.configs()) {
      if (!keptConfigs.contains(id) && isLast(configs, id)) {
        dependencies.put(
            id, remove(Assignment.newBuilder().setConfig(Config.newBuilder().setId(id))));
      }
    }
  }

  private static boolean isLast(Map<String, Integer> uses, String id) {
    return uses.merge(id, -1, (a, b) -> a + b == 0 ? null : a + b) == null;
  }

  private static AssignmentChange update(Assignment.Builder assignment) {
    return AssignmentChange.newBuilder()
        .setAssignment(assignment)
        .setAction(AssignmentAction.UPDATE)
        .build();
  }

  private static AssignmentChange remove(Assignment.Builder assignment) {
    return AssignmentChange.newBuilder()
        .setAssignment(assignment)
        .setAction(AssignmentAction.REMOVE)
        .build();
  }

  private static List<String> secretsOf(Task task) {
    ContainerSpec spec = task.template().spec().getContainer();
    return spec.getSecretsList().stream().map(SecretReference::getSecretId).distinct().toList();
  }

  private static List<String> configsOf(Task task) {
    ContainerSpec spec = task.template().spec().getContainer();
    return spec.getConfigsList().stream().map(ConfigReference::getConfigId).distinct().toList();
  }
}
