package dev.swarm.manager.bench;

import dev.swarm.core.loop.Controllers;
import dev.swarm.core.loop.Draft;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.orchestrator.NodeController.NodeKey;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.scheduler.WaitingController.WaitingKey;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One task of a big service fails: the report, the decision to replace it, the replacement's node,
 * each applied to the store. On ten nodes, so that what varies is the number of replicas.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx2g"})
public class FailedTaskBenchmark {
  @Param({"100", "10000", "100000"})
  public int replicas = 100;

  private Snapshot before = Snapshot.EMPTY;
  private TaskId victim = TaskId.NONE;
  private Key slot = new NodeKey(NodeId.NONE);

  @Setup
  public void build() {
    before = Scenario.running(replicas, 10);
    victim = new TaskId(Scenario.id('t', replicas / 2));
    Task task = before.tasks().find(victim).orElseThrow();
    slot = new SlotKey(task.serviceId(), new Slot.Replica(replicas / 2));
  }

  @Benchmark
  public Snapshot failAndReplace() {
    Instant now = before.at().plusSeconds(1);
    long index = before.index() + 1;
    TaskStatus failed =
        TaskStatus.of(TaskState.FAILED, now, "started").withErr("non-zero exit (1)");
    Snapshot reported =
        before.apply(index, now, List.of(Change.AdvanceTask.report(victim, failed))).snapshot();
    ServiceId service = before.tasks().find(victim).orElseThrow().serviceId();
    Draft draft = new Draft(Controllers.ALL, reported, now, () -> "replacement");
    carryOut(draft, slot);
    carryOut(draft, new WaitingKey(service));
    Snapshot placed = draft.snapshot();
    if (!placed.waiting().isEmpty()) {
      throw new IllegalStateException("the replacement has no node");
    }
    return placed;
  }

  private static void carryOut(Draft draft, Key key) {
    Plan plan = Controllers.ALL.reconcile(draft.snapshot(), key, draft.now());
    draft.carryOut(plan.commands(), (snapshot, delta) -> {});
  }
}
