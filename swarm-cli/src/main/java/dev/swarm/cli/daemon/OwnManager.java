package dev.swarm.cli.daemon;

import dev.swarm.cli.daemon.engineapi.LocalNode;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.UnlockKeyText;
import dev.swarm.core.port.EventLoop;
import dev.swarm.manager.Manager;
import dev.swarm.manager.ManagerOptions;
import dev.swarm.manager.ca.Founding;
import dev.swarm.manager.log.UnlockKey;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manager on this node, which is there for as long as the node's certificate makes it one: it
 * comes with a promotion and goes with a demotion.
 */
final class OwnManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnManager.class);
  private static final Duration RETRY_MIN = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofSeconds(30);

  private final NodeDirectory directory;
  private final IdentityHolder identity;
  private final Supplier<NodeDirectory.State> state;
  private final EventLoop loop;
  private final Executor blocking;
  private final Runnable changed;
  private volatile Optional<Manager> manager = Optional.empty();
  private volatile String problem = "";
  private volatile boolean closed;
  private Duration retry = RETRY_MIN;
  private Optional<UnlockKey> unlock;

  /**
   * @param unlock opens what is sealed on disk
   * @param blocking where a manager is started and stopped after a change of role
   * @param changed run after the manager came or went because of the role
   */
  OwnManager(
      NodeDirectory directory,
      IdentityHolder identity,
      Supplier<NodeDirectory.State> state,
      Optional<UnlockKey> unlock,
      EventLoop loop,
      Executor blocking,
      Runnable changed) {
    this.directory = directory;
    this.identity = identity;
    this.state = state;
    this.unlock = unlock;
    this.loop = loop;
    this.blocking = blocking;
    this.changed = changed;
  }

  boolean isWanted() {
    return identity.current().role() == NodeRole.MANAGER;
  }

  Optional<Manager> get() {
    return manager;
  }

  /** Why it is not as it should be, for people; empty if it is. */
  String problem() {
    return problem;
  }

  /**
   * @param founding the cluster to found, if there is none
   * @param forceNewCluster to go on alone
   */
  synchronized Manager start(Optional<Founding> founding, boolean forceNewCluster)
      throws IOException {
    ManagerOptions options =
        ManagerOptions.onDisk(
                identity,
                directory.manager(),
                Addresses.listen(state.get().listen()),
                state.get().advertise())
            .withManagers(() -> state.get().managers().stream().map(LocalNode.Peer::addr).toList())
            .withLock(unlock, this::seal);
    if (founding.isPresent()) {
      options = options.withFounding(founding.get());
    }
    if (forceNewCluster) {
      options = options.withForceNewCluster();
    }
    options =
        TestSwitches.certificateValidity().map(options::withCertificateValidity).orElse(options);
    Manager started = Manager.start(options);
    TestSwitches.rotateCertificates(started.requests(), loop);
    started
        .ended()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                problem = "the manager stopped: " + failure.getMessage();
              }
            });
    manager = Optional.of(started);
    problem = "";
    return started;
  }

  private void seal(Optional<UnlockKey> key) throws IOException {
    synchronized (directory) {
      directory.identity().lock(key.map(own -> UnlockKeyText.of(own.bytes())));
      directory.identity().store(identity.current());
    }
  }

  /** A new certificate, made durable: sealed for a manager that is locked, open for a worker. */
  void store(NodeIdentity renewed) throws IOException {
    synchronized (directory) {
      if (renewed.role() != NodeRole.MANAGER) {
        directory.identity().lock(Optional.empty());
      }
      directory.identity().store(renewed);
    }
  }

  /** Brings the manager into line with the node's role; returns at once. */
  void follow() {
    blocking.execute(this::followNow);
  }

  private synchronized void followNow() {
    if (closed || isWanted() == manager.isPresent()) {
      return;
    }
    try {
      if (isWanted()) {
        start(Optional.empty(), false);
        LOG.info("this node is a manager now");
      } else {
        stop();
        directory.deleteManager();
        unlock = Optional.empty();
        LOG.info("this node is a worker now");
      }
      retry = RETRY_MIN;
      changed.run();
    } catch (IOException e) {
      problem = "this node cannot become what the swarm wants it to be: " + e.getMessage();
      LOG.error("{}; trying again in {} s", problem, retry.toSeconds());
      loop.schedule(retry, this::follow);
      retry = retry.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? retry.multipliedBy(2) : RETRY_MAX;
    }
  }

  private void stop() {
    Optional<Manager> running = manager;
    manager = Optional.empty();
    problem = "";
    running.ifPresent(Manager::close);
  }

  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      stop();
    }
  }
}
