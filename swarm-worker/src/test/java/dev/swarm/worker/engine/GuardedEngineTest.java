package dev.swarm.worker.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import dev.swarm.v1.ProcessSpec;
import dev.swarm.worker.sim.SimLoop;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.GenericRuntimeSpec;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class GuardedEngineTest {
  private static final Duration MINUTE = Duration.newBuilder().setSeconds(60).build();

  private final SimLoop loop = new SimLoop();
  private final GuardedEngine engine = new GuardedEngine(silent(), loop);

  private static Engine silent() {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> new CompletableFuture<>());
  }

  @Test
  void aProcessHasItsOwnGraceBeforeItsStopIsGivenUp() {
    ProcessSpec process = ProcessSpec.newBuilder().setStopGracePeriod(MINUTE).build();
    assertStopIsGivenUpAfterSeconds(
        90,
        TaskSpec.newBuilder()
            .setGeneric(
                GenericRuntimeSpec.newBuilder().setKind("process").setPayload(Any.pack(process))));
  }

  @Test
  void aContainerHasItsOwnGraceBeforeItsStopIsGivenUp() {
    assertStopIsGivenUpAfterSeconds(
        90,
        TaskSpec.newBuilder()
            .setContainer(ContainerSpec.newBuilder().setStopGracePeriod(MINUTE)));
  }

  @Test
  void aTaskThatSaysNothingHasTenSeconds() {
    assertStopIsGivenUpAfterSeconds(40, TaskSpec.newBuilder());
  }

  private void assertStopIsGivenUpAfterSeconds(int seconds, TaskSpec.Builder spec) {
    CompletionStage<Unit> stopped = engine.stop(Task.newBuilder().setId("t1").setSpec(spec).build());
    loop.runMillis(seconds * 1000L - 1);
    assertFalse(stopped.toCompletableFuture().isDone());
    loop.runMillis(1);
    assertTrue(stopped.toCompletableFuture().isCompletedExceptionally());
  }
}
