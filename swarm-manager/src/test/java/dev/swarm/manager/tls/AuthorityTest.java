package dev.swarm.manager.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.swarm.core.pki.CredentialException;
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
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final PeerIdentity WORKER = peer(CLUSTER, NodeRole.WORKER, "w");
  private static final PeerIdentity MANAGER = peer(CLUSTER, NodeRole.MANAGER, "m");
  private static final PeerIdentity PROMOTED = peer(CLUSTER, NodeRole.WORKER, "promoted");
  private static final PeerIdentity DEMOTED = peer(CLUSTER, NodeRole.MANAGER, "demoted");
  private static final PeerIdentity REMOVED = peer(CLUSTER, NodeRole.WORKER, "removed");
  private static final PeerIdentity STRANGER = peer("theirs", NodeRole.MANAGER, "m");

  private final Authority authority =
      new Authority(
          CLUSTER,
          id -> Optional.ofNullable(ROLES.get(id)),
          "removed"::equals,
          Map.of("dev.swarm.v1.Raft", Access.LOG_MEMBER, "dev.swarm.v1.Managers", Access.MANAGER));

  private static final Map<String, NodeRole> ROLES =
      Map.of(
          "w", NodeRole.WORKER,
          "m", NodeRole.MANAGER,
          "promoted", NodeRole.MANAGER,
          "demoted", NodeRole.WORKER);

  private static PeerIdentity peer(String cluster, NodeRole role, String node) {
    return new PeerIdentity(cluster, role, node);
  }

  private boolean granted(String method, PeerIdentity... peer) {
    return authority.decide(method, List.of(peer).stream().findFirst()) instanceof Verdict.Granted;
  }

  private TreeSet<String> servicesOpenTo(PeerIdentity... peer) {
    TreeSet<String> open = new TreeSet<>();
    for (ServiceDescriptor service : SERVICES) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        if (granted(method.getFullMethodName(), peer)) {
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
    assertEquals(node, servicesOpenTo(PROMOTED));

    var manager = new TreeSet<>(node);
    manager.addAll(
        List.of("CA/GetUnlockKey", "Control", "Health/Check", "Logs/SubscribeLogs", "Watch/Watch"));
    assertEquals(manager, servicesOpenTo(MANAGER));
  }

  @Test
  void unknownMethodsAreDenied() {
    assertFalse(granted("docker.swarmkit.v1.Raft/ProcessRaftMessage", MANAGER));
    assertFalse(granted("nonsense", MANAGER));
    assertFalse(granted("", MANAGER));
    assertEquals(true, granted("dev.swarm.v1.Raft/Append", MANAGER));
    assertFalse(granted("dev.swarm.v1.Raft/Append", WORKER));
  }

  /** A manager whose log is behind has no record yet of those who bring it forward. */
  @Test
  void aLogsMembersAreBelievedBeforeTheyAreOnRecord() {
    PeerIdentity unheardOf = peer(CLUSTER, NodeRole.MANAGER, "unheard of");
    assertEquals(
        new Verdict.Granted(new Caller.Node(unheardOf, NodeRole.MANAGER)),
        authority.decide(RAFT, Optional.of(unheardOf)));
    assertEquals(
        new Verdict.Granted(new Caller.Node(MANAGER, NodeRole.MANAGER)),
        authority.decide(RAFT, Optional.of(MANAGER)));
    // Only by the log: whatever else is for managers waits for the record.
    assertFalse(granted(CONTROL, unheardOf));
    assertFalse(granted("dev.swarm.v1.Managers/Enter", unheardOf));
    assertFalse(granted("docker.swarmkit.v1.Health/Check", unheardOf));
  }

  @Test
  void nobodyElseReachesTheLog() {
    assertEquals("this call needs a node certificate of the cluster", sentence(RAFT));
    for (PeerIdentity nobody :
        new PeerIdentity[] {
          DEMOTED,
          WORKER,
          PROMOTED,
          peer(CLUSTER, NodeRole.WORKER, "unheard of"),
          peer(CLUSTER, NodeRole.MANAGER, "removed"),
          peer("theirs", NodeRole.MANAGER, "unheard of"),
          STRANGER
        }) {
      assertEquals(
          "this call is for managers; node " + nobody.nodeId() + " is none",
          sentence(RAFT, nobody));
    }
  }

  @Test
  void denialsSayWhy() {
    assertEquals("this call is for managers; node w is a worker", sentence(CONTROL, WORKER));
    assertEquals(
        "node removed is not, or no longer, part of this swarm", sentence(SESSION, REMOVED));
    assertEquals("the node certificate belongs to another swarm", sentence(SESSION, STRANGER));
    assertEquals("this call needs a node certificate of the cluster", sentence(SESSION));
  }

  private String sentence(String method, PeerIdentity... peer) {
    return assertInstanceOf(
            Verdict.Denied.class, authority.decide(method, List.of(peer).stream().findFirst()))
        .sentence();
  }

  @Test
  void aForwardedCallIsJudgedByItsOrigin() throws CredentialException {
    for (Caller caller :
        new Caller[] {Caller.Anonymous.INSTANCE, new Caller.Node(WORKER, NodeRole.WORKER)}) {
      Optional<PeerIdentity> origin = ForwardedCaller.decode(ForwardedCaller.encode(caller));
      for (String method : new String[] {CONTROL, SESSION, "docker.swarmkit.v1.NodeCA/X"}) {
        assertEquals(
            authority.decide(method, origin),
            authority.decideForwarded(method, Optional.of(MANAGER), origin));
        for (PeerIdentity liar : new PeerIdentity[] {WORKER, DEMOTED, STRANGER, REMOVED}) {
          assertInstanceOf(
              Verdict.Denied.class,
              authority.decideForwarded(method, Optional.of(liar), Optional.of(MANAGER)));
        }
      }
    }
    for (String header : new String[] {"", "x", "swarm-manager/a", "swarm-king/a/b", "//"}) {
      assertThrows(CredentialException.class, () -> ForwardedCaller.decode(header));
    }
  }
}
