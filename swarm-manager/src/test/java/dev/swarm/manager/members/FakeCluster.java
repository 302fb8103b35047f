package dev.swarm.manager.members;

import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.CommitListener;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides and commits on the caller's thread, tells who listens, and fails when a test says so. */
final class FakeCluster implements Requests {
  private final List<CommitListener> listeners = new ArrayList<>();
  private Snapshot snapshot = Snapshot.EMPTY;
  boolean broken;
  int submitted;

  void listen(CommitListener listener) {
    listeners.add(listener);
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public <R> CompletionStage<R> submit(Decision<R> decision) {
    submitted++;
    if (broken) {
      return CompletableFuture.failedFuture(new IllegalStateException("no majority"));
    }
    Decision.Context context =
        new Decision.Context(Instant.EPOCH, snapshot.index() + 1, () -> "unused");
    return switch (decision.decide(snapshot, context)) {
      case Verdict.Rejected<R> rejected ->
          CompletableFuture.failedFuture(new Rejection.RejectedException(rejected.rejection()));
      case Verdict.Accepted<R> accepted -> {
        commit(accepted.changes());
        yield CompletableFuture.completedFuture(accepted.reply().apply(snapshot));
      }
    };
  }

  void commit(List<Change> changes) {
    var applied = snapshot.apply(snapshot.index() + 1, Instant.EPOCH, changes);
    snapshot = applied.snapshot();
    listeners.forEach(listener -> listener.committed(snapshot, List.of(applied.delta())));
  }

  void commit(Change change) {
    commit(List.of(change));
  }

  /** A node that has one role and is to have another. */
  static Node node(String id, NodeRole role, NodeRole desired) {
    return new Node(
        new NodeId(id),
        Meta.NONE,
        NodeSpec.newBuilder()
            .setDesiredRole(desired)
            .setMembership(NodeSpec.Membership.ACCEPTED)
            .build(),
        NodeDescription.getDefaultInstance(),
        Node.Status.NEW,
        Certificate.getDefaultInstance(),
        role);
  }

  void put(String id, NodeRole role, NodeRole desired) {
    commit(new Change.PutNode(node(id, role, desired)));
  }

  void wish(String id, NodeRole desired) {
    Node node = get(id);
    commit(
        new Change.PutNode(node.withSpec(node.spec().toBuilder().setDesiredRole(desired).build())));
  }

  Node get(String id) {
    return snapshot.nodes().find(new NodeId(id)).orElseThrow();
  }

  NodeRole role(String id) {
    return get(id).role();
  }
}
