package dev.swarm.cli.daemon;

import com.google.protobuf.ByteString;
import dev.swarm.cli.daemon.Membership.Beginning;
import dev.swarm.cli.daemon.engineapi.ApiRejection;
import dev.swarm.cli.daemon.engineapi.InitRequest;
import dev.swarm.cli.daemon.engineapi.JoinRequest;
import dev.swarm.cli.daemon.engineapi.LocalNode;
import dev.swarm.cli.daemon.engineapi.LocalPlace;
import dev.swarm.cli.daemon.engineapi.NodeControl;
import dev.swarm.core.control.ClusterControl;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.UnlockKeyText;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.port.Clock;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.ca.Founding;
import dev.swarm.manager.log.UnlockKey;
import dev.swarm.worker.loop.SystemClock;
import docker.swarmkit.v1.CAGrpc;
import docker.swarmkit.v1.ClusterSpec;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This machine's way into a swarm and out of it. What fails leaves everything as it was: files are
 * written once the cluster has said yes, and removed if the start that follows fails.
 */
final class SwarmNode implements NodeControl, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SwarmNode.class);
  private static final int CALL_SECONDS_MAX = 5;
  private static final Duration JOINED_WITHIN = Duration.ofSeconds(20);
  private static final String NO_SWARM = "This node is not part of a swarm";
  private static final String ALREADY_MEMBER =
      "This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and"
          + " join another one.";

  private final DaemonOptions options;
  private final NodeDirectory directory;
  private final Clock clock = new SystemClock();
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock changing = new ReentrantLock();
  private volatile @Nullable Membership membership;
  private volatile boolean pending;
  private volatile boolean locked;
  private volatile String error = "";

  SwarmNode(DaemonOptions options) {
    this.options = options;
    directory = new NodeDirectory(options.dataDir(), random);
  }

  /**
   * Takes up the swarm that this node was in when it stopped, if there is one. A membership that
   * cannot be taken up leaves the node in the error state, where {@code leave --force} is possible.
   */
  void restore() throws IOException {
    if (directory.identity().isLocked()) {
      locked = true;
      LOG.info("this manager is locked until somebody unlocks it");
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
      return;
    }
    try {
      identity.get().requireValidAt(clock.now());
      membership =
          Membership.start(
              options, directory, identity.get(), state.get(), new Beginning.Resume(unlock));
    } catch (CredentialException e) {
      failed(
          "this node's certificate has expired ("
              + e.getMessage()
              + "): leave the swarm with --force and join it again");
    } catch (IOException e) {
      failed("this node's swarm cannot be taken up: " + e.getMessage());
    }
  }

  private void failed(String why) {
    error = why;
    LOG.error(why);
  }

  @Override
  public LocalNode status() {
    Membership now = membership;
    if (now != null) {
      return now.status();
    }
    if (locked) {
      return LocalNode.locked();
    }
    if (!error.isEmpty()) {
      return new LocalNode(LocalNode.State.ERROR, "", "", false, false, error, List.of());
    }
    return pending
        ? new LocalNode(LocalNode.State.PENDING, "", "", false, false, "", List.of())
        : LocalNode.inactive();
  }

  /** The leader's services, for as long as this node is a manager. */
  Channel leader() {
    Membership now = membership;
    Optional<Channel> channel = now == null ? Optional.empty() : now.leader();
    return channel.orElseThrow(() -> ApiRejection.unavailable("This node is not a swarm manager."));
  }

  @Override
  public String init(InitRequest request) {
    begin();
    try {
      String listenText =
          request.listenAddr().isEmpty() ? options.listenAddr() : request.listenAddr();
      InetSocketAddress listen = Addresses.listen(listenText);
      String advertise = Addresses.advertise(advertiseText(request.advertiseAddr()), listen);
      if (request.forceNewCluster()) {
        return forceNewCluster();
      }
      requireNoSwarm();
      ClusterSpec spec = request.settings().apply(Founding.defaultSpec());
      if (!spec.getCaConfig().getSigningCaCert().isEmpty()
          || !spec.getCaConfig().getSigningCaKey().isEmpty()) {
        throw ApiRejection.badRequest(
            "a new swarm makes its own root certificate: give it another one afterwards, with"
                + " \"docker swarm ca --rotate\"");
      }
      Optional<Rejection> refusal = ClusterControl.refusalOf(spec);
      if (refusal.isPresent()) {
        throw ApiRejection.badRequest(refusal.get().message());
      }
      RandomIds ids = new RandomIds(random);
      Founding founding =
          TestSwitches.certificateValidity()
              .map(
                  validity ->
                      Founding.create(
                          spec, request.availability(), validity, ids, random, clock.now()))
              .orElseGet(
                  () -> Founding.create(spec, request.availability(), ids, random, clock.now()))
              .withNetworks(
                  request.defaultAddrPool(), request.subnetSize(), request.dataPathPort(), ids);
      NodeDirectory.State state =
          new NodeDirectory.State(
              listenText,
              advertise,
              List.of(new LocalNode.Peer(founding.node().id().value(), advertise)));
      enter(founding.identity(), state, new Beginning.Found(founding));
      return founding.node().id().value();
    } finally {
      end();
    }
  }

  private String advertiseText(String asked) {
    return asked.isEmpty() ? options.defaultAdvertiseAddr() : asked;
  }

  private String forceNewCluster() {
    Membership now = membership;
    if (now == null) {
      throw ApiRejection.unavailable(
          "This node is not part of a swarm, so there is no cluster to force: use init without"
              + " --force-new-cluster");
    }
    if (!now.isManager()) {
      throw ApiRejection.unavailable("This node is a worker: only a manager has a cluster to keep");
    }
    try {
      NodeIdentity identity = directory.identity().load().orElseThrow();
      NodeDirectory.State state = directory.state().orElseThrow();
      now.close();
      membership = null;
      membership =
          Membership.start(
              options, directory, identity, state, new Beginning.ForceNewCluster(unlock()));
      return identity.nodeId();
    } catch (IOException | CredentialException e) {
      failed("the cluster could not be taken up: " + e.getMessage());
      throw new ApiRejection(500, error);
    }
  }

  @Override
  public void join(JoinRequest request) {
    begin();
    try {
      requireNoSwarm();
      String listenText =
          request.listenAddr().isEmpty() ? options.listenAddr() : request.listenAddr();
      InetSocketAddress listen = Addresses.listen(listenText);
      String asked = advertiseText(request.advertiseAddr());
      // What is wrong with it is said before a manager is asked for anything.
      Optional<String> given =
          asked.isEmpty() ? Optional.empty() : Optional.of(Addresses.advertise(asked, listen));
      Joining.Granted granted = granted(request);
      String advertise =
          given.orElseGet(() -> LocalAddress.towards(granted.manager(), listen.getPort()));
      joined(granted, listenText, advertise);
    } finally {
      end();
    }
  }

  private Joining.Granted granted(JoinRequest request) {
    ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
    try {
      return Joining.at(request, clock, random, callbacks);
    } finally {
      callbacks.shutdownNow();
    }
  }

  private void joined(Joining.Granted granted, String listen, String advertise) {
    enter(
        granted.identity(),
        new NodeDirectory.State(
            listen, advertise, List.of(new LocalNode.Peer("", granted.manager().toString()))),
        new Beginning.Join());
    Membership joined = membership;
    if (joined != null && !joined.awaitRegistered(JOINED_WITHIN)) {
      throw new ApiRejection(
          503,
          "Timeout was reached before node joined. The attempt to join the swarm will continue in"
              + " the background. Use the \"docker info\" command to see the current swarm status"
              + " of your node.");
    }
  }

  private void enter(NodeIdentity identity, NodeDirectory.State state, Beginning beginning) {
    try {
      directory.create();
      directory.store(state);
      directory.identity().store(identity);
      membership = Membership.start(options, directory, identity, state, beginning);
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
      failed("what this node keeps of its swarm cannot be removed: " + e.getMessage());
    }
  }

  private void requireNoSwarm() {
    if (membership != null || locked || !error.isEmpty()) {
      throw ApiRejection.unavailable(ALREADY_MEMBER);
    }
  }

  @Override
  public void leave(boolean force) {
    begin();
    try {
      Membership now = membership;
      if (now == null && locked) {
        if (!force) {
          throw ApiRejection.unavailable(
              "Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore"
                  + " this message.");
        }
        locked = false;
        forget();
        return;
      }
      if (now == null) {
        if (error.isEmpty()) {
          throw ApiRejection.unavailable(NO_SWARM);
        }
        if (!force) {
          throw ApiRejection.unavailable(error + " (use --force to leave all the same)");
        }
        forget();
        error = "";
        return;
      }
      if (now.isManager() && !force) {
        throw ApiRejection.unavailable(warning(now));
      }
      now.resign();
      try {
        now.removeTasks();
      } catch (IOException e) {
        if (!force) {
          throw new ApiRejection(500, e.getMessage() + "; use --force to leave all the same");
        }
        LOG.warn("leaving although {}", e.getMessage());
      }
      membership = null;
      now.close();
      forget();
    } finally {
      end();
    }
  }

  /** What the swarm would lose; in the engine's words, as programs know them. */
  private static String warning(Membership leaving) {
    String warning =
        "You are attempting to leave the swarm on a node that is participating as a manager. ";
    Optional<ManagerCount> count = leaving.leader().flatMap(ManagerCount::ask);
    if (count.isPresent() && count.get().isLast()) {
      return warning
          + "Removing the last manager erases all current state of the swarm. Use `--force` to"
          + " ignore this message.";
    }
    if (count.isEmpty()) {
      warning += "Doing so may lose the consensus of your cluster. ";
    } else if (count.get().oneLessIsTooFew()) {
      warning +=
          "Removing this node leaves %d managers out of %d. Without a Raft quorum your swarm will be inaccessible. "
              .formatted(count.get().reachable() - 1, count.get().all());
    }
    return warning
        + "The only way to restore a swarm that has lost consensus is to reinitialize it with"
        + " `--force-new-cluster`. Use `--force` to suppress this message.";
  }

  /** The key in force, for a start that follows at once. */
  private Optional<UnlockKey> unlock() {
    Membership now = membership;
    return now == null ? Optional.empty() : now.unlockKey();
  }

  @Override
  public Optional<LocalPlace> takePlace(String network, String container, String address) {
    Membership now = membership;
    return now == null ? Optional.empty() : now.takePlace(network, container, address);
  }

  @Override
  public void returnPlace(LocalPlace place) {
    Membership now = membership;
    if (now != null) {
      now.returnPlace(place);
    }
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
      if (!locked) {
        throw membership == null && error.isEmpty()
            ? ApiRejection.unavailable(NO_SWARM)
            : ApiRejection.conflict("swarm is not locked");
      }
      byte[] key = unlockKey(text);
      directory.identity().lock(Optional.of(UnlockKeyText.of(key)));
      if (!opens()) {
        directory.identity().lock(Optional.empty());
        throw new ApiRejection(401, "swarm could not be unlocked: invalid key provided");
      }
      locked = false;
      restore(Optional.of(new UnlockKey(key)));
    } catch (IOException e) {
      throw new ApiRejection(500, "swarm could not be unlocked: " + e.getMessage());
    } finally {
      end();
    }
  }

  private static byte[] unlockKey(String text) {
    try {
      return UnlockKeyText.parse(text);
    } catch (CredentialException e) {
      throw ApiRejection.badRequest(e.getMessage());
    }
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
    pending = true;
  }

  private void end() {
    pending = false;
    changing.unlock();
  }

  @Override
  public void close() {
    Membership now = membership;
    membership = null;
    if (now != null) {
      now.close();
    }
  }
}
