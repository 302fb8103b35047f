package dev.swarm.manager;

import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.log.DataKeys;
import dev.swarm.manager.log.LogOptions;
import dev.swarm.manager.log.MemoryLog;
import dev.swarm.manager.log.RatisLog;
import dev.swarm.manager.log.Sealer;
import dev.swarm.manager.tls.ManagerChannels;
import io.grpc.BindableService;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** The log a manager was configured to have, and the service by which other managers reach it. */
record ManagerLog(ReplicatedLog log, Optional<BindableService> service) {
  private static final String KEYS = "log-keys";

  static ManagerLog open(ManagerOptions options, SecureRandom random) throws IOException {
    String self = options.identity().current().nodeId();
    Peer peer = new Peer(self, options.advertise());
    if (options.directory().isEmpty()) {
      return new ManagerLog(new MemoryLog(peer, Runnable::run), Optional.empty());
    }
    Path directory = options.directory().get();
    Files.createDirectories(directory);
    String clusterId = options.identity().current().clusterId();
    Path keys = directory.resolve(KEYS);
    Path entries = directory.resolve("raft");
    boolean exists = RatisLog.exists(entries, clusterId);
    if (!exists && options.founding().isEmpty()) {
      throw new IOException(
          "there is no log of cluster " + clusterId + " in " + directory + ", and none to found");
    }
    DataKeys dataKeys =
        Files.exists(keys)
            ? DataKeys.load(keys, Optional.empty())
            : storedKeys(keys, random);
    LogOptions.Start start =
        !exists
            ? LogOptions.Start.NEW_CLUSTER
            : options.forceNewCluster()
                ? LogOptions.Start.FORCE_NEW_CLUSTER
                : LogOptions.Start.RESTART;
    var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ManagerChannels channels = new ManagerChannels(options.identity(), loops, Runnable::run);
    RatisLog log =
        new RatisLog(
            LogOptions.of(entries, clusterId, peer, start),
            new Sealer(dataKeys, random),
            to -> {
              int colon = to.address().lastIndexOf(':');
              return channels.open(
                  to.address().substring(0, colon),
                  Integer.parseInt(to.address().substring(colon + 1)));
            });
    return new ManagerLog(log, Optional.of(log.service()));
  }

  private static DataKeys storedKeys(Path file, SecureRandom random) throws IOException {
    DataKeys keys = DataKeys.create(random);
    keys.store(file, Optional.empty(), random);
    return keys;
  }
}
