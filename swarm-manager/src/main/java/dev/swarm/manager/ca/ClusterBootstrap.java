package dev.swarm.manager.ca;

import com.google.protobuf.ByteString;
import dev.swarm.core.allocator.NetworkPlan;
import dev.swarm.core.control.cluster.UnlockKeys;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.JoinToken;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.pki.UnlockKeyText;
import dev.swarm.core.pki.Validity;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.spec.Defaults;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.DispatcherConfig;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.JoinTokens;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.OrchestrationConfig;
import docker.swarmkit.v1.RaftConfig;
import docker.swarmkit.v1.RootCA;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Initial state of a new cluster: its authority, its tokens and its first manager. Holds the
 * authority's key, which goes into the sealed log and nowhere else.
 *
 * @param identity of the first manager, for its own disk
 * @param networks those a swarm has from its beginning
 */
public record ClusterBootstrap(
    Cluster cluster, Node node, NodeIdentity identity, List<Network> networks) {
  /** The spec of a cluster where its founder asked for nothing in particular. */
  public static ClusterSpec defaultSpec() {
    return ClusterSpec.newBuilder()
        .setAnnotations(Annotations.newBuilder().setName("default"))
        .setOrchestration(
            OrchestrationConfig.newBuilder()
                .setTaskHistoryRetentionLimit(Defaults.TASK_HISTORY_LIMIT))
        .setRaft(
            RaftConfig.newBuilder()
                .setSnapshotInterval(10_000)
                .setLogEntriesForSlowFollowers(500)
                .setHeartbeatTick(1)
                .setElectionTick(10))
        .setDispatcher(
            DispatcherConfig.newBuilder()
                .setHeartbeatPeriod(Durations.toWire(Defaults.HEARTBEAT_PERIOD)))
        .setCaConfig(
            CAConfig.newBuilder().setNodeCertExpiry(Durations.toWire(Validity.DEFAULT.lifetime())))
        .build();
  }

  /**
   * Founds a cluster whose first certificate lasts as long as its spec says.
   *
   * @param availability of the first manager
   */
  public static ClusterBootstrap create(
      ClusterSpec spec,
      NodeSpec.Availability availability,
      IdSource ids,
      SecureRandom random,
      Instant now) {
    Validity validity = CertificateIssuer.validityOf(spec.getCaConfig());
    return create(spec, availability, validity, ids, random, now);
  }

  /**
   * Founds a cluster.
   *
   * @param availability of the first manager
   * @param validity of the first manager's certificate
   */
  public static ClusterBootstrap create(
      ClusterSpec spec,
      NodeSpec.Availability availability,
      Validity validity,
      IdSource ids,
      SecureRandom random,
      Instant now) {
    CertificateAuthority authority = CertificateAuthority.create(now, random);
    RootCertificate root = authority.root();
    String clusterId = ids.next();
    NodeId nodeId = new NodeId(ids.next());
    KeyPair keys = PrivateKeys.generate(random);
    CertificateRequest request = CertificateRequest.create(keys, random);
    byte[] chain =
        authority.issue(
            request,
            new PeerIdentity(clusterId, NodeRole.MANAGER, nodeId.value()),
            validity,
            now,
            random);
    RootCA rootCa =
        RootCA.newBuilder()
            .setCaCert(ByteString.copyFrom(root.pem()))
            .setCaKey(ByteString.copyFrom(authority.keyPem()))
            .setCaCertHash(root.digest())
            .setJoinTokens(
                JoinTokens.newBuilder()
                    .setWorker(JoinToken.generate(root, random).format())
                    .setManager(JoinToken.generate(root, random).format()))
            .build();
    Cluster cluster =
        new Cluster(
            clusterId,
            Meta.NONE,
            UnlockKeys.settle(
                docker.swarmkit.v1.Cluster.newBuilder().setSpec(spec).setRootCa(rootCa).build(),
                false,
                () -> newUnlockKey(random)));
    try {
      return new ClusterBootstrap(
          cluster,
          firstManager(nodeId, availability, request, chain),
          NodeIdentity.of(root, chain, keys.getPrivate()),
          networks(cluster, ids));
    } catch (CredentialException e) {
      throw new IllegalStateException("a certificate just made is not valid", e);
    }
  }

  /** A key for managers' disks. */
  public static ByteString newUnlockKey(SecureRandom random) {
    byte[] key = new byte[UnlockKeyText.KEY_BYTES];
    random.nextBytes(key);
    return ByteString.copyFrom(key);
  }

  /**
   * The one for published ports, and those that every engine has, so that services can name them.
   */
  private static List<Network> networks(Cluster cluster, IdSource ids) {
    Snapshot alone =
        Snapshot.EMPTY.apply(1, Instant.EPOCH, List.of(new Change.PutCluster(cluster))).snapshot();
    return List.of(
        new Network(ids.next(), Meta.NONE, NetworkPlan.of(NetworkPlan.ingress(), alone).object()),
        new Network(ids.next(), Meta.NONE, NetworkPlan.predefined("bridge")),
        new Network(ids.next(), Meta.NONE, NetworkPlan.predefined("host")));
  }

  /**
   * The same with what its founder wants of networks.
   *
   * @param addressPool networks in CIDR notation from which subnets are taken; empty for the
   *     default
   * @param subnetBits prefix length of those subnets, 0 for the default
   * @param vxlanPort on which nodes send one another packets, 0 for the default
   */
  public ClusterBootstrap withNetworks(
      List<String> addressPool, int subnetBits, int vxlanPort, IdSource ids) {
    Cluster made =
        cluster.withObject(
            cluster.object().toBuilder()
                .clearDefaultAddressPool()
                .addAllDefaultAddressPool(addressPool)
                .setSubnetSize(addressPool.isEmpty() ? 0 : subnetBits)
                .setVXLANUDPPort(vxlanPort)
                .build());
    return new ClusterBootstrap(made, node, identity, networks(made, ids));
  }

  /** What is to be committed first. */
  public List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.PutCluster(cluster));
    changes.add(new Change.PutNode(node));
    networks.forEach(network -> changes.add(new Change.PutNetwork(network)));
    return changes;
  }

  private static Node firstManager(
      NodeId id, NodeSpec.Availability availability, CertificateRequest request, byte[] chain) {
    return new Node(
        id,
        Meta.NONE,
        NodeSpec.newBuilder()
            .setDesiredRole(NodeRole.MANAGER)
            .setMembership(NodeSpec.Membership.ACCEPTED)
            .setAvailability(availability)
            .build(),
        NodeDescription.getDefaultInstance(),
        Node.Status.NEW,
        Certificate.newBuilder()
            .setRole(NodeRole.MANAGER)
            .setCsr(ByteString.copyFrom(request.pem()))
            .setStatus(IssuanceStatus.newBuilder().setState(IssuanceStatus.State.ISSUED))
            .setCertificate(ByteString.copyFrom(chain))
            .setCn(id.value())
            .build(),
        NodeRole.MANAGER);
  }
}
