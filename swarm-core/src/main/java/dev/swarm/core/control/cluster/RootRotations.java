package dev.swarm.core.control.cluster;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Node;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.JoinTokens;
import docker.swarmkit.v1.NodeTLSInfo;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.RootRotation;
import java.util.Comparator;
import java.util.List;

/**
 * Rotates the cluster's root certificate. Nodes first get certificates signed by the new root, with
 * a cross certificate by which the old root vouches for it; once every node reports that it uses
 * one, the new root replaces the old, and the join tokens are replaced too. Nobody is locked out on
 * the way, and a node that is down holds the rotation up until it is back or removed.
 */
public final class RootRotations {
  private static final int NODES_AN_ENTRY = 200;

  private RootRotations() {}

  /** The root as a spec asks for it, or why it cannot be had. */
  sealed interface Outcome {
    record Root(RootCA root) implements Outcome {}

    record Refused(Rejection rejection) implements Outcome {}
  }

  static Outcome asked(RootCA old, CAConfig config, ClusterSecrets secrets) {
    RootCA.Builder next = old.toBuilder().setLastForcedRotation(config.getForceRotate());
    ByteString cert = config.getSigningCaCert();
    ByteString key = config.getSigningCaKey();
    if (cert.isEmpty() && !key.isEmpty()) {
      return refused("a signing key needs the root certificate that it belongs to");
    }
    if (cert.isEmpty()) {
      boolean forced = config.getForceRotate() != old.getLastForcedRotation();
      return forced ? rotated(next, () -> secrets.newRoot(old)) : new Outcome.Root(next.build());
    }
    if (key.isEmpty() && !ExternalAuthorities.signFor(config, cert, ByteString.EMPTY)) {
      return refused("a root certificate needs its key, or an external CA that signs for it");
    }
    if (cert.equals(old.getCaCert())) {
      return new Outcome.Root(next.clearRootRotation().build());
    }
    return cert.equals(old.getRootRotation().getCaCert())
        ? new Outcome.Root(next.build())
        : rotated(next, () -> secrets.givenRoot(old, cert, key));
  }

  private interface Maker {
    RootRotation make() throws CredentialException;
  }

  private static Outcome rotated(RootCA.Builder root, Maker maker) {
    try {
      return new Outcome.Root(root.setRootRotation(maker.make()).build());
    } catch (CredentialException e) {
      return refused("the root certificate cannot be rotated: " + e.getMessage());
    }
  }

  private static Outcome refused(String why) {
    return new Outcome.Refused(Rejection.invalid(why));
  }

  /** The root that signs now: while there is a rotation, the one it leads to. */
  public static ByteString signing(RootCA root) {
    return root.hasRootRotation() ? root.getRootRotation().getCaCert() : root.getCaCert();
  }

  /** What is next in a rotation, if there is one: nodes to renew, or its end. */
  public static Decision<Boolean> step(ClusterSecrets secrets) {
    return (draft, context) ->
        draft
            .cluster()
            .filter(cluster -> cluster.object().getRootCa().hasRootRotation())
            .map(cluster -> step(cluster, draft, secrets))
            .orElseGet(() -> Verdict.accept(List.of(), snapshot -> false));
  }

  private static Verdict<Boolean> step(Cluster cluster, Snapshot draft, ClusterSecrets secrets) {
    RootRotation rotation = cluster.object().getRootCa().getRootRotation();
    RootCertificate root = parse(rotation);
    ByteString issuer = ByteString.copyFrom(root.publicKey());
    List<Node> behind = draft.nodes().stream().filter(node -> !uses(node, issuer)).toList();
    if (behind.isEmpty()) {
      return Verdict.accept(
          List.of(new Change.PutCluster(finished(cluster, root, secrets))), snapshot -> true);
    }
    List<Change> changes =
        behind.stream()
            .filter(node -> !isAsked(node) && !hasBeenGiven(node, rotation))
            .sorted(Comparator.comparing(Node::id))
            .limit(NODES_AN_ENTRY)
            .<Change>map(node -> new Change.PutNode(node.askedToRenew()))
            .toList();
    return Verdict.accept(changes, snapshot -> !changes.isEmpty());
  }

  private static RootCertificate parse(RootRotation rotation) {
    try {
      return RootCertificate.parse(rotation.getCaCert().toByteArray());
    } catch (CredentialException e) {
      throw new IllegalStateException("a root was accepted that is none", e);
    }
  }

  /** As the node itself says. */
  private static boolean uses(Node node, ByteString issuer) {
    NodeTLSInfo tls = node.description().getTlsInfo();
    return tls.getCertIssuerPublicKey().equals(issuer);
  }

  private static boolean isAsked(Node node) {
    return node.certificate().getStatus().getState() != IssuanceStatus.State.ISSUED;
  }

  private static boolean hasBeenGiven(Node node, RootRotation rotation) {
    return node.certificate().getCertificate().endsWith(rotation.getCrossSignedCaCert());
  }

  private static Cluster finished(Cluster cluster, RootCertificate root, ClusterSecrets secrets) {
    RootCA old = cluster.object().getRootCa();
    RootCA made =
        old.toBuilder()
            .clearRootRotation()
            .setCaCert(old.getRootRotation().getCaCert())
            .setCaKey(old.getRootRotation().getCaKey())
            .setCaCertHash(root.digest())
            .build();
    JoinTokens tokens =
        JoinTokens.newBuilder()
            .setWorker(secrets.joinToken(made))
            .setManager(secrets.joinToken(made))
            .build();
    return cluster.withObject(
        cluster.object().toBuilder().setRootCa(made.toBuilder().setJoinTokens(tokens)).build());
  }
}
