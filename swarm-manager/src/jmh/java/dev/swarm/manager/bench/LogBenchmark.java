package dev.swarm.manager.bench;

import dev.swarm.core.loop.Controllers;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Meta;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.host.SystemClock;
import dev.swarm.host.ThreadEventLoop;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.loop.ControlLoop;
import dev.swarm.manager.raft.RaftOptions;
import dev.swarm.manager.raft.RatisLog;
import dev.swarm.manager.raft.storage.DataKeys;
import dev.swarm.manager.raft.storage.Sealer;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Changes acknowledged a second by one manager: decided by its control loop, sealed, fsynced to its
 * disk (the temporary directory's), committed by the Raft library and applied. By one client that
 * waits for each answer, and by 256, whose changes share entries.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx1g", "--sun-misc-unsafe-memory-access=allow"})
public class LogBenchmark {
  private final SecureRandom random = new SecureRandom();
  private Path directory = Path.of("");
  private ThreadEventLoop events;
  private RatisLog log;
  private ControlLoop control;

  @Setup(Level.Trial)
  public void start() throws IOException, InterruptedException {
    directory = Files.createTempDirectory("swarm-bench");
    events = new ThreadEventLoop("bench", Throwable::printStackTrace);
    log =
        new RatisLog(
            RaftOptions.of(
                directory.resolve("raft"),
                "bench",
                new Peer("bench", "localhost:2377"),
                RaftOptions.Start.NEW_CLUSTER),
            new Sealer(DataKeys.create(random), random),
            peer -> {
              throw new IllegalStateException("there is no other manager");
            });
    control =
        new ControlLoop(log, events, new SystemClock(), new RandomIds(random), Controllers.ALL);
    var leads = new CountDownLatch(1);
    control.listen(
        new CommitListener() {
          @Override
          public void committed(Snapshot snapshot, List<Delta> deltas) {}

          @Override
          public void leading(boolean leading) {
            if (leading) {
              leads.countDown();
            }
          }
        });
    log.start(control.stateMachine());
    leads.await();
    change("first");
  }

  @Benchmark
  @Threads(1)
  public long alone() {
    return change(Thread.currentThread().getName());
  }

  @Benchmark
  @Threads(256)
  public long together() {
    return change(Thread.currentThread().getName());
  }

  private long change(String id) {
    return control
        .submit(
            (draft, context) ->
                Verdict.accept(
                    List.of(
                        new Change.PutConfig(
                            new Config(
                                id, Meta.NONE, docker.swarmkit.v1.Config.getDefaultInstance()))),
                    snapshot -> snapshot.index()))
        .toCompletableFuture()
        .join();
  }

  @TearDown(Level.Trial)
  public void stop() throws IOException {
    log.close();
    events.close();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, java.io.IOException failure)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
