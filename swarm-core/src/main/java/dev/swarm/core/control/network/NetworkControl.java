package dev.swarm.core.control.network;

import dev.swarm.core.allocator.NetworkPlan;
import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.Networks;
import dev.swarm.core.control.References;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Task;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.CreateNetworkRequest;
import docker.swarmkit.v1.CreateNetworkResponse;
import docker.swarmkit.v1.GetNetworkRequest;
import docker.swarmkit.v1.GetNetworkResponse;
import docker.swarmkit.v1.ListNetworksRequest;
import docker.swarmkit.v1.ListNetworksResponse;
import docker.swarmkit.v1.NetworkAttachmentConfig;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.RemoveNetworkRequest;
import docker.swarmkit.v1.RemoveNetworkResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Creates, lists and removes networks. A network has its subnets and VXLAN ids from its creation
 * on.
 */
public final class NetworkControl {
  private static final String KIND = "network";

  private NetworkControl() {}

  public static Decision<CreateNetworkResponse> create(CreateNetworkRequest request) {
    NetworkSpec spec = request.getSpec();
    return Refuse.unless(
        NetworkRules.check(request.hasSpec(), spec),
        () -> (draft, context) -> create(spec, draft, context));
  }

  private static Verdict<CreateNetworkResponse> create(
      NetworkSpec spec, Snapshot draft, Decision.Context context) {
    Optional<Rejection> taken = taken(spec, draft);
    if (taken.isPresent()) {
      return Verdict.reject(taken.get());
    }
    NetworkPlan plan = NetworkPlan.of(spec, draft);
    if (plan.refused().isPresent()) {
      return Verdict.reject(Refuse.precondition(plan.refused().get()));
    }
    Network made = new Network(context.ids().next(), Meta.NONE, plan.object());
    Meta touched = made.meta().touched(context.index(), context.now().toEpochMilli());
    return Verdict.accept(
        List.of(new Change.PutNetwork(made)),
        snapshot ->
            CreateNetworkResponse.newBuilder()
                .setNetwork(
                    ToWire.network(
                        snapshot
                            .networks()
                            .find(made.id())
                            .orElseGet(() -> made.withMeta(touched))))
                .build());
  }

  private static Optional<Rejection> taken(NetworkSpec spec, Snapshot draft) {
    String name = spec.getAnnotations().getName();
    if (Networks.named(name, draft).isPresent()) {
      return Optional.of(Refuse.exists("network %s already exists".formatted(name)));
    }
    Optional<Network> ingress = spec.getIngress() ? Networks.ingress(draft) : Optional.empty();
    return ingress.map(
        other ->
            Refuse.exists(
                "ingress network %s (%s) is already present: remove it first"
                    .formatted(other.name(), other.id())));
  }

  /** By id, or by name where no id is given. */
  public static Verdict<GetNetworkResponse> get(Snapshot snapshot, GetNetworkRequest request) {
    String key = request.getNetworkId().isEmpty() ? request.getName() : request.getNetworkId();
    return Networks.find(key, snapshot)
        .map(network -> GetNetworkResponse.newBuilder().setNetwork(ToWire.network(network)).build())
        .map(response -> Verdict.accept(List.of(), same -> response))
        .orElseGet(() -> Verdict.reject(Refuse.notFound(KIND, key)));
  }

  /** Networks that meet every kind of filter given, in order of their ids. */
  public static ListNetworksResponse list(Snapshot snapshot, ListNetworksRequest request) {
    ListNetworksRequest.Filters filters = request.getFilters();
    ListNetworksResponse.Builder response = ListNetworksResponse.newBuilder();
    snapshot.networks().stream()
        .filter(
            network ->
                ListFilters.all(
                    filters.getNamesList(),
                    filters.getNamePrefixesList(),
                    filters.getIdPrefixesList(),
                    filters.getLabelsMap(),
                    network.id(),
                    network.object().getSpec().getAnnotations()))
        .sorted(Comparator.comparing(Network::id))
        .forEach(network -> response.addNetworks(ToWire.network(network)));
    return response.build();
  }

  /** By id, or by name where no id is given; refused while a service or a task uses the network. */
  public static Decision<RemoveNetworkResponse> remove(RemoveNetworkRequest request) {
    String key = request.getNetworkId().isEmpty() ? request.getName() : request.getNetworkId();
    return (draft, context) -> {
      Optional<Network> found = Networks.find(key, draft);
      if (found.isEmpty()) {
        return Verdict.reject(Refuse.notFound(KIND, key));
      }
      Network network = found.get();
      if (network.isPredefined()) {
        return Verdict.reject(
            Refuse.precondition(
                "network %s (%s) is a swarm predefined network and cannot be removed"
                    .formatted(network.name(), network.id())));
      }
      return (network.object().getSpec().getIngress()
              ? ingressInUse(network, draft)
              : inUse(network, draft))
          .map(why -> Verdict.<RemoveNetworkResponse>reject(Refuse.precondition(why)))
          .orElseGet(
              () ->
                  Verdict.accept(
                      List.of(new Change.RemoveNetwork(network.id())),
                      snapshot -> RemoveNetworkResponse.getDefaultInstance()));
    };
  }

  private static Optional<String> inUse(Network network, Snapshot draft) {
    return References.inUse(
            KIND,
            network.name(),
            draft,
            spec -> References.networks(spec).anyMatch(target -> names(target, network)))
        .or(
            () ->
                draft.tasks().stream()
                    .filter(task -> isLive(task) && uses(task, network))
                    .min(Comparator.comparing(Task::id))
                    .map(
                        task ->
                            "network '%s' is in use by task %s"
                                .formatted(network.name(), task.id())));
  }

  private static boolean isLive(Task task) {
    return task.isRunnable() && !task.state().isTerminal();
  }

  private static boolean uses(Task task, Network network) {
    return task.template().spec().getNetworksList().stream()
        .map(NetworkAttachmentConfig::getTarget)
        .anyMatch(target -> names(target, network));
  }

  private static boolean names(String target, Network network) {
    return target.equals(network.id()) || target.equalsIgnoreCase(network.name());
  }

  private static Optional<String> ingressInUse(Network network, Snapshot draft) {
    return draft.services().stream()
        .filter(service -> Networks.publishesToIngress(service.spec()))
        .map(Service::name)
        .min(Comparator.naturalOrder())
        .map(
            name ->
                "the ingress network cannot be removed because service %s depends on it"
                    .formatted(name))
        .or(() -> stillOn(network, draft));
  }

  // An engine that must let go of it too early can have no other until it is started anew.
  private static Optional<String> stillOn(Network network, Snapshot draft) {
    return draft.tasks().stream()
        .filter(Task::holdsAddresses)
        .filter(task -> task.networks().stream().anyMatch(p -> p.network().equals(network.id())))
        .min(Comparator.comparing(Task::id))
        .map(
            task ->
                "the ingress network cannot be removed because task %s has not stopped yet"
                    .formatted(task.id()));
  }
}
