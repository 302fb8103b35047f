package dev.swarm.core.control.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.codec.ImageReader;
import dev.swarm.core.codec.ImageWriter;
import dev.swarm.core.control.Swarm;
import dev.swarm.core.model.IssuedCertificates;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.Validity;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.RemoveNodeRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of one node's certificates, as managers that have got differently far see them. */
class CertificateStandingTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final KeyPair KEYS = PrivateKeys.generate(RANDOM);
  private static final NodeId ID = new NodeId("n1");

  private final Swarm swarm = new Swarm();
  private final CertificateAuthority authority = CertificateAuthority.create(swarm.now, RANDOM);
  private final List<Snapshot> history = new ArrayList<>();
  private Validity validity = Validity.DEFAULT;

  CertificateStandingTest() {
    swarm.cluster();
    history.add(swarm.snapshot);
  }

  private Node node() {
    return swarm.snapshot.nodes().find(ID).orElseThrow();
  }

  private void put(Node node) {
    swarm.apply(new Change.PutNode(node));
    history.add(swarm.snapshot);
  }

  private void becomes(NodeRole role) {
    NodeSpec wish = node().spec().toBuilder().setDesiredRole(role).build();
    put(Roles.with(node(), role).withSpec(wish));
  }

  private byte[] signed(NodeRole role) {
    return authority.issue(
        CertificateRequest.create(KEYS, RANDOM),
        new PeerIdentity("cluster", role, ID.value()),
        validity,
        swarm.now,
        RANDOM);
  }

  private static Certificate certificate(NodeRole role, byte[] chain) {
    return Certificate.newBuilder()
        .setRole(role)
        .setStatus(IssuanceStatus.newBuilder().setState(IssuanceStatus.State.ISSUED))
        .setCertificate(ByteString.copyFrom(chain))
        .build();
  }

  private PeerCertificate shown(byte[] chain) {
    try {
      return NodeIdentity.of(authority.root(), chain, KEYS.getPrivate()).certificate();
    } catch (CredentialException e) {
      throw new AssertionError(e);
    }
  }

  private PeerCertificate joins(NodeRole role) {
    byte[] chain = signed(role);
    put(
        new Node(
            ID,
            Meta.NONE,
            NodeSpec.newBuilder().setDesiredRole(role).build(),
            NodeDescription.getDefaultInstance(),
            new Node.Status(Node.State.DOWN, "", "", Instant.EPOCH),
            certificate(role, chain),
            role));
    return shown(chain);
  }

  private PeerCertificate renews() {
    byte[] chain = signed(node().role());
    put(node().withCertificate(certificate(node().role(), chain)));
    return shown(chain);
  }

  private static void assertStands(
      CertificateStanding expected, Snapshot state, PeerCertificate certificate) {
    assertEquals(expected, CertificateStanding.of(state, certificate));
    assertEquals(expected, CertificateStanding.of(restored(state), certificate), "from a snapshot");
  }

  private static Snapshot restored(Snapshot state) {
    var image = new ByteArrayOutputStream();
    try {
      ImageWriter.write(state, image);
      return ImageReader.read(new ByteArrayInputStream(image.toByteArray()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The one that cost a cluster its quorum. */
  @Test
  void aStateOlderThanAPromotionHoldsItsCertificateForNewer() {
    PeerCertificate worker = joins(NodeRole.WORKER);
    Snapshot before = swarm.snapshot;
    becomes(NodeRole.MANAGER);
    Snapshot between = swarm.snapshot;
    PeerCertificate manager = renews();
    assertStands(CertificateStanding.UNKNOWN, history.getFirst(), manager);
    assertStands(CertificateStanding.AHEAD, before, manager);
    assertStands(CertificateStanding.MANAGER, between, manager);
    assertStands(CertificateStanding.MANAGER, swarm.snapshot, manager);
    assertStands(CertificateStanding.WORKER, swarm.snapshot, worker);
  }

  @Test
  void aCertificateFromBeforeADemotionIsWorthNothingEverAfter() {
    joins(NodeRole.MANAGER);
    PeerCertificate old = renews();
    becomes(NodeRole.WORKER);
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, old);
    renews();
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, old);
    becomes(NodeRole.MANAGER);
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, old);
    PeerCertificate fresh = renews();
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, old);
    assertStands(CertificateStanding.MANAGER, swarm.snapshot, fresh);
  }

  @Test
  void aStateBetweenDemotionAndPromotionTellsTheOldCertificateFromTheNew() {
    PeerCertificate old = joins(NodeRole.MANAGER);
    Snapshot before = swarm.snapshot;
    becomes(NodeRole.WORKER);
    renews();
    Snapshot between = swarm.snapshot;
    becomes(NodeRole.MANAGER);
    PeerCertificate fresh = renews();
    assertStands(CertificateStanding.DEMOTED, between, old);
    assertStands(CertificateStanding.AHEAD, between, fresh);
    // One that knows of neither holds both for what they were or may be.
    assertStands(CertificateStanding.MANAGER, before, old);
    assertStands(CertificateStanding.MANAGER, before, fresh);
  }

  /** It reads the role that it already has, and would go on with what nobody takes any more. */
  @Test
  void whoIsPromotedAgainBeforeItHasRenewedIsAskedTo() {
    PeerCertificate old = joins(NodeRole.MANAGER);
    becomes(NodeRole.WORKER);
    becomes(NodeRole.MANAGER);
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, old);
    assertEquals(IssuanceStatus.State.ROTATE, node().certificate().getStatus().getState());
    PeerCertificate fresh = renews();
    assertStands(CertificateStanding.MANAGER, swarm.snapshot, fresh);
    assertEquals(IssuanceStatus.State.ISSUED, node().certificate().getStatus().getState());
    becomes(NodeRole.MANAGER);
    assertEquals(IssuanceStatus.State.ISSUED, node().certificate().getStatus().getState());
  }

  /** Signed while the node was a manager, recorded when it was none any more. */
  @Test
  void aCertificateThatComesTooLateIsOfBeforeTheDemotion() {
    joins(NodeRole.MANAGER);
    byte[] late = signed(NodeRole.MANAGER);
    becomes(NodeRole.WORKER);
    put(node().withCertificate(certificate(NodeRole.MANAGER, late)));
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, shown(late));
    becomes(NodeRole.MANAGER);
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, shown(late));
  }

  /** Reports and specs are made from copies of a node that may be older than its certificate. */
  @Test
  void anOldCopyOfTheNodeTakesNothingBack() {
    PeerCertificate first = joins(NodeRole.MANAGER);
    Node copy = node();
    PeerCertificate second = renews();
    put(copy.withSpec(copy.spec()));
    becomes(NodeRole.WORKER);
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, first);
    assertStands(CertificateStanding.DEMOTED, swarm.snapshot, second);
  }

  @Test
  void aRemovedNodeIsRemovedWhateverItShows() {
    PeerCertificate manager = joins(NodeRole.MANAGER);
    becomes(NodeRole.WORKER);
    PeerCertificate worker = renews();
    swarm.accept(NodeControl.remove(RemoveNodeRequest.newBuilder().setNodeId(ID.value()).build()));
    assertStands(CertificateStanding.REMOVED, swarm.snapshot, manager);
    assertStands(CertificateStanding.REMOVED, swarm.snapshot, worker);
    PeerCertificate never = new PeerCertificate(manager.holder(), "c0ffee");
    assertStands(CertificateStanding.REMOVED, swarm.snapshot, never);
  }

  /** What is remembered of a manager that has itself given one certificate after the other. */
  @Test
  void whatIsRememberedIsBounded() {
    joins(NodeRole.MANAGER);
    PeerCertificate last = renews();
    for (int i = 0; i < 200; i++) {
      last = renews();
    }
    assertEquals(64, node().issued().asManager().size());
    assertStands(CertificateStanding.MANAGER, swarm.snapshot, last);
    swarm.now = swarm.now.plus(Duration.ofDays(98));
    renews();
    assertEquals(1, node().issued().asManager().size());
  }

  /** After a shorter expiry the newest certificate is not the one that lasts longest. */
  @Test
  void theLastOfAllCertificatesSaysHowLongARemovedNodeIsRefused() {
    validity = Validity.of(Duration.ofDays(200));
    joins(NodeRole.WORKER);
    Instant last = node().issued().until();
    validity = Validity.of(Duration.ofHours(1));
    renews();
    assertEquals(last, node().issued().until());
    assertTrue(last.isAfter(swarm.now.plus(Duration.ofDays(199))));
    assertEquals(last, expiryOfTheRemoved());
  }

  /** A state that was restored knows how long certificates last, not which were issued since. */
  @Test
  void aRemovedNodeIsRefusedForAsLongAsACertificateUnheardOfCouldLast() {
    validity = Validity.of(Duration.ofHours(1));
    joins(NodeRole.WORKER);
    assertEquals(swarm.now.plus(Validity.DEFAULT.lifetime()), expiryOfTheRemoved());
  }

  private Instant expiryOfTheRemoved() {
    Instant at = swarm.now;
    swarm.accept(NodeControl.remove(RemoveNodeRequest.newBuilder().setNodeId(ID.value()).build()));
    swarm.now = at;
    return dev.swarm.core.spec.Durations.toJava(
        swarm
            .snapshot
            .cluster()
            .orElseThrow()
            .object()
            .getBlacklistedCertificatesOrThrow(ID.value())
            .getExpiry());
  }

  @Test
  void whatCannotBeReadIsNoCertificate() {
    IssuedCertificates none =
        IssuedCertificates.NONE.with(
            certificate(NodeRole.MANAGER, new byte[] {1, 2, 3}), Instant.EPOCH);
    assertEquals(IssuedCertificates.NONE, none);
    assertFalse(none.isFromBeforeADemotion("1f"));
  }
}
