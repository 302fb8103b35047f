package dev.swarm.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.ByteString;
import dev.swarm.core.allocator.NetworkPlan;
import dev.swarm.core.control.network.NetworkControl;
import dev.swarm.core.control.service.ServiceControl;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.CreateNetworkRequest;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.JoinTokens;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateServiceRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A cluster without a log: every accepted decision is committed at once. */
public final class Swarm {
  public Snapshot snapshot = Snapshot.EMPTY;
  public Instant now = Instant.ofEpochSecond(1_700_000_000);
  private int drawn;

  /** Adds the network that every swarm has from its beginning. */
  public void addIngress() {
    accept(
        NetworkControl.create(
            CreateNetworkRequest.newBuilder().setSpec(NetworkPlan.ingress()).build()));
  }

  public <R> Verdict<R> decide(Decision<R> decision) {
    return decision.decide(
        snapshot,
        new Decision.Context(now, snapshot.index() + 1, () -> "id%05d".formatted(++drawn)));
  }

  @SuppressWarnings("unchecked") // the verdict is on R
  public <R> R accept(Decision<R> decision) {
    Verdict<R> verdict = decide(decision);
    if (verdict instanceof Verdict.Rejected<R> rejected) {
      throw new AssertionError("rejected: " + rejected.rejection());
    }
    var accepted = (Verdict.Accepted<R>) assertInstanceOf(Verdict.Accepted.class, verdict);
    apply(accepted.changes());
    return accepted.reply().apply(snapshot);
  }

  @SuppressWarnings("unchecked") // the verdict is on R
  public <R> Rejection reject(Decision<R> decision) {
    Snapshot before = snapshot;
    Verdict<R> verdict = decide(decision);
    assertSame(before, snapshot);
    var rejected = (Verdict.Rejected<R>) assertInstanceOf(Verdict.Rejected.class, verdict);
    return rejected.rejection();
  }

  @SuppressWarnings("unchecked") // the verdict is on R
  public <R> R query(Verdict<R> verdict) {
    var accepted = (Verdict.Accepted<R>) assertInstanceOf(Verdict.Accepted.class, verdict);
    assertEquals(List.of(), accepted.changes());
    return accepted.reply().apply(snapshot);
  }

  public void apply(List<Change> changes) {
    snapshot = snapshot.apply(snapshot.index() + 1, now, changes).snapshot();
  }

  public void apply(Change... changes) {
    apply(List.of(changes));
  }

  public Service service(String name) {
    return snapshot.serviceNamed(name).orElseThrow();
  }

  public docker.swarmkit.v1.Service create(ServiceSpec spec) {
    return accept(ServiceControl.create(createRequest(spec))).getService();
  }

  public static CreateServiceRequest createRequest(ServiceSpec spec) {
    return CreateServiceRequest.newBuilder().setSpec(spec).build();
  }

  /** An update of the service as it is now. */
  public UpdateServiceRequest updateRequest(String name, Consumer<ServiceSpec.Builder> edit) {
    Service service = service(name);
    ServiceSpec.Builder spec = service.spec().toBuilder();
    edit.accept(spec);
    UpdateServiceRequest.Builder request =
        UpdateServiceRequest.newBuilder().setServiceId(service.id().value()).setSpec(spec);
    request.getServiceVersionBuilder().setIndex(service.meta().version());
    return request.build();
  }

  public static ServiceSpec spec(String name) {
    return spec(name, spec -> {});
  }

  public static ServiceSpec spec(String name, Consumer<ServiceSpec.Builder> edit) {
    ServiceSpec.Builder spec = ServiceSpec.newBuilder();
    spec.getAnnotationsBuilder().setName(name);
    spec.getReplicatedBuilder().setReplicas(1);
    spec.getTaskBuilder().getContainerBuilder().setImage("nginx:1.27");
    edit.accept(spec);
    return spec.build();
  }

  public static PortConfig port(int published, int target) {
    return PortConfig.newBuilder().setPublishedPort(published).setTargetPort(target).build();
  }

  public NodeId node(String id, Node.State state, NodeRole role) {
    return node(id, state, role, "overlay");
  }

  /**
   * @param network the name of its only network plugin
   */
  public NodeId node(String id, Node.State state, NodeRole role, String network) {
    NodeDescription.Builder description = NodeDescription.newBuilder().setHostname("host-" + id);
    description.getEngineBuilder().addPluginsBuilder().setType("Network").setName(network);
    Node node =
        new Node(
            new NodeId(id),
            Meta.NONE,
            NodeSpec.newBuilder().setDesiredRole(role).build(),
            description.build(),
            new Node.Status(state, "", "10.0.0.1", now),
            Certificate.getDefaultInstance(),
            role);
    apply(new Change.PutNode(node));
    return node.id();
  }

  public TaskId task(String service, int slot, NodeId node, TaskState state) {
    TaskId id = new TaskId("task" + ++drawn);
    ServiceId serviceId = service(service).id();
    apply(
        new Change.CreateTask(
            id, serviceId, new Slot.Replica(slot), NodeId.NONE, TaskState.RUNNING, false),
        new Change.AdvanceTask(
            id, TaskState.NEW, node, Optional.of(TaskStatus.of(state, now, ""))));
    return id;
  }

  public void cluster() {
    docker.swarmkit.v1.Cluster.Builder object =
        docker.swarmkit.v1.Cluster.newBuilder()
            .setRootCa(
                RootCA.newBuilder()
                    .setCaKey(ByteString.copyFromUtf8("the key"))
                    .setCaCert(ByteString.copyFromUtf8("the root"))
                    .setJoinTokens(
                        JoinTokens.newBuilder().setWorker("worker-1").setManager("manager-1")));
    object.addUnlockKeysBuilder().setKey(ByteString.copyFromUtf8("unlock"));
    object.addNetworkBootstrapKeysBuilder().setKey(ByteString.copyFromUtf8("gossip"));
    object.setSpec(clusterSpec());
    apply(new Change.PutCluster(new Cluster("cluster1", Meta.NONE, object.build())));
  }

  public static ClusterSpec clusterSpec() {
    ClusterSpec.Builder spec = ClusterSpec.newBuilder();
    spec.getAnnotationsBuilder().setName("default");
    return spec.build();
  }
}
