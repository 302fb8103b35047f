package dev.swarm.cli.sim;

import dev.swarm.core.control.node.NodeControl;
import dev.swarm.core.control.node.Voters;
import dev.swarm.core.control.service.ServiceControl;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.OrchestrationConfig;
import docker.swarmkit.v1.RemoveServiceRequest;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateNodeRequest;
import docker.swarmkit.v1.UpdateServiceRequest;
import docker.swarmkit.v1.UpdateServiceRequest.Rollback;
import docker.swarmkit.v1.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The users of the cluster: what they ask for, and what they were promised. */
final class Workload {
  private static final int SERVICES_MAX = 6;

  private final World world;
  private final Chance chance;
  private final Specs specs;
  private final List<Known> services = new ArrayList<>();
  private boolean founded;
  private boolean over;

  /** What a user knows of a service. One request on it is under way at a time. */
  private static final class Known {
    private final Set<ServiceSpec> possible = new HashSet<>();
    private final Set<ServiceSpec> ever = new HashSet<>();
    private ServiceId id = ServiceId.NONE;
    private boolean busy;
    private boolean mayBeGone;
    private boolean gone;
  }

  Workload(World world, Chance chance) {
    this.world = world;
    this.chance = chance;
    specs = new Specs(chance.split());
  }

  private Optional<SimManager.Process> leader() {
    List<SimManager.Process> leading =
        world.managers().stream()
            .flatMap(manager -> manager.process().stream())
            .filter(SimManager.Process::leads)
            .toList();
    return leading.isEmpty() ? Optional.empty() : Optional.of(chance.of(leading));
  }

  private <R> void ask(
      SimManager.Process leader,
      Decision<R> decision,
      Consumer<R> acknowledged,
      Consumer<Optional<Rejection>> otherwise) {
    boolean[] answered = new boolean[1];
    Runnable dies =
        () -> {
          if (!answered[0]) {
            answered[0] = true;
            otherwise.accept(Optional.empty());
          }
        };
    leader.atDeath(dies);
    leader
        .control()
        .submit(decision)
        .whenComplete(
            (reply, error) -> {
              if (answered[0]) {
                return;
              }
              answered[0] = true;
              leader.forgetAtDeath(dies);
              if (error == null) {
                acknowledged.accept(reply);
              } else {
                otherwise.accept(why(error));
              }
            });
  }

  /** Why it was refused; empty if nobody knows what became of it. */
  private Optional<Rejection> why(@Nullable Throwable error) {
    if (error instanceof RejectedException rejected) {
      return switch (rejected.rejection().kind()) {
        case INVALID, UNIMPLEMENTED, PERMISSION_DENIED -> {
          world.fault(rejected);
          yield Optional.empty();
        }
        case UNAVAILABLE -> Optional.empty();
        case NOT_FOUND, ALREADY_EXISTS, STALE, FAILED_PRECONDITION ->
            Optional.of(rejected.rejection());
      };
    }
    if (error instanceof Decision.FaultException && world.plantsFaults()) {
      return Optional.empty();
    }
    world.fault(error == null ? new AssertionError("no error") : error);
    return Optional.empty();
  }

  /** Has the cluster and its nodes known, until that is acknowledged. */
  void found() {
    if (founded) {
      return;
    }
    leader()
        .ifPresent(leader -> ask(leader, this::founding, done -> founded = true, refused -> {}));
    world.time().after(Duration.ofMillis(300), this::found);
  }

  private Verdict<Boolean> founding(Snapshot draft, Decision.Context context) {
    if (draft.cluster().isPresent()) {
      return Verdict.accept(List.of(), snapshot -> true);
    }
    List<Change> changes = new ArrayList<>();
    ClusterSpec spec =
        ClusterSpec.newBuilder()
            .setOrchestration(
                OrchestrationConfig.newBuilder()
                    .setTaskHistoryRetentionLimit(chance.of(List.of(0, 1, 2, 5))))
            .build();
    changes.add(
        new Change.PutCluster(
            new Cluster(
                "cluster",
                Meta.NONE,
                docker.swarmkit.v1.Cluster.newBuilder().setSpec(spec).build())));
    for (SimHost host : world.hosts()) {
      changes.add(
          new Change.PutNode(
              new Node(
                  host.nodeId(),
                  Meta.NONE,
                  NodeSpec.newBuilder().setMembership(NodeSpec.Membership.ACCEPTED).build(),
                  NodeDescription.getDefaultInstance(),
                  Node.Status.NEW,
                  Certificate.getDefaultInstance(),
                  NodeRole.WORKER)));
    }
    if (world.faults().rolesChange()) {
      world.managers().forEach(manager -> changes.add(new Change.PutNode(node(manager))));
    }
    return Verdict.accept(changes, snapshot -> true);
  }

  /** A manager's node, which has no agent here and takes no tasks. */
  private static Node node(SimManager manager) {
    return new Node(
        manager.nodeId(),
        Meta.NONE,
        NodeSpec.newBuilder()
            .setMembership(NodeSpec.Membership.ACCEPTED)
            .setAvailability(NodeSpec.Availability.DRAIN)
            .setDesiredRole(NodeRole.MANAGER)
            .build(),
        NodeDescription.getDefaultInstance(),
        Node.Status.NEW,
        Certificate.getDefaultInstance(),
        NodeRole.MANAGER);
  }

  /** As {@code node promote} and {@code node demote} do it. */
  void wish(NodeId id, NodeRole role) {
    Optional<SimManager.Process> leader = leader();
    Optional<Node> node = leader.flatMap(one -> one.control().snapshot().nodes().find(id));
    if (node.isPresent() && node.get().spec().getDesiredRole() != role) {
      world.note("wants " + id + " to be a " + role);
      update(
          leader.get(),
          node.get(),
          node.get().spec().toBuilder().setDesiredRole(role).build(),
          world.raft().asVoters());
    }
  }

  void begin() {
    world
        .time()
        .after(
            chance.millis(200, 5000),
            () -> {
              if (!over) {
                if (founded) {
                  leader().ifPresent(this::next);
                }
                begin();
              }
            });
  }

  /** Asks for nothing more, but where it was decided so, for nodes that stand by to work again. */
  void end() {
    over = true;
    if (chance.oneIn(2)) {
      activateAll();
    }
  }

  private void activateAll() {
    leader()
        .ifPresent(
            leader ->
                leader.control().snapshot().nodes().stream()
                    .filter(node -> !node.isActive() && world.isHost(node.id()))
                    .sorted(java.util.Comparator.comparing(Node::id))
                    .forEach(
                        node ->
                            update(
                                leader,
                                node,
                                node.spec().toBuilder()
                                    .setAvailability(NodeSpec.Availability.ACTIVE)
                                    .build())));
    boolean idle =
        world.laws().newest().nodes().stream()
            .allMatch(node -> node.isActive() || !world.isHost(node.id()));
    if (!idle) {
      world.time().after(Duration.ofMillis(500), this::activateAll);
    }
  }

  private void next(SimManager.Process leader) {
    List<Known> free = services.stream().filter(s -> !s.busy && !s.gone && !s.mayBeGone).toList();
    int dice = chance.below(100);
    if (free.isEmpty()
        || (dice < 25 && services.stream().filter(s -> !s.gone).count() < SERVICES_MAX)) {
      create(leader);
    } else if (dice < 65) {
      update(leader, chance.of(free));
    } else if (dice < 72) {
      rollBack(leader, chance.of(free));
    } else if (dice < 80) {
      remove(leader, chance.of(free));
    } else {
      Node node = leader.control().snapshot().nodes().get(chance.of(world.hosts()).nodeId());
      if (node != null) {
        update(leader, node, specs.node(node.spec()));
      }
    }
  }

  private void create(SimManager.Process leader) {
    Known known = new Known();
    ServiceSpec spec = specs.service("s" + services.size());
    services.add(known);
    known.busy = true;
    known.ever.add(spec);
    known.possible.add(spec);
    world.note("asks for " + Specs.words(spec));
    ask(
        leader,
        ServiceControl.create(CreateServiceRequest.newBuilder().setSpec(spec).build()),
        reply -> {
          known.id = new ServiceId(reply.getService().getId());
          known.busy = false;
          world.note("has service " + known.id);
        },
        refused -> known.gone = true); // if it came to be nevertheless, nobody relies on it
  }

  private void update(SimManager.Process leader, Known known) {
    Service now = leader.control().snapshot().services().get(known.id);
    if (now == null) {
      return; // a manager that lags; the law of writes looks at those that lead
    }
    ServiceSpec spec = specs.changed(now.spec());
    UpdateServiceRequest request =
        UpdateServiceRequest.newBuilder()
            .setServiceId(known.id.value())
            .setServiceVersion(Version.newBuilder().setIndex(now.meta().version()))
            .setSpec(spec)
            .build();
    world.note("wants of %s: %s".formatted(known.id, Specs.words(spec)));
    respecify(leader, known, request, spec);
  }

  private void rollBack(SimManager.Process leader, Known known) {
    Service now = leader.control().snapshot().services().get(known.id);
    if (now == null || now.previous().isEmpty()) {
      return;
    }
    UpdateServiceRequest request =
        UpdateServiceRequest.newBuilder()
            .setServiceId(known.id.value())
            .setServiceVersion(Version.newBuilder().setIndex(now.meta().version()))
            .setRollback(Rollback.PREVIOUS)
            .build();
    world.note("wants %s rolled back".formatted(known.id));
    respecify(leader, known, request, now.previous().get());
  }

  private void respecify(
      SimManager.Process leader, Known known, UpdateServiceRequest request, ServiceSpec spec) {
    known.busy = true;
    known.possible.add(spec);
    known.ever.add(spec);
    ask(
        leader,
        ServiceControl.update(request),
        reply -> {
          long version = reply.getService().getMeta().getVersion().getIndex();
          if (version != request.getServiceVersion().getIndex()) {
            // It was written, and with that every request made for the version before came too
            // late.
            known.possible.clear();
            known.possible.add(spec);
          }
          known.busy = false;
        },
        refused -> known.busy = false);
  }

  private void remove(SimManager.Process leader, Known known) {
    known.busy = true;
    known.mayBeGone = true;
    world.note("removes " + known.id);
    ask(
        leader,
        ServiceControl.remove(
            RemoveServiceRequest.newBuilder().setServiceId(known.id.value()).build()),
        reply -> known.gone = true,
        refused ->
            known.gone = refused.filter(r -> r.kind() == Rejection.Kind.NOT_FOUND).isPresent());
  }

  private void update(SimManager.Process leader, Node node, NodeSpec spec) {
    update(leader, node, spec, Voters.ALONE);
  }

  private void update(SimManager.Process leader, Node node, NodeSpec spec, Voters voters) {
    world.note(
        "wants of %s: %s %s"
            .formatted(
                node.hostname(), spec.getAvailability(), spec.getAnnotations().getLabelsMap()));
    ask(
        leader,
        NodeControl.update(
            UpdateNodeRequest.newBuilder()
                .setNodeId(node.id().value())
                .setNodeVersion(Version.newBuilder().setIndex(node.meta().version()))
                .setSpec(spec)
                .build(),
            voters),
        reply -> {},
        refused -> {});
  }

  /** What was acknowledged is in every later state of the history, and so in the leader's. */
  void check(Snapshot snapshot) {
    for (Known known : services) {
      if (known.id.equals(ServiceId.NONE)) {
        continue;
      }
      Service service = snapshot.services().get(known.id);
      if (service == null) {
        if (!known.mayBeGone) {
          world.broken("service " + known.id + " was acknowledged and is lost");
        }
      } else if (known.gone) {
        world.broken("service " + known.id + " was removed and is back");
      } else if (!known.possible.contains(service.spec()) && !mayHaveRolledBack(known, service)) {
        world.broken("an acknowledged update of service " + known.id + " is lost");
      }
    }
  }

  private static boolean mayHaveRolledBack(Known known, Service service) {
    return known.ever.contains(service.spec())
        && service.updateStatus().stream()
            .anyMatch(
                status ->
                    switch (status.getState()) {
                      case ROLLBACK_STARTED, ROLLBACK_PAUSED, ROLLBACK_COMPLETED -> true;
                      default -> false;
                    });
  }
}
