package dev.swarm.manager;

import com.google.protobuf.ByteString;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.members.ManagerJoin;
import dev.swarm.manager.raft.MemoryLog;
import dev.swarm.manager.raft.RaftOptions;
import dev.swarm.manager.raft.RatisLog;
import dev.swarm.manager.raft.storage.DataKeys;
import dev.swarm.manager.raft.storage.DataKeysFile;
import dev.swarm.manager.raft.storage.Sealer;
import dev.swarm.manager.raft.storage.UnlockKey;
import dev.swarm.manager.tls.ManagerChannels;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The log that a manager was configured to have, with its connections to other managers' logs. */
final class ManagerLog implements AutoCloseable {
  private static final String KEYS = "log-keys";
  private static final long LOOPS_QUIET_MILLIS = 0;
  private static final long LOOPS_CLOSE_MILLIS_MAX = 2000;

  private final ReplicatedLog log;
  private final Optional<Shared> shared;

  /** What a log has that other managers take part in. */
  private record Shared(
      RatisLog log,
      DataKeys keys,
      DataKeysFile file,
      ManagerChannels channels,
      EventLoopGroup loops,
      ManagerJoin join) {}

  private ManagerLog(ReplicatedLog log, Optional<Shared> shared) {
    this.log = log;
    this.shared = shared;
  }

  static ManagerLog open(ManagerOptions options, SecureRandom random) throws IOException {
    String self = options.identity().current().nodeId();
    Peer peer = new Peer(self, options.advertise().toString());
    if (options.directory().isEmpty()) {
      return new ManagerLog(new MemoryLog(peer, Runnable::run), Optional.empty());
    }
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      ManagerChannels channels = new ManagerChannels(options.identity(), loops, Runnable::run);
      Shared shared = open(options, options.directory().get(), peer, random, channels, loops);
      return new ManagerLog(shared.log(), Optional.of(shared));
    } catch (IOException | RuntimeException e) {
      close(loops);
      throw e;
    }
  }

  private static Shared open(
      ManagerOptions options,
      Path directory,
      Peer self,
      SecureRandom random,
      ManagerChannels channels,
      EventLoopGroup loops)
      throws IOException {
    Files.createDirectories(directory);
    String clusterId = options.identity().current().clusterId();
    Path entries = directory.resolve("raft");
    ManagerJoin join =
        new ManagerJoin(self, options.managers(), to -> dial(channels, to), new SystemClock());
    if (options.comesBack() && join.prepare().outside()) {
      RatisLog.delete(entries);
    }
    boolean exists = RatisLog.exists(entries, clusterId);
    DataKeysFile file = new DataKeysFile(directory.resolve(KEYS), random);
    DataKeys keys = keys(options, directory, file, exists, join, random);
    RatisLog log =
        new RatisLog(
            RaftOptions.of(entries, clusterId, self, start(options, exists)),
            new Sealer(keys, random),
            to -> dial(channels, to));
    return new Shared(log, keys, file, channels, loops, join);
  }

  private static RaftOptions.Start start(ManagerOptions options, boolean exists) {
    if (exists) {
      return options.forceNewCluster()
          ? RaftOptions.Start.FORCE_NEW_CLUSTER
          : RaftOptions.Start.RESTART;
    }
    return options.founding().isPresent() ? RaftOptions.Start.NEW_CLUSTER : RaftOptions.Start.JOIN;
  }

  private static DataKeys keys(
      ManagerOptions options,
      Path directory,
      DataKeysFile file,
      boolean exists,
      ManagerJoin join,
      SecureRandom random)
      throws IOException {
    if (file.exists()) {
      return file.load(options.unlock());
    }
    if (!exists && options.founding().isEmpty() && options.managers().get().isEmpty()) {
      throw new IOException(
          "there is no log of cluster "
              + options.identity().current().clusterId()
              + " in "
              + directory
              + ", none to found, and no manager is known that has one");
    }
    DataKeys keys;
    if (options.founding().isPresent()) {
      keys = DataKeys.create(random);
    } else {
      keys = exists ? join.prepare().keys() : join.begin();
    }
    file.store(keys, options.unlock());
    return keys;
  }

  private static ManagedChannel dial(ManagerChannels channels, Peer to) {
    return channels.open(HostPort.exact(to.address()));
  }

  ReplicatedLog log() {
    return log;
  }

  /** What other managers call, if there can be any. */
  Optional<BindableService> service() {
    return shared.map(own -> own.log().service());
  }

  /** A connection to another manager; the caller shuts it down. */
  ManagedChannel dial(Peer to) {
    return dial(shared.orElseThrow().channels(), to);
  }

  boolean isShared() {
    return shared.isPresent();
  }

  /** What a new manager needs before its log can start: secret. */
  ByteString keys() {
    return ByteString.copyFrom(shared.orElseThrow().keys().encode());
  }

  /** Blocks until this manager is a voter at its address. */
  void enter() throws IOException {
    if (shared.isPresent()) {
      shared.get().join().enter(log);
    }
  }

  /** Completes when the log has ended, exceptionally with what made it stop. */
  CompletionStage<Void> ended() {
    return shared
        .<CompletionStage<Void>>map(own -> own.log().ended())
        .orElseGet(CompletableFuture::new);
  }

  /** Seals the data keys, and by {@code sealing} what else there is, with another unlock key. */
  void seal(Optional<UnlockKey> key, ManagerOptions.Sealing sealing) throws IOException {
    if (shared.isPresent()) {
      shared.get().file().prepare(shared.get().keys(), key);
      sealing.seal(key);
      shared.get().file().finish();
    }
  }

  @Override
  public void close() {
    log.close();
    shared.ifPresent(own -> close(own.loops()));
  }

  private static void close(EventLoopGroup loops) {
    var _ =
        loops.shutdownGracefully(LOOPS_QUIET_MILLIS, LOOPS_CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
  }
}
