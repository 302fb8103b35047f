package dev.swarm.manager.bench;

import dev.swarm.core.store.Snapshot;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the moment a manager begins to lead a cluster with that many waiting tasks until every one
 * of them is assigned in the store. Includes looking at every key, as a new leader does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 3)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx2g", "-XX:+UseParallelGC"})
public class SchedulingBenchmark {
  @Param({"1000/1000", "100000/1000", "100000/100000", "1000000/100000"})
  public String tasksOnNodes = "1000/1000";

  @Param({"false", "true"})
  public boolean constraint;

  private int tasks;
  private byte[] image = new byte[0];
  private Harness harness;
  private Snapshot result = Snapshot.EMPTY;

  @Setup(Level.Trial)
  public void build() {
    String[] parts = tasksOnNodes.split("/", 2);
    tasks = Integer.parseInt(parts[0]);
    image = Scenario.image(Scenario.pending(tasks, Integer.parseInt(parts[1]), constraint));
  }

  @Setup(Level.Iteration)
  public void restore() {
    harness = new Harness(image, snapshot -> snapshot.waiting().isEmpty());
  }

  @Benchmark
  public Snapshot schedule() throws InterruptedException {
    result = harness.run();
    return result;
  }

  @TearDown(Level.Iteration)
  public void check() {
    harness.close();
    Scenario.check(result, tasks, constraint);
    // Two states of a million tasks do not fit into the heap this promises to do with.
    result = Snapshot.EMPTY;
    harness = null;
  }
}
