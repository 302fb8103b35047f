package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.raft.RaftOptions.Start;
import dev.swarm.manager.raft.storage.DataKeys;
import dev.swarm.manager.raft.storage.Sealer;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** Managers in one JVM whose logs meet over in-process channels, with real disks. */
final class Managers implements AutoCloseable {
  static final String CLUSTER = "cluster-under-test";

  private final Path directory;
  private final DataKeys keys = DataKeys.create(new SecureRandom());
  private final UnaryOperator<RaftOptions> tune;
  private final Map<String, Manager> running = new LinkedHashMap<>();
  private final Map<String, Integer> moves = new HashMap<>();

  Managers(Path directory, UnaryOperator<RaftOptions> tune) {
    this.directory = directory;
    this.tune = tune;
  }

  /** One manager: its log, what its machine was told, and its port. */
  record Manager(Peer peer, RatisLog log, Diary diary, Server port) {
    void propose(String entry) {
      done(log.propose(bytes(entry)));
    }
  }

  Path home(String id) {
    return directory.resolve(id);
  }

  Peer peer(String id) {
    String host = System.identityHashCode(this) + "-" + id + "-" + moves.getOrDefault(id, 0);
    return new Peer(id, host + ":2377");
  }

  /** Its machine gets another address. */
  void move(String id) {
    moves.merge(id, 1, Integer::sum);
  }

  Sealer sealer() {
    return new Sealer(keys, new SecureRandom());
  }

  RatisLog log(String id, Start start) {
    Duration min = Duration.ofMillis(300);
    RaftOptions options =
        RaftOptions.of(home(id), CLUSTER, peer(id), start)
            .withElectionTimeouts(min, min.multipliedBy(2));
    return new RatisLog(tune.apply(options), sealer(), this::dial);
  }

  Manager start(String id, Start start) throws IOException {
    RatisLog log = log(id, start);
    Server port =
        InProcessServerBuilder.forName(peer(id).address())
            .addService(log.service())
            .build()
            .start();
    var manager = new Manager(peer(id), log, new Diary(), port);
    try {
      log.start(manager.diary());
    } catch (IOException e) {
      port.shutdownNow();
      log.close();
      throw e;
    }
    running.put(id, manager);
    return manager;
  }

  /** The first manager of a new cluster, leading. */
  Manager found(String id) throws IOException {
    Manager manager = start(id, Start.NEW_CLUSTER);
    manager.diary().awaitLeading();
    return manager;
  }

  Manager join(String id) throws IOException {
    Manager manager = start(id, Start.JOIN);
    done(leader().log().addPeer(manager.peer()));
    return manager;
  }

  /** Waits until one of those that run leads. */
  Manager leader() {
    List<Manager> leading = new ArrayList<>();
    for (int tries = 0; tries < 600 && leading.isEmpty(); tries++) {
      for (Manager manager : running.values()) {
        synchronized (manager.diary()) {
          if (manager.log().leadership().self()) {
            leading.add(manager);
          } else {
            waitALittle(manager.diary());
          }
        }
      }
    }
    if (leading.isEmpty()) {
      throw new AssertionError("nobody leads");
    }
    return leading.getLast();
  }

  /** As when the process is gone: nobody answers, and its disk is free again. */
  void stop(String id) {
    Manager manager = Optional.ofNullable(running.remove(id)).orElseThrow();
    manager.port().shutdownNow();
    manager.log().close();
  }

  /** As when the network is gone: it runs, but nobody reaches it. */
  void cutOff(String id) {
    Optional.ofNullable(running.get(id)).orElseThrow().port().shutdownNow();
  }

  private ManagedChannel dial(Peer peer) {
    return InProcessChannelBuilder.forName(peer.address()).build();
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }

  /** Lets others work; {@code monitor} may be notified. */
  @SuppressWarnings("WaitNotInLoop") // the caller loops
  static void waitALittle(Object monitor) {
    synchronized (monitor) {
      try {
        monitor.wait(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Waits for a stage that has to succeed. */
  static void done(CompletionStage<Void> stage) {
    Throwable failure = outcome(stage);
    if (failure != null) {
      throw new AssertionError("failed: " + failure, failure);
    }
  }

  /** Waits for a stage that has to fail. */
  static Throwable failure(CompletionStage<Void> stage) {
    Throwable failure = outcome(stage);
    if (failure == null) {
      throw new AssertionError("succeeded");
    }
    return failure;
  }

  private static @org.jspecify.annotations.Nullable Throwable outcome(CompletionStage<Void> stage) {
    try {
      stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no outcome at all", e);
    }
  }
}
