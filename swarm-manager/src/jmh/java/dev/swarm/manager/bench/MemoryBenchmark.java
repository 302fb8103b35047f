package dev.swarm.manager.bench;

import dev.swarm.core.store.Snapshot;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Heap that the state of a cluster takes for each running task, indexes included: see the counter
 * {@code bytesPerTask}; the time is that of building the state.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx2g", "-XX:+UseParallelGC"})
public class MemoryBenchmark {
  private static final int TASKS = 200_000;

  /** What JMH prints beside the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Heap {
    public double bytesPerTask;
  }

  @Benchmark
  public Snapshot runningTasks(Heap heap) {
    long before = used();
    Snapshot snapshot = Scenario.running(TASKS, 1000);
    heap.bytesPerTask = (double) (used() - before) / TASKS;
    return snapshot;
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
