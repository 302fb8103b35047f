package dev.swarm.cli.node.engineapi;

import dev.swarm.core.control.node.Voters;
import dev.swarm.core.loop.Controllers;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.host.SystemClock;
import dev.swarm.host.ThreadEventLoop;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.api.ControlService;
import dev.swarm.manager.api.ControlSettings;
import dev.swarm.manager.api.Replies;
import dev.swarm.manager.api.WatchService;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.ca.ClusterKeys;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.loop.ControlLoop;
import dev.swarm.manager.raft.MemoryLog;
import dev.swarm.manager.servicelogs.LogBroker;
import dev.swarm.manager.servicelogs.LogsService;
import docker.swarmkit.v1.NodeSpec;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A leader's services with everything behind them that decides: the control loop, its controllers,
 * and a log in memory. Its cluster has one node, which nobody runs.
 */
final class RealLeader implements AutoCloseable {
  /** What the control loop threw: mistakes of ours, whoever caused them. */
  final List<Throwable> faults = new CopyOnWriteArrayList<>();

  private final ThreadEventLoop events = new ThreadEventLoop("leader", faults::add);
  private final MemoryLog log =
      new MemoryLog(new ReplicatedLog.Peer("m1", "10.0.0.1:2377"), events::execute);
  private final ControlLoop control;
  private final Server server;
  private final ManagedChannel channel;
  private final String nodeId;

  RealLeader(String name) throws IOException {
    RandomIds ids = new RandomIds(new SecureRandom());
    SystemClock clock = new SystemClock();
    control = new ControlLoop(log, events, clock, ids, Controllers.ALL);
    WatchService watch = new WatchService(Runnable::run);
    CompletableFuture<Void> leads = new CompletableFuture<>();
    control.listen(watch);
    control.listen(
        new CommitListener() {
          @Override
          public void committed(Snapshot snapshot, List<Delta> deltas) {}

          @Override
          public void leading(boolean leading) {
            leads.complete(null);
          }
        });
    log.start(control.stateMachine());
    leads.join();
    ClusterBootstrap founding =
        ClusterBootstrap.create(
            ClusterBootstrap.defaultSpec(),
            NodeSpec.Availability.ACTIVE,
            ids,
            new SecureRandom(),
            clock.now());
    nodeId = founding.node().id().value();
    control
        .submit((snapshot, context) -> Verdict.accept(founding.changes(), _ -> true))
        .toCompletableFuture()
        .join();
    server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(
                new ControlService(
                    control,
                    new ControlSettings(
                        _ -> Optional.empty(),
                        new ClusterKeys(new SystemClock(), new SecureRandom()),
                        Voters.ALONE,
                        List::of)))
            .addService(watch)
            .addService(
                new LogsService(new LogBroker(events, ids, control::snapshot), Replies::status))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  Channel channel() {
    return channel;
  }

  /** Of the cluster's only node. */
  String nodeId() {
    return nodeId;
  }

  @Override
  public void close() {
    var _ = channel.shutdownNow();
    var _ = server.shutdownNow();
    log.close();
    events.close();
  }
}
