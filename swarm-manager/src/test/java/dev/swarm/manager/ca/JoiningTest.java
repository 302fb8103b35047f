package dev.swarm.manager.ca;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.control.cluster.UnlockKeys;
import dev.swarm.core.control.node.NodeControl;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.JoinToken;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.port.Clock;
import dev.swarm.core.store.Change;
import dev.swarm.manager.tls.Caller;
import docker.swarmkit.v1.GetRootCACertificateRequest;
import docker.swarmkit.v1.GetRootCACertificateResponse;
import docker.swarmkit.v1.GetUnlockKeyRequest;
import docker.swarmkit.v1.GetUnlockKeyResponse;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.IssueNodeCertificateResponse;
import docker.swarmkit.v1.JoinTokens;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeCertificateStatusRequest;
import docker.swarmkit.v1.NodeCertificateStatusResponse;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.RemoveNodeRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.StringReader;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a machine comes by its certificate, and who does not. */
class JoiningTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AtomicInteger DRAWN = new AtomicInteger();
  private static final ClusterBootstrap OURS = found();
  private static final ClusterBootstrap THEIRS = found();

  private final CommitsAtOnce requests = new CommitsAtOnce(NOW);
  private final CertificateIssuer issuer =
      new CertificateIssuer(requests, JoiningTest::id, new Still(), RANDOM, Optional.empty());
  private final CaService ca = new CaService(issuer);
  private final NodeCaService nodeCa = new NodeCaService(issuer, new TokenGuesses(new Still()));
  private final KeyPair keys = PrivateKeys.generate(RANDOM);
  private final byte[] csr = CertificateRequest.create(keys, RANDOM).pem();

  JoiningTest() {
    requests.commit(
        List.of(new Change.PutCluster(OURS.cluster()), new Change.PutNode(OURS.node())));
  }

  private record Still() implements Clock {
    @Override
    public Instant now() {
      return NOW;
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }

  private static String id() {
    return "id" + DRAWN.incrementAndGet();
  }

  private static ClusterBootstrap found() {
    return ClusterBootstrap.create(
        ClusterBootstrap.defaultSpec(), NodeSpec.Availability.ACTIVE, JoiningTest::id, RANDOM, NOW);
  }

  private static JoinTokens tokens(ClusterBootstrap founding) {
    return founding.cluster().object().getRootCa().getJoinTokens();
  }

  private static IssueNodeCertificateRequest.Builder asking(byte[] csr, String token) {
    return IssueNodeCertificateRequest.newBuilder()
        .setCsr(ByteString.copyFrom(csr))
        .setToken(token);
  }

  private Answer<IssueNodeCertificateResponse> ask(
      Caller caller, IssueNodeCertificateRequest request) {
    Answer<IssueNodeCertificateResponse> answer = new Answer<>();
    Context.current()
        .withValue(Caller.KEY, caller)
        .run(() -> nodeCa.issueNodeCertificate(request, answer));
    return answer;
  }

  private Answer<IssueNodeCertificateResponse> join(IssueNodeCertificateRequest.Builder request) {
    return ask(Caller.Anonymous.INSTANCE, request.build());
  }

  private NodeId joined() {
    return new NodeId(join(asking(csr, tokens(OURS).getWorker())).value().getNodeId());
  }

  /** A member asks with its certificate and no token. */
  private Answer<IssueNodeCertificateResponse> renew(NodeId node, byte[] request) {
    PeerIdentity peer = new PeerIdentity(OURS.cluster().id(), NodeRole.WORKER, node.value());
    return ask(
        new Caller.Node(new PeerCertificate(peer, "1"), NodeRole.WORKER),
        asking(request, "").build());
  }

  private Answer<NodeCertificateStatusResponse> status(NodeId node) {
    Answer<NodeCertificateStatusResponse> answer = new Answer<>();
    nodeCa.nodeCertificateStatus(
        NodeCertificateStatusRequest.newBuilder().setNodeId(node.value()).build(), answer);
    return answer;
  }

  /** Puts together what an agent would, from the answer to its status call. */
  private PeerIdentity identity(NodeId node, KeyPair holder) throws CredentialException {
    byte[] chain = status(node).value().getCertificate().getCertificate().toByteArray();
    RootCertificate root =
        RootCertificate.parse(OURS.cluster().object().getRootCa().getCaCert().toByteArray());
    NodeIdentity identity = NodeIdentity.of(root, chain, holder.getPrivate());
    identity.requireValidAt(NOW);
    return identity.self();
  }

  private Node node(NodeId id) {
    return requests.snapshot().nodes().find(id).orElseThrow();
  }

  @Test
  void aWorkersTokenMakesAWorkerWhateverTheRequestSays() throws CredentialException {
    var request =
        asking(csr, tokens(OURS).getWorker())
            .setRole(NodeRole.MANAGER)
            .setAvailability(NodeSpec.Availability.DRAIN);
    IssueNodeCertificateResponse response = join(request).value();
    assertEquals(NodeSpec.Membership.ACCEPTED, response.getNodeMembership());
    NodeId id = new NodeId(response.getNodeId());
    assertEquals(
        new PeerIdentity(OURS.cluster().id(), NodeRole.WORKER, id.value()), identity(id, keys));
    assertEquals(NodeRole.WORKER, node(id).role());
    assertEquals(NodeRole.WORKER, node(id).spec().getDesiredRole());
    assertEquals(NodeSpec.Availability.DRAIN, node(id).spec().getAvailability());
  }

  /** An agent that does not find its own request in the answer asks for ever. */
  @Test
  void theStatusHasTheRequestByteForByte() {
    byte[] spaced = (new String(csr, US_ASCII) + "\n\n").getBytes(US_ASCII);
    NodeId id = new NodeId(join(asking(spaced, tokens(OURS).getWorker())).value().getNodeId());
    NodeCertificateStatusResponse status = status(id).value();
    assertTrue(status.hasStatus(), "an engine looks into it unchecked");
    assertEquals(IssuanceStatus.State.ISSUED, status.getStatus().getState());
    assertEquals(ByteString.copyFrom(spaced), status.getCertificate().getCsr());
    status(new NodeId("nobody")).refusal(Status.Code.NOT_FOUND);
  }

  @Test
  void whatARequestSaysOfItsSubjectCountsForNothing()
      throws OperatorCreationException, IOException, CredentialException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    var boast = new X500Name("O=" + OURS.cluster().id() + ",OU=swarm-manager,CN=boss");
    byte[] der =
        new JcaPKCS10CertificationRequestBuilder(boast, keys.getPublic())
            .build(signer)
            .getEncoded();
    String pem =
        "-----BEGIN CERTIFICATE REQUEST-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END CERTIFICATE REQUEST-----\n";
    var request = asking(pem.getBytes(US_ASCII), tokens(OURS).getWorker());
    NodeId id = new NodeId(join(request).value().getNodeId());
    assertEquals(
        new PeerIdentity(OURS.cluster().id(), NodeRole.WORKER, id.value()), identity(id, keys));
  }

  static List<String> wrongTokens() {
    String right = tokens(OURS).getWorker();
    char last = right.charAt(right.length() - 1);
    String body = right.substring(0, right.length() - 1);
    String ofTheirs = tokens(THEIRS).getWorker();
    int secret = right.lastIndexOf('-');
    return List.of(
        "",
        "SWMTKN-1",
        body,
        body + (last == '0' ? '1' : '0'),
        right + " ",
        right.toUpperCase(Locale.ROOT),
        ofTheirs,
        tokens(THEIRS).getManager(),
        right.substring(0, secret) + ofTheirs.substring(secret),
        ofTheirs.substring(0, secret) + right.substring(secret));
  }

  @ParameterizedTest
  @MethodSource("wrongTokens")
  void noOtherTokenLetsAnybodyIn(String token) {
    var before = requests.snapshot();
    assertEquals(
        "A valid join token is necessary to join this cluster",
        join(asking(csr, token)).refusal(Status.Code.INVALID_ARGUMENT));
    assertSame(before, requests.snapshot());
  }

  @Test
  void aTokenEndsWithItsRotation() {
    var changed = OURS.cluster().object().toBuilder();
    changed.getRootCaBuilder().setJoinTokens(tokens(THEIRS));
    requests.commit(List.of(new Change.PutCluster(OURS.cluster().withObject(changed.build()))));
    join(asking(csr, tokens(OURS).getWorker())).refusal(Status.Code.INVALID_ARGUMENT);
    join(asking(csr, tokens(THEIRS).getWorker())).value();
  }

  @Test
  void theManagersTokenIsKnownAndMakesNoWorker() {
    var before = requests.snapshot();
    String why =
        join(asking(csr, tokens(OURS).getManager())).refusal(Status.Code.FAILED_PRECONDITION);
    assertTrue(why.contains("worker token"), why);
    assertSame(before, requests.snapshot());
  }

  @Test
  void theManagersTokenMakesAManagerOfOneThatKeepsTheLog() throws Exception {
    var request = asking(csr, tokens(OURS).getManager()).setRole(NodeRole.WORKER).build();
    var response = issuer.issue(NodeId.NONE, true, request).toCompletableFuture().get();
    NodeId id = new NodeId(response.getNodeId());
    assertEquals(
        new PeerIdentity(OURS.cluster().id(), NodeRole.MANAGER, id.value()), identity(id, keys));
    assertEquals(NodeRole.MANAGER, node(id).role());
    assertEquals(NodeRole.MANAGER, node(id).spec().getDesiredRole());
  }

  @Test
  void aWorkersTokenMakesAWorkerOfOneThatKeepsTheLog() throws Exception {
    var request = asking(csr, tokens(OURS).getWorker()).build();
    var response = issuer.issue(NodeId.NONE, true, request).toCompletableFuture().get();
    NodeId id = new NodeId(response.getNodeId());
    assertEquals(NodeRole.WORKER, node(id).role());
    assertEquals(NodeRole.WORKER, identity(id, keys).role());
  }

  /** Joins over a connection, with what the program says of itself in a header. */
  private Status.Code joinsAsManager(String... program) throws Exception {
    String name = InProcessServerBuilder.generateName();
    Server server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(ServerInterceptors.intercept(nodeCa, NodeCaService.program()))
            .build()
            .start();
    ManagedChannel channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    Metadata headers = new Metadata();
    for (String value : program) {
      headers.put(Metadata.Key.of("swarm-manager-log", Metadata.ASCII_STRING_MARSHALLER), value);
    }
    try {
      var response =
          NodeCAGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .issueNodeCertificate(asking(csr, tokens(OURS).getManager()).build());
      assertEquals(NodeRole.MANAGER, node(new NodeId(response.getNodeId())).role());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  @Test
  void aProgramSaysInAHeaderThatItKeepsTheLog() throws Exception {
    assertEquals(Status.Code.OK, joinsAsManager("1"));
    assertEquals(Status.Code.FAILED_PRECONDITION, joinsAsManager());
    assertEquals(Status.Code.FAILED_PRECONDITION, joinsAsManager(""));
    assertEquals(Status.Code.FAILED_PRECONDITION, joinsAsManager("2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"})
  void whatIsNoRequestIsRefused(String request) {
    var before = requests.snapshot();
    byte[] bytes = request.getBytes(US_ASCII);
    join(asking(bytes, tokens(OURS).getWorker())).refusal(Status.Code.INVALID_ARGUMENT);
    assertSame(before, requests.snapshot());
  }

  @Test
  void aRequestThatWasTamperedWithAnywhereIsRefused() throws IOException {
    byte[] der;
    try (PEMParser pem = new PEMParser(new StringReader(new String(csr, US_ASCII)))) {
      der = pem.readPemObject().getContent();
    }
    var before = requests.snapshot();
    for (int i = 0; i < der.length; i++) {
      byte[] tampered = der.clone();
      tampered[i] ^= 1;
      byte[] pem = encoded(tampered).getBytes(US_ASCII);
      join(asking(pem, tokens(OURS).getWorker())).refusal(Status.Code.INVALID_ARGUMENT);
    }
    assertSame(before, requests.snapshot());
  }

  private static String encoded(byte[] der) {
    return "-----BEGIN CERTIFICATE REQUEST-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END CERTIFICATE REQUEST-----\n";
  }

  @Test
  void aMemberRenewsUnderItsOwnName() throws CredentialException {
    NodeId id = joined();
    KeyPair fresh = PrivateKeys.generate(RANDOM);
    byte[] request = CertificateRequest.create(fresh, RANDOM).pem();
    assertEquals(id.value(), renew(id, request).value().getNodeId());
    assertEquals(id.value(), identity(id, fresh).nodeId());
    assertThrows(CredentialException.class, () -> identity(id, keys));
  }

  @Test
  void theRecordAndNotTheOldCertificateSaysTheNewRole() throws CredentialException {
    NodeId id = joined();
    requests.commit(List.of(new Change.PutNode(node(id).withRole(NodeRole.MANAGER))));
    renew(id, csr).value();
    assertEquals(NodeRole.MANAGER, identity(id, keys).role());
    assertEquals(NodeRole.MANAGER, node(id).role());
  }

  /** What is wished of a node becomes its role by others' doing: a voter keeps its rights. */
  @Test
  void aRenewalMakesNoRoleOfAWish() throws CredentialException {
    NodeId id = joined();
    wish(id, NodeRole.MANAGER);
    renew(id, csr).value();
    assertEquals(NodeRole.WORKER, identity(id, keys).role());
    assertEquals(NodeRole.WORKER, node(id).role());
    assertEquals(NodeRole.MANAGER, node(id).spec().getDesiredRole());

    requests.commit(List.of(new Change.PutNode(node(id).withRole(NodeRole.MANAGER))));
    wish(id, NodeRole.WORKER);
    renew(id, csr).value();
    assertEquals(NodeRole.MANAGER, identity(id, keys).role());
    assertEquals(NodeRole.MANAGER, node(id).role());
    assertEquals(NodeRole.WORKER, node(id).spec().getDesiredRole());
  }

  private void wish(NodeId id, NodeRole role) {
    NodeSpec spec = node(id).spec().toBuilder().setDesiredRole(role).build();
    requests.commit(List.of(new Change.PutNode(node(id).withSpec(spec))));
  }

  @Test
  void aRemovedNodeGetsNoOtherCertificate() {
    NodeId id = joined();
    removeNow(id);
    assertTrue(
        requests
            .snapshot()
            .cluster()
            .orElseThrow()
            .object()
            .containsBlacklistedCertificates(id.value()));
    assertEquals("node not registered", renew(id, csr).refusal(Status.Code.NOT_FOUND));
    // On the wire it is a stranger by now, and a stranger needs a token.
    join(asking(csr, "")).refusal(Status.Code.INVALID_ARGUMENT);
    status(id).refusal(Status.Code.NOT_FOUND);
  }

  @Test
  void aNodeRemovedWhileItsCertificateIsMadeStaysRemoved() {
    NodeId id = joined();
    requests.meanwhile = List.of(new Change.RemoveNode(id));
    renew(id, csr).refusal(Status.Code.NOT_FOUND);
    assertFalse(requests.snapshot().nodes().contains(id));
  }

  private void removeNow(NodeId id) {
    var request = RemoveNodeRequest.newBuilder().setNodeId(id.value()).setForce(true).build();
    requests.submit(NodeControl.remove(request)).toCompletableFuture().join();
  }

  @Test
  void everyNodeHasAnIdOfItsOwn() {
    assertNotEquals(joined(), joined());
  }

  @Test
  void theRootIsServedAsTheTokensDigestIt() throws CredentialException {
    Answer<GetRootCACertificateResponse> answer = new Answer<>();
    ca.getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance(), answer);
    ByteString served = answer.value().getCertificate();
    assertEquals(OURS.cluster().object().getRootCa().getCaCert(), served);
    String digest = RootCertificate.parse(served.toByteArray()).digest();
    assertEquals(digest, JoinToken.parse(tokens(OURS).getWorker()).rootDigest());
    assertEquals(digest, JoinToken.parse(tokens(OURS).getManager()).rootDigest());
  }

  @Test
  void whoGuessesTokensIsToldWhenToComeBackAndOthersAtItsAddressJoin() {
    for (int i = 0; i < TokenGuesses.GUESSES_MAX; i++) {
      join(asking(csr, tokens(THEIRS).getWorker())).refusal(Status.Code.INVALID_ARGUMENT);
    }
    String late =
        join(asking(csr, tokens(THEIRS).getWorker())).refusal(Status.Code.RESOURCE_EXHAUSTED);
    assertTrue(late.contains("try again in 60 s"), late);
    // Not even its request is looked at.
    join(asking(new byte[0], "")).refusal(Status.Code.RESOURCE_EXHAUSTED);
    join(asking(csr, tokens(OURS).getWorker())).value();
  }

  @Test
  void beforeThereIsAClusterNothingIsIssued() {
    var empty = new CommitsAtOnce(NOW);
    var early =
        new CertificateIssuer(empty, JoiningTest::id, new Still(), RANDOM, Optional.empty());
    Answer<GetRootCACertificateResponse> root = new Answer<>();
    new CaService(early)
        .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance(), root);
    root.refusal(Status.Code.UNAVAILABLE);
    Answer<IssueNodeCertificateResponse> issued = new Answer<>();
    new NodeCaService(early, new TokenGuesses(new Still()))
        .issueNodeCertificate(asking(csr, tokens(OURS).getWorker()).build(), issued);
    issued.refusal(Status.Code.UNAVAILABLE);
  }

  private GetUnlockKeyResponse unlockKey() {
    Answer<GetUnlockKeyResponse> answer = new Answer<>();
    ca.getUnlockKey(GetUnlockKeyRequest.getDefaultInstance(), answer);
    return answer.value();
  }

  @Test
  void managersLearnWhatTheirDisksAreSealedWith() {
    assertEquals(ByteString.EMPTY, unlockKey().getUnlockKey());

    ByteString key = ClusterBootstrap.newUnlockKey(RANDOM);
    assertEquals(32, key.size());
    var spec = OURS.cluster().object().toBuilder();
    spec.getSpecBuilder().getEncryptionConfigBuilder().setAutoLockManagers(true);
    requests.commit(
        List.of(
            new Change.PutCluster(
                OURS.cluster().withObject(UnlockKeys.settle(spec.build(), false, () -> key)))));
    assertEquals(key, unlockKey().getUnlockKey());
    assertEquals(
        requests.snapshot().cluster().orElseThrow().meta().version(),
        unlockKey().getVersion().getIndex());
  }
}
