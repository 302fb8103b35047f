package dev.swarm.cli.node.daemon;

import com.google.protobuf.ByteString;
import dev.swarm.cli.node.daemon.Membership.Beginning;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.routes.InitRequest;
import dev.swarm.cli.node.engineapi.routes.JoinRequest;
import dev.swarm.cli.node.engineapi.routes.LocalMembership;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.cli.node.engineapi.routes.LocalPlace;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.UnlockKeyText;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.Reason;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.raft.storage.UnlockKey;
import docker.swarmkit.v1.CAGrpc;
import docker.swarmkit.v1.GetUnlockKeyRequest;
import io.grpc.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes this machine into a swarm and out of it. A step that fails leaves everything as it was:
 * files are written once the cluster has said yes, and removed if the start that follows fails.
 */
final class SwarmNode implements LocalMembership, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SwarmNode.class);
  private static final int CALL_SECONDS_MAX = 5;
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(20);
  private static final String NO_SWARM = "This node is not part of a swarm";
  private static final String ALREADY_MEMBER =
      "This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and"
          + " join another one.";

  private final DaemonOptions options;
  private final NodeDirectory directory;
  private final Clock clock = new SystemClock();
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock changing = new ReentrantLock();
  private volatile LocalNodeState standing = new LocalNodeState.Outside();
  private volatile boolean pending; // about to be in a swarm of its own

  SwarmNode(DaemonOptions options) {
    this.options = options;
    directory = new NodeDirectory(options.dataDir(), random);
  }

  /**
   * Takes up the swarm that this node was in when it stopped, or on its way into, if there is one.
   * A membership that cannot be taken up leaves the node in the error state, where {@code leave
   * --force} is possible.
   */
  void restore() throws IOException {
    if (directory.identity().isLocked()) {
      standing = new LocalNodeState.Locked();
      LOG.info("this manager is locked: run 'swarm unlock' on this node");
      return;
    }
    restore(Optional.empty());
  }

  private void restore(Optional<UnlockKey> unlock) throws IOException {
    Optional<NodeIdentity> identity;
    try {
      identity = directory.identity().load();
    } catch (CredentialException e) {
      failed("this node's certificate cannot be used: " + e.getMessage());
      return;
    }
    Optional<NodeDirectory.State> state = directory.state();
    if (identity.isEmpty() || state.isEmpty()) {
      directory.join().ifPresent(this::attempt);
      return;
    }
    directory.forgetJoin();
    try {
      identity.get().requireValidAt(clock.now());
      standing =
          new LocalNodeState.Member(
              Membership.start(
                  options, directory, identity.get(), state.get(), new Beginning.Resume(unlock)));
    } catch (CredentialException e) {
      failed(
          "this node's certificate has expired ("
              + e.getMessage()
              + "): leave the swarm with --force and join it again");
    } catch (IOException | RuntimeException e) {
      failed("this node could not resume its place in the swarm: " + Reason.of(e));
    }
  }

  private void failed(String why) {
    standing = new LocalNodeState.Failed(why);
    LOG.error(why);
  }

  @Override
  public LocalNode status() {
    return switch (standing) {
      case LocalNodeState.Member(Membership membership) -> membership.status();
      case LocalNodeState.Locked() -> LocalNode.locked();
      case LocalNodeState.Failed(String why) -> LocalNode.failed(why);
      case LocalNodeState.Attempting(JoinAttempt attempt) ->
          attempt.isRefused()
              ? LocalNode.failed(attempt.lastError())
              : LocalNode.pending(attempt.lastError());
      case LocalNodeState.Outside() -> pending ? LocalNode.pending("") : LocalNode.inactive();
    };
  }

  @Override
  public LocalNode managerStatus() {
    membership().ifPresent(Membership::awaitStarting);
    return status();
  }

  private Optional<Membership> membership() {
    return standing instanceof LocalNodeState.Member(Membership membership)
        ? Optional.of(membership)
        : Optional.empty();
  }

  /** The leader's services, for as long as this node is a manager. */
  Channel leader() {
    return membership()
        .flatMap(Membership::leader)
        .orElseThrow(() -> ApiRejection.unavailable(status().whyNoManager()));
  }

  @Override
  public String init(InitRequest request) {
    begin();
    try {
      return switch (standing) {
        case LocalNodeState.Outside() -> found(request);
        case LocalNodeState.Member(Membership now) when request.forceNewCluster() ->
            forceNewCluster(request, now);
        case LocalNodeState.Locked(), LocalNodeState.Failed _, LocalNodeState.Attempting _
            when request.forceNewCluster() ->
            throw ApiRejection.unavailable(status().whyNoManager());
        case LocalNodeState.Locked(),
            LocalNodeState.Failed _,
            LocalNodeState.Attempting _,
            LocalNodeState.Member _ ->
            throw ApiRejection.unavailable(ALREADY_MEMBER);
      };
    } finally {
      end();
    }
  }

  private String found(InitRequest request) {
    String listenText = listen(request.listenAddr(), options.listenAddr());
    InetSocketAddress listen = NodeAddresses.listen(listenText);
    String advertise = NodeAddresses.advertise(advertiseText(request.advertiseAddr()), listen);
    ClusterBootstrap founding =
        new NewCluster(request).founding(new RandomIds(random), random, clock.now());
    String id = founding.node().id().value();
    NodeDirectory.State state =
        new NodeDirectory.State(listenText, advertise, List.of(new LocalNode.Peer(id, advertise)));
    pending = true;
    enter(founding.identity(), state, new Beginning.Found(founding)).awaitSeen(SEEN_WITHIN);
    return id;
  }

  /** Clients always name the usual place, whether or not their user did. */
  private static String listen(String asked, String otherwise) {
    return asked.isEmpty() || asked.equals(DaemonOptions.LISTEN_DEFAULT) ? otherwise : asked;
  }

  private String advertiseText(String asked) {
    return asked.isEmpty() ? options.defaultAdvertiseAddr() : asked;
  }

  private String forceNewCluster(InitRequest request, Membership now) {
    if (!now.isManager()) {
      throw ApiRejection.unavailable(now.status().whyNoManager());
    }
    NewCluster cluster = new NewCluster(request);
    // What is wrong with the request is said before anything is given up.
    var _ = cluster.spec(now.clusterSpec().orElseGet(ClusterBootstrap::defaultSpec));
    NodeIdentity identity = now.identity();
    NodeDirectory.State before = now.state();
    NodeDirectory.State after = moved(before, request, identity.nodeId());
    try {
      directory.store(after);
    } catch (IOException e) {
      throw new ApiRejection(500, "the new address cannot be stored: " + e.getMessage());
    }
    now.close();
    // Only now does nobody seal anything anew any more.
    Optional<UnlockKey> unlock = now.sealedWith();
    Membership alone;
    try {
      alone =
          Membership.start(
              options, directory, identity, after, new Beginning.ForceNewCluster(unlock));
    } catch (IOException | RuntimeException e) {
      resume(identity, before, unlock);
      throw e instanceof ApiRejection rejection
          ? rejection
          : new ApiRejection(500, "this manager could not go on alone: " + Reason.of(e));
    }
    standing = new LocalNodeState.Member(alone);
    alone.reform(cluster);
    alone.awaitSeen(SEEN_WITHIN);
    return identity.nodeId();
  }

  private NodeDirectory.State moved(
      NodeDirectory.State before, InitRequest request, String nodeId) {
    String listenText = listen(request.listenAddr(), before.listen());
    InetSocketAddress listen = NodeAddresses.listen(listenText);
    String advertise =
        request.advertiseAddr().isEmpty()
            ? before.advertise()
            : NodeAddresses.advertise(request.advertiseAddr(), listen);
    return new NodeDirectory.State(
        listenText, advertise, List.of(new LocalNode.Peer(nodeId, advertise)));
  }

  /** Back to how it was. */
  private void resume(
      NodeIdentity identity, NodeDirectory.State state, Optional<UnlockKey> unlock) {
    try {
      directory.store(state);
      standing =
          new LocalNodeState.Member(
              Membership.start(options, directory, identity, state, new Beginning.Resume(unlock)));
    } catch (IOException | RuntimeException e) {
      failed("this node could not resume its place in the swarm: " + Reason.of(e));
    }
  }

  @Override
  public void join(JoinRequest request) {
    long startNanos = clock.nanoTime();
    JoinAttempt attempt;
    begin();
    try {
      if (!(standing instanceof LocalNodeState.Outside)) {
        throw ApiRejection.unavailable(ALREADY_MEMBER);
      }
      // What is wrong with the request is said before a manager is asked for anything.
      InetSocketAddress listen =
          NodeAddresses.listen(listen(request.listenAddr(), options.listenAddr()));
      String advertise = advertiseText(request.advertiseAddr());
      if (!advertise.isEmpty()) {
        var _ = NodeAddresses.advertise(advertise, listen);
      }
      var _ = Joining.token(request.joinToken());
      directory.create();
      directory.storeJoin(request);
      attempt = attempt(request);
    } catch (IOException e) {
      throw new ApiRejection(500, "the join cannot be stored: " + e.getMessage());
    } finally {
      end();
    }
    awaitJoined(attempt, startNanos);
  }

  private void awaitJoined(JoinAttempt attempt, long startNanos) {
    boolean joined;
    try {
      joined = attempt.await(SEEN_WITHIN);
    } catch (ApiRejection refusal) {
      giveUp(attempt);
      throw refusal;
    }
    Duration left = SEEN_WITHIN.minusNanos(clock.nanoTime() - startNanos);
    joined = joined && membership().map(now -> now.awaitSeen(left)).orElse(false);
    if (!joined) {
      throw new ApiRejection(
          503,
          "Timeout was reached before node joined. The attempt to join the swarm will continue in"
              + " the background. Use the \"docker info\" command to see the current swarm status"
              + " of your node.");
    }
  }

  private JoinAttempt attempt(JoinRequest request) {
    JoinAttempt attempt =
        new JoinAttempt(
            () -> Joining.at(request, clock, random, blocking),
            granted -> enter(request, granted),
            Membership::sleep);
    standing = new LocalNodeState.Attempting(attempt);
    attempt.start(blocking);
    return attempt;
  }

  private void enter(JoinRequest request, Joining.Granted granted) throws InterruptedException {
    String listen = listen(request.listenAddr(), options.listenAddr());
    int port = NodeAddresses.listen(listen).getPort();
    String asked = advertiseText(request.advertiseAddr());
    String advertise =
        asked.isEmpty()
            ? LocalAddress.towards(granted.manager(), port)
            : NodeAddresses.advertise(asked, NodeAddresses.listen(listen));
    changing.lockInterruptibly();
    try {
      var _ =
          enter(
              granted.identity(),
              new NodeDirectory.State(
                  listen, advertise, List.of(new LocalNode.Peer("", granted.manager().toString()))),
              new Beginning.Join());
      directory.forgetJoin();
    } catch (IOException e) {
      LOG.warn(
          "this node has joined, but its stored request to join could not be deleted:" + " {}",
          e.getMessage());
    } finally {
      changing.unlock();
    }
  }

  private Membership enter(NodeIdentity identity, NodeDirectory.State state, Beginning beginning) {
    try {
      directory.create();
      directory.store(state);
      directory.identity().store(identity);
      Membership entered = Membership.start(options, directory, identity, state, beginning);
      standing = new LocalNodeState.Member(entered);
      return entered;
    } catch (IOException | RuntimeException e) {
      forget();
      throw e instanceof ApiRejection rejection
          ? rejection
          : new ApiRejection(500, String.valueOf(e.getMessage()));
    }
  }

  private void forget() {
    try {
      directory.delete();
    } catch (IOException e) {
      failed("the files of this node's swarm could not be removed: " + e.getMessage());
    }
  }

  private void forgetAll() {
    standing = new LocalNodeState.Outside();
    forget();
  }

  /** Ends an attempt to join, and forgets it unless it made this node a member after all. */
  private void giveUp(JoinAttempt attempt) {
    attempt.giveUp();
    changing.lock();
    try {
      if (standing.equals(new LocalNodeState.Attempting(attempt))) {
        forgetAll();
      }
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void leave(boolean force) {
    if (standing instanceof LocalNodeState.Attempting(JoinAttempt attempt)) {
      giveUp(attempt);
      if (standing instanceof LocalNodeState.Outside) {
        return;
      }
    }
    begin();
    try {
      switch (standing) {
        case LocalNodeState.Outside() -> throw ApiRejection.unavailable(NO_SWARM);
        case LocalNodeState.Attempting _ -> forgetAll();
        case LocalNodeState.Locked() -> {
          if (!force) {
            throw ApiRejection.unavailable(
                "Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore"
                    + " this message.");
          }
          forgetAll();
        }
        case LocalNodeState.Failed(String why) -> {
          if (!force) {
            throw ApiRejection.unavailable(why + " (use --force to leave all the same)");
          }
          forgetAll();
        }
        case LocalNodeState.Member(Membership now) -> leave(now, force);
      }
    } finally {
      end();
    }
  }

  private void leave(Membership now, boolean force) {
    if (now.isManager() && !force) {
      throw ApiRejection.unavailable(LeaveWarning.of(now.leader().flatMap(ManagerCount::ask)));
    }
    now.leaveLog();
    try {
      now.removeTasks();
    } catch (IOException e) {
      if (!force) {
        throw new ApiRejection(500, e.getMessage() + "; use --force to leave all the same");
      }
      LOG.warn("leaving the swarm, as --force asks, although {}", e.getMessage());
    }
    now.close();
    forgetAll();
  }

  @Override
  public Optional<LocalPlace> takePlace(String network, String container, String address) {
    return membership().flatMap(now -> now.takePlace(network, container, address));
  }

  @Override
  public void returnPlace(LocalPlace place) {
    membership().ifPresent(now -> now.returnPlace(place));
  }

  @Override
  public String unlockKey() {
    ByteString key =
        CAGrpc.newBlockingStub(leader())
            .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
            .getUnlockKey(GetUnlockKeyRequest.getDefaultInstance())
            .getUnlockKey();
    return key.isEmpty() ? "" : UnlockKeyText.of(key.toByteArray());
  }

  @Override
  public void unlock(String text) {
    begin();
    try {
      switch (standing) {
        case LocalNodeState.Locked() -> unlockWith(UnlockKeyText.parse(text));
        case LocalNodeState.Member(Membership now) when now.isManager() ->
            throw ApiRejection.conflict("swarm is not locked");
        case LocalNodeState.Outside(),
            LocalNodeState.Failed _,
            LocalNodeState.Attempting _,
            LocalNodeState.Member _ ->
            throw ApiRejection.unavailable(status().whyNoManager());
      }
    } catch (CredentialException e) {
      throw ApiRejection.badRequest(e.getMessage());
    } catch (IOException e) {
      throw new ApiRejection(500, "swarm could not be unlocked: " + e.getMessage());
    } finally {
      end();
    }
  }

  private void unlockWith(byte[] key) throws IOException {
    directory.identity().lock(Optional.of(UnlockKeyText.of(key)));
    if (!opens()) {
      directory.identity().lock(Optional.empty());
      throw new ApiRejection(401, "swarm could not be unlocked: invalid key provided");
    }
    restore(Optional.of(new UnlockKey(key)));
    membership().ifPresent(now -> now.awaitSeen(SEEN_WITHIN));
  }

  private boolean opens() throws IOException {
    try {
      return directory.identity().load().isPresent();
    } catch (CredentialException e) {
      return false;
    }
  }

  private void begin() {
    if (!changing.tryLock()) {
      throw ApiRejection.unavailable(
          "This node is just joining or leaving a swarm; try again when that is done");
    }
  }

  private void end() {
    pending = false;
    changing.unlock();
  }

  @Override
  public void close() {
    if (standing instanceof LocalNodeState.Attempting(JoinAttempt attempt)) {
      attempt.giveUp();
    }
    Optional<Membership> last = membership();
    standing = new LocalNodeState.Outside();
    last.ifPresent(Membership::close);
    blocking.shutdownNow();
  }
}
