package dev.swarm.core.control.cluster;

import dev.swarm.core.allocator.NetworkPlan;
import dev.swarm.core.control.Checks;
import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.GetClusterRequest;
import docker.swarmkit.v1.GetClusterResponse;
import docker.swarmkit.v1.JoinTokens;
import docker.swarmkit.v1.KeyRotation;
import docker.swarmkit.v1.ListClustersRequest;
import docker.swarmkit.v1.ListClustersResponse;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.UpdateClusterRequest;
import docker.swarmkit.v1.UpdateClusterResponse;
import java.util.List;
import java.util.Optional;

/**
 * Reads and updates the cluster's settings and join tokens. A cluster shown to a client never
 * contains a private key.
 */
public final class ClusterControl {
  private static final String KIND = "cluster";
  private static final int VXLAN_PORT_DEFAULT = 4789;

  private ClusterControl() {}

  /** What speaks against founding a cluster with that spec. */
  public static Optional<Rejection> refusalOf(ClusterSpec spec) {
    return ClusterRules.check(true, spec);
  }

  /**
   * Changes the cluster's spec and, where asked to, its join tokens.
   *
   * @param secrets makes what is asked to be made anew
   */
  public static Decision<UpdateClusterResponse> update(
      UpdateClusterRequest request, ClusterSecrets secrets) {
    Optional<Rejection> wrong =
        Checks.refuseIf(
                !request.hasClusterVersion(), "the version of the cluster to update is missing")
            .or(() -> ClusterRules.check(request.hasSpec(), request.getSpec()));
    return Refuse.unless(wrong, () -> (draft, context) -> update(request, secrets, draft, context));
  }

  private static Verdict<UpdateClusterResponse> update(
      UpdateClusterRequest request,
      ClusterSecrets secrets,
      Snapshot draft,
      Decision.Context context) {
    Optional<Cluster> found = find(draft, request.getClusterId());
    if (found.isEmpty()) {
      return Verdict.reject(Refuse.notFound(KIND, request.getClusterId()));
    }
    Cluster old = found.get();
    if (old.meta().version() != request.getClusterVersion().getIndex()) {
      return Verdict.reject(Rejection.stale());
    }
    Optional<Rejection> refused = ClusterRules.checkAgainst(old, request.getSpec());
    if (refused.isPresent()) {
      return Verdict.reject(refused.get());
    }
    return switch (RootRotations.asked(
        old.object().getRootCa(), request.getSpec().getCaConfig(), secrets)) {
      case RootRotations.Outcome.Refused(Rejection rejection) -> Verdict.reject(rejection);
      case RootRotations.Outcome.Root(RootCA root) -> update(request, secrets, old, root, context);
    };
  }

  private static Verdict<UpdateClusterResponse> update(
      UpdateClusterRequest request,
      ClusterSecrets secrets,
      Cluster old,
      RootCA root,
      Decision.Context context) {
    docker.swarmkit.v1.Cluster.Builder object =
        Blacklist.withoutExpired(old.object(), context.now()).toBuilder()
            .setSpec(withoutKeys(request.getSpec()))
            .setRootCa(root);
    rotate(object.getRootCaBuilder(), request.getRotation(), secrets);
    Cluster made =
        old.withObject(
            UnlockKeys.settle(
                object.build(), request.getRotation().getManagerUnlockKey(), secrets::unlockKey));
    Meta touched = old.meta().touched(context.index(), context.now().toEpochMilli());
    return Verdict.accept(
        List.of(new Change.PutCluster(made)),
        snapshot ->
            UpdateClusterResponse.newBuilder()
                .setCluster(shown(snapshot.cluster().orElseGet(() -> made.withMeta(touched))))
                .build());
  }

  /** They are in the root by now; kept in the spec they would mean a rotation with every update. */
  private static ClusterSpec withoutKeys(ClusterSpec spec) {
    ClusterSpec.Builder kept = spec.toBuilder();
    if (spec.hasCaConfig()) {
      kept.getCaConfigBuilder().clearSigningCaCert().clearSigningCaKey();
    }
    return kept.build();
  }

  private static void rotate(RootCA.Builder root, KeyRotation rotation, ClusterSecrets secrets) {
    RootCA before = root.build();
    JoinTokens.Builder tokens = root.getJoinTokensBuilder();
    if (rotation.getWorkerJoinToken()) {
      tokens.setWorker(secrets.joinToken(before));
    }
    if (rotation.getManagerJoinToken()) {
      tokens.setManager(secrets.joinToken(before));
    }
  }

  public static Verdict<GetClusterResponse> get(Snapshot snapshot, GetClusterRequest request) {
    return find(snapshot, request.getClusterId())
        .map(cluster -> GetClusterResponse.newBuilder().setCluster(shown(cluster)).build())
        .map(response -> Verdict.accept(List.of(), same -> response))
        .orElseGet(() -> Verdict.reject(Refuse.notFound(KIND, request.getClusterId())));
  }

  /** The one cluster, if it meets every kind of filter given. */
  public static ListClustersResponse list(Snapshot snapshot, ListClustersRequest request) {
    ListClustersRequest.Filters filters = request.getFilters();
    ListClustersResponse.Builder response = ListClustersResponse.newBuilder();
    snapshot
        .cluster()
        .filter(
            cluster ->
                ListFilters.all(
                    filters.getNamesList(),
                    filters.getNamePrefixesList(),
                    filters.getIdPrefixesList(),
                    filters.getLabelsMap(),
                    cluster.id(),
                    cluster.object().getSpec().getAnnotations()))
        .ifPresent(cluster -> response.addClusters(shown(cluster)));
    return response.build();
  }

  private static Optional<Cluster> find(Snapshot snapshot, String id) {
    return snapshot.cluster().filter(cluster -> cluster.id().equals(id));
  }

  /** Only what may be seen, field by field: a new field is hidden until somebody adds it here. */
  private static docker.swarmkit.v1.Cluster shown(Cluster cluster) {
    docker.swarmkit.v1.Cluster whole = ToWire.cluster(cluster);
    docker.swarmkit.v1.Cluster.Builder shown =
        docker.swarmkit.v1.Cluster.newBuilder()
            .setId(whole.getId())
            .setMeta(whole.getMeta())
            .setSpec(whole.getSpec())
            .setRootCa(shown(whole.getRootCa()))
            .putAllBlacklistedCertificates(whole.getBlacklistedCertificatesMap())
            .setFips(whole.getFips())
            .addAllDefaultAddressPool(whole.getDefaultAddressPoolList())
            .setSubnetSize(whole.getSubnetSize())
            .setVXLANUDPPort(
                whole.getVXLANUDPPort() == 0 ? VXLAN_PORT_DEFAULT : whole.getVXLANUDPPort());
    if (whole.getSpec().hasCaConfig()) {
      // The certificate without its key, sent back in an update, would mean a new root.
      CAConfig.Builder ca = shown.getSpecBuilder().getCaConfigBuilder();
      ca.clearSigningCaKey().clearSigningCaCert();
    }
    if (whole.getDefaultAddressPoolCount() == 0) {
      shown
          .addAllDefaultAddressPool(NetworkPlan.POOL_DEFAULT)
          .setSubnetSize(NetworkPlan.SUBNET_BITS_DEFAULT);
    }
    return shown.build();
  }

  private static RootCA shown(RootCA root) {
    RootCA.Builder shown = root.toBuilder().clearCaKey();
    if (root.hasRootRotation()) {
      shown.getRootRotationBuilder().clearCaKey();
    }
    return shown.build();
  }
}
