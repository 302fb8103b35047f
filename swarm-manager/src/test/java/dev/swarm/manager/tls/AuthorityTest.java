package dev.swarm.manager.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.node.CertificateStanding;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.manager.tls.Authority.Verdict;
import docker.swarmkit.v1.CAGrpc;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.HealthGrpc;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.ResourceAllocatorGrpc;
import docker.swarmkit.v1.WatchGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The whole table of methods and callers. */
class AuthorityTest {
  private static final String CLUSTER = "ours";
  private static final String CONTROL = "docker.swarmkit.v1.Control/ListNodes";
  private static final String SESSION = "docker.swarmkit.v1.Dispatcher/Session";
  private static final String RAFT = "dev.swarm.v1.Raft/AppendEntries";
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          CAGrpc.getServiceDescriptor(),
          NodeCAGrpc.getServiceDescriptor(),
          DispatcherGrpc.getServiceDescriptor(),
          LogBrokerGrpc.getServiceDescriptor(),
          ResourceAllocatorGrpc.getServiceDescriptor(),
          ControlGrpc.getServiceDescriptor(),
          LogsGrpc.getServiceDescriptor(),
          HealthGrpc.getServiceDescriptor(),
          WatchGrpc.getServiceDescriptor());

  private static final PeerCertificate WORKER = peer(CLUSTER, NodeRole.WORKER, "w");
  private static final PeerCertificate MANAGER = peer(CLUSTER, NodeRole.MANAGER, "m");

  /** With a certificate from before its demotion that the state knows. */
  private static final PeerCertificate DEMOTED = peer(CLUSTER, NodeRole.MANAGER, "demoted");

  /** A worker by the record, with a manager's certificate of which the state has not heard. */
  private static final PeerCertificate AHEAD = peer(CLUSTER, NodeRole.MANAGER, "ahead");

  private static final PeerCertificate REMOVED = peer(CLUSTER, NodeRole.MANAGER, "removed");
  private static final PeerCertificate UNHEARD_OF = peer(CLUSTER, NodeRole.MANAGER, "unheard of");
  private static final PeerCertificate NEW_WORKER = peer(CLUSTER, NodeRole.WORKER, "unheard of");
  private static final PeerCertificate STRANGER = peer("theirs", NodeRole.MANAGER, "m");

  private static final Map<PeerCertificate, CertificateStanding> STANDINGS =
      Map.of(
          WORKER, CertificateStanding.WORKER,
          MANAGER, CertificateStanding.MANAGER,
          DEMOTED, CertificateStanding.DEMOTED,
          AHEAD, CertificateStanding.AHEAD,
          REMOVED, CertificateStanding.REMOVED);

  private final Authority authority =
      new Authority(
          CLUSTER,
          peer -> STANDINGS.getOrDefault(peer, CertificateStanding.UNKNOWN),
          Map.of("dev.swarm.v1.Raft", Access.LOG_MEMBER, "dev.swarm.v1.Managers", Access.MANAGER));

  private static PeerCertificate peer(String cluster, NodeRole role, String node) {
    return new PeerCertificate(new PeerIdentity(cluster, role, node), "1f");
  }

  private static CallerCredentials by(PeerCertificate... peer) {
    return new CallerCredentials.Directly(List.of(peer).stream().findFirst());
  }

  private boolean served(String method, PeerCertificate... peer) {
    return authority.decide(method, by(peer)) instanceof Verdict.Granted;
  }

  private boolean admitted(String method, PeerCertificate... peer) {
    return authority.admit(method, by(peer)) instanceof Verdict.Granted;
  }

  private Set<String> servicesOpenTo(PeerCertificate... peer) {
    TreeSet<String> open = new TreeSet<>();
    for (ServiceDescriptor service : SERVICES) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        if (served(method.getFullMethodName(), peer)) {
          String name = method.getFullMethodName().substring("docker.swarmkit.v1.".length());
          open.add(
              name.startsWith("Control/") || name.startsWith("Dispatcher/")
                  ? name.substring(0, name.indexOf('/'))
                  : name);
        }
      }
    }
    return open;
  }

  @Test
  void everyMethodHasItsCallers() {
    var anyone =
        new TreeSet<>(
            List.of(
                "CA/GetRootCACertificate",
                "NodeCA/IssueNodeCertificate",
                "NodeCA/NodeCertificateStatus"));
    assertEquals(anyone, servicesOpenTo());
    assertEquals(anyone, servicesOpenTo(STRANGER));
    assertEquals(anyone, servicesOpenTo(REMOVED));
    assertEquals(anyone, servicesOpenTo(NEW_WORKER));

    var node = new TreeSet<>(anyone);
    node.addAll(
        List.of(
            "Dispatcher",
            "LogBroker/ListenSubscriptions",
            "LogBroker/PublishLogs",
            "ResourceAllocator/AttachNetwork",
            "ResourceAllocator/DetachNetwork"));
    assertEquals(node, servicesOpenTo(WORKER));
    assertEquals(node, servicesOpenTo(DEMOTED));

    var manager = new TreeSet<>(node);
    manager.addAll(
        List.of("CA/GetUnlockKey", "Control", "Health/Check", "Logs/SubscribeLogs", "Watch/Watch"));
    assertEquals(manager, servicesOpenTo(MANAGER));
  }

  @Test
  void unknownMethodsAreDenied() {
    for (String method : List.of("docker.swarmkit.v1.Raft/ProcessRaftMessage", "nonsense", "")) {
      assertFalse(served(method, MANAGER));
      assertFalse(admitted(method, MANAGER));
    }
    assertTrue(served("dev.swarm.v1.Raft/Append", MANAGER));
    assertFalse(served("dev.swarm.v1.Raft/Append", WORKER));
  }

  /**
   * What brings a manager up to date never waits for its own state to be so: neither of one that it
   * has no record of, nor of one that it holds for a worker.
   */
  @Test
  void whoMaySendLogMessagesDoesNotFollowFromAStateThatMayBeBehind() {
    for (PeerCertificate newer : List.of(UNHEARD_OF, AHEAD, MANAGER)) {
      Verdict granted = new Verdict.Granted(new Caller.Node(newer, NodeRole.MANAGER));
      assertEquals(granted, authority.admit(RAFT, by(newer)));
      assertEquals(granted, authority.decide(RAFT, by(newer)));
    }
    // By the log and by whether there is one at all; whatever else is for managers waits.
    for (PeerCertificate newer : List.of(UNHEARD_OF, AHEAD)) {
      assertTrue(served("docker.swarmkit.v1.Health/Check", newer));
      assertFalse(served(CONTROL, newer));
      assertFalse(served("dev.swarm.v1.Managers/Enter", newer));
    }
  }

  @Test
  void nobodyElseReachesTheLog() {
    assertEquals("this call needs a node certificate of the cluster", sentence(RAFT));
    for (PeerCertificate worker : List.of(DEMOTED, WORKER, NEW_WORKER)) {
      assertEquals(
          "this call is for managers; node " + worker.holder().nodeId() + " is a worker",
          sentence(RAFT, worker));
    }
    assertEquals("node removed is not, or no longer, part of this swarm", sentence(RAFT, REMOVED));
    assertEquals("the node certificate belongs to another swarm", sentence(RAFT, STRANGER));
    for (PeerCertificate nobody : List.of(DEMOTED, WORKER, NEW_WORKER, REMOVED, STRANGER)) {
      assertFalse(admitted(RAFT, nobody));
    }
  }

  /** A follower passes on what it cannot judge: the leader knows. */
  @Test
  void whoeverIsBehindRefusesOnlyWhatIsKnownForCertain() {
    for (PeerCertificate newer : List.of(UNHEARD_OF, AHEAD)) {
      assertTrue(admitted(CONTROL, newer));
      assertTrue(admitted(SESSION, newer));
      assertTrue(admitted("dev.swarm.v1.Managers/Enter", newer));
    }
    assertTrue(admitted(SESSION, NEW_WORKER));
    assertFalse(admitted(CONTROL, NEW_WORKER));
    assertFalse(admitted(CONTROL, WORKER));
    assertFalse(admitted(CONTROL, DEMOTED));
    assertTrue(admitted(SESSION, DEMOTED));
    assertFalse(admitted(SESSION, REMOVED));
    assertFalse(admitted(SESSION, STRANGER));
    assertFalse(admitted(SESSION));
  }

  @Test
  void denialsSayWhy() {
    assertEquals("this call is for managers; node w is a worker", sentence(CONTROL, WORKER));
    assertEquals("this call is for managers; node demoted is a worker", sentence(CONTROL, DEMOTED));
    assertEquals(
        "node removed is not, or no longer, part of this swarm", sentence(SESSION, REMOVED));
    assertEquals(
        "node unheard of is not, or no longer, part of this swarm", sentence(SESSION, NEW_WORKER));
    assertEquals("the node certificate belongs to another swarm", sentence(SESSION, STRANGER));
    assertEquals("this call needs a node certificate of the cluster", sentence(SESSION));
  }

  private String sentence(String method, PeerCertificate... peer) {
    return assertInstanceOf(Verdict.Denied.class, authority.decide(method, by(peer))).sentence();
  }

  private static Metadata headers(String forwardedFor) {
    Metadata headers = new Metadata();
    headers.put(ForwardedCaller.HEADER, forwardedFor);
    return headers;
  }

  @Test
  void aForwardedCallIsJudgedByItsOrigin() throws CredentialException {
    for (Caller caller :
        List.of(
            Caller.Anonymous.INSTANCE,
            new Caller.Node(WORKER, NodeRole.WORKER),
            new Caller.Node(DEMOTED, NodeRole.WORKER))) {
      Metadata headers = headers(ForwardedCaller.encode(caller));
      headers.put(ForwardedCaller.SERIAL, ForwardedCaller.serial(caller));
      Optional<PeerCertificate> origin = ForwardedCaller.origin(headers);
      for (String method : List.of(CONTROL, SESSION, "docker.swarmkit.v1.NodeCA/X")) {
        assertEquals(
            authority.decide(method, new CallerCredentials.Directly(origin)),
            authority.decide(
                method, new CallerCredentials.Forwarded(Optional.of(MANAGER), origin)));
        for (PeerCertificate liar : List.of(WORKER, STRANGER, NEW_WORKER)) {
          assertInstanceOf(
              Verdict.Denied.class,
              authority.decide(
                  method,
                  new CallerCredentials.Forwarded(Optional.of(liar), Optional.of(MANAGER))));
        }
      }
    }
    for (String header : List.of("", "x", "swarm-manager/a", "swarm-king/a/b", "//")) {
      assertThrows(CredentialException.class, () -> ForwardedCaller.origin(headers(header)));
    }
  }

  /** Whose word was taken a moment ago says nothing against those for whom it spoke. */
  @Test
  void aWorkerIsNotRefusedForAManagerThatIsNoneAnyMore() {
    for (PeerCertificate gone : List.of(DEMOTED, REMOVED, UNHEARD_OF, AHEAD)) {
      assertInstanceOf(
          Verdict.AskAnother.class,
          authority.decide(
              SESSION, new CallerCredentials.Forwarded(Optional.of(gone), Optional.of(WORKER))));
    }
  }

  @Test
  void aManagerOfBeforeThatSendsNoSerialIsUnderstood() throws CredentialException {
    assertEquals(
        Optional.of(new PeerCertificate(MANAGER.holder(), "")),
        ForwardedCaller.origin(headers("swarm-manager/ours/m")));
  }
}
