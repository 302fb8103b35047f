package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.UnlockKeyText;
import dev.swarm.core.port.EventLoop;
import dev.swarm.manager.Manager;
import dev.swarm.manager.ManagerOptions;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.raft.storage.UnlockKey;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the manager on this node for as long as the node's certificate makes it one: starts it on a
 * promotion and ends it on a demotion. When the others take it out of their log the certificate is
 * asked for anew, and says whether that is for good.
 */
final class OwnManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnManager.class);

  private final NodeDirectory directory;
  private final IdentityHolder identity;
  private final Supplier<NodeDirectory.State> state;
  private final EventLoop loop;
  private final Surroundings surroundings;
  private final Supervised<Manager> supervised;
  private volatile Optional<UnlockKey> unlock;

  /** Those who live with the manager. Neither method may block. */
  interface Surroundings {
    /** The manager came or went because of the role. */
    void changed();

    /** Only a new certificate tells whether this node is still to be a manager. */
    void askForRole();
  }

  /**
   * @param unlock opens what is sealed on disk
   * @param blocking where a manager is started and stopped after a change of role
   */
  OwnManager(
      NodeDirectory directory,
      IdentityHolder identity,
      Supplier<NodeDirectory.State> state,
      Optional<UnlockKey> unlock,
      EventLoop loop,
      Executor blocking,
      Surroundings surroundings) {
    this.directory = directory;
    this.identity = identity;
    this.state = state;
    this.unlock = unlock;
    this.loop = loop;
    this.surroundings = surroundings;
    supervised = new Supervised<>(new Life(), loop, blocking);
  }

  boolean isWanted() {
    return identity.current().role() == NodeRole.MANAGER;
  }

  Optional<Manager> get() {
    return supervised.get();
  }

  /** Why it is not as it should be, for people; empty if it is. */
  String problem() {
    return supervised.problem();
  }

  /** What opens the secrets that are on disk now. */
  Optional<UnlockKey> sealedWith() {
    synchronized (directory) {
      return unlock;
    }
  }

  /** Whether the others took it out of their log, and no new certificate has come since. */
  boolean awaitsRole() {
    return supervised.awaitsWord();
  }

  /**
   * @param founding the cluster to found, if there is none
   * @param forceNewCluster to go on alone
   */
  Manager start(Optional<ClusterBootstrap> founding, boolean forceNewCluster) throws IOException {
    ManagerOptions options = options();
    if (founding.isPresent()) {
      options = options.withFounding(founding.get());
    }
    if (forceNewCluster) {
      options = options.withForceNewCluster();
    }
    Manager started = started(options);
    supervised.adopt(started);
    return started;
  }

  private ManagerOptions options() {
    ManagerOptions options =
        ManagerOptions.onDisk(
                identity,
                directory.manager(),
                NodeAddresses.listen(state.get().listen()),
                HostPort.exact(state.get().advertise()))
            .withManagers(() -> state.get().managers().stream().map(LocalNode.Peer::addr).toList())
            .withLock(unlock, this::seal);
    return TestSwitches.certificateValidity().map(options::withCertificateValidity).orElse(options);
  }

  private Manager started(ManagerOptions options) throws IOException {
    Manager started = Manager.start(options);
    TestSwitches.rotateCertificates(started.requests(), loop);
    return started;
  }

  private void seal(Optional<UnlockKey> key) throws IOException {
    synchronized (directory) {
      directory.identity().lock(key.map(own -> UnlockKeyText.of(own.bytes())));
      directory.identity().store(identity.current());
      unlock = key;
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
    supervised.follow();
  }

  private final class Life implements Supervised.Life<Manager> {
    @Override
    public boolean isWanted() {
      return OwnManager.this.isWanted();
    }

    @Override
    public Manager start(boolean again) throws IOException {
      try {
        Manager started = started(again ? options().comingBack() : options());
        LOG.info("this node is a manager now");
        return started;
      } catch (IOException e) {
        throw new IOException("the change of this node's role failed: " + e.getMessage(), e);
      }
    }

    @Override
    public CompletionStage<Void> ended(Manager running) {
      return running
          .ended()
          .exceptionally(
              failure -> {
                Throwable why = failure.getCause() == null ? failure : failure.getCause();
                throw new IllegalStateException("the manager stopped: " + why.getMessage(), why);
              });
    }

    @Override
    public void stop(Manager running) {
      running.close();
    }

    @Override
    public void clear() throws IOException {
      directory.deleteManager();
      unlock = Optional.empty();
      LOG.info("this node is a worker now");
    }

    @Override
    public void told() {
      surroundings.askForRole();
    }

    @Override
    public void changed() {
      surroundings.changed();
    }

    @Override
    public void failed(String why, Duration pause) {
      LOG.error("{}; trying again in {} s", why, pause.toSeconds());
    }
  }

  @Override
  public void close() {
    supervised.close();
  }
}
