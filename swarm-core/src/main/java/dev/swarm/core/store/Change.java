package dev.swarm.core.store;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Attempt;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.Optional;

/**
 * One committed step of the cluster's state. Applying one to a state it no longer fits (its task is
 * gone, say) does nothing, equally on every manager.
 */
public sealed interface Change {
  record PutCluster(Cluster cluster) implements Change {}

  record PutNode(Node node) implements Change {}

  record RemoveNode(NodeId id) implements Change {}

  record PutService(Service service) implements Change {}

  record RemoveService(ServiceId id) implements Change {}

  record PutNetwork(Network network) implements Change {}

  record RemoveNetwork(String id) implements Change {}

  record PutSecret(Secret secret) implements Change {}

  record RemoveSecret(String id) implements Change {}

  record PutConfig(Config config) implements Change {}

  record RemoveConfig(String id) implements Change {}

  /**
   * A new task in a slot, running the service's spec as it is when this is applied.
   *
   * @param node preset for a global service, otherwise {@link NodeId#NONE}
   * @param attempt which try of its slot it is, and why it is made
   * @param late whether it gets no node before its time has come: what failed while it was prepared
   *     would only fail again at once
   */
  record CreateTask(
      TaskId id,
      ServiceId service,
      Slot slot,
      NodeId node,
      TaskState desired,
      Attempt attempt,
      boolean late)
      implements Change {
    /** One that follows no failure. */
    public CreateTask(
        TaskId id, ServiceId service, Slot slot, NodeId node, TaskState desired, boolean restart) {
      this(id, service, slot, node, desired, Attempt.after(restart, 0, Cause.Plain.NONE), false);
    }
  }

  /**
   * Moves a task on. Neither its desired state nor its state ever goes back, and how it ended first
   * is how it ended: what says otherwise is ignored.
   *
   * @param desired {@link TaskState#NEW} leaves it
   * @param node {@link NodeId#NONE} leaves it; ignored for a task that has one
   * @param cause why it is called off; {@link Cause.Plain#NONE} where it is not
   */
  record AdvanceTask(
      TaskId id, TaskState desired, NodeId node, Optional<TaskStatus> status, Cause cause)
      implements Change {
    public AdvanceTask(TaskId id, TaskState desired, NodeId node, Optional<TaskStatus> status) {
      this(id, desired, node, status, Cause.Plain.NONE);
    }

    public static AdvanceTask desire(TaskId id, TaskState desired, Cause cause) {
      return new AdvanceTask(id, desired, NodeId.NONE, Optional.empty(), cause);
    }

    public static AdvanceTask desire(TaskId id, TaskState desired) {
      return desire(id, desired, Cause.Plain.NONE);
    }

    public static AdvanceTask report(TaskId id, TaskStatus status) {
      return new AdvanceTask(id, TaskState.NEW, NodeId.NONE, Optional.of(status));
    }
  }

  /**
   * Gives a task that waits for one its node. Ignored once the task has moved on.
   *
   * @param networks its places on networks
   * @param claims what it gets of the node's generic resources
   */
  record AssignTask(TaskId id, NodeId node, List<Attachment> networks, List<Claim> claims)
      implements Change {
    public AssignTask(TaskId id, NodeId node) {
      this(id, node, List.of(), List.of());
    }
  }

  /**
   * A task of no service: it stands for a container that its node runs of its own accord, and gives
   * that a place on networks. It is removed by whoever asked for it, or when its node is gone.
   */
  record AttachTask(TaskId id, NodeId node, TaskSpec spec, List<Attachment> networks)
      implements Change {}

  record RemoveTask(TaskId id) implements Change {}
}
