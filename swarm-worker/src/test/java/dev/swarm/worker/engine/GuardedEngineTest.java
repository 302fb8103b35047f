package dev.swarm.worker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.v1.ProcessSpec;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.GenericRuntimeSpec;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class GuardedEngineTest {
  private static final Duration MINUTE = Duration.newBuilder().setSeconds(60).build();

  private final VirtualTime loop = new VirtualTime();
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
        TaskSpec.newBuilder().setContainer(ContainerSpec.newBuilder().setStopGracePeriod(MINUTE)));
  }

  @Test
  void aTaskThatSaysNothingHasTenSeconds() {
    assertStopIsGivenUpAfterSeconds(40, TaskSpec.newBuilder());
  }

  @Test
  void aLogThatComesAfterItWasGivenUpIsCancelled() {
    List<Flow.Subscriber<LogMessage>> asked = new ArrayList<>();
    Engine late =
        (Engine)
            Proxy.newProxyInstance(
                Engine.class.getClassLoader(),
                new Class<?>[] {Engine.class},
                (proxy, method, arguments) -> {
                  asked.add(subscriber(arguments[2]));
                  return null;
                });
    Heard heard = new Heard();
    new GuardedEngine(late, loop)
        .logs(
            Task.getDefaultInstance(),
            new LogOptions(true, true, true, -1, Optional.empty()),
            heard);
    loop.passMillis(30_000);
    boolean[] cancelled = {false};
    asked
        .getFirst()
        .onSubscribe(
            new Flow.Subscription() {
              @Override
              public void request(long n) {}

              @Override
              public void cancel() {
                cancelled[0] = true;
              }
            });
    assertTrue(cancelled[0]);
    assertEquals(List.of("error"), heard.events);
  }

  @SuppressWarnings("unchecked")
  private static Flow.Subscriber<LogMessage> subscriber(Object argument) {
    return (Flow.Subscriber<LogMessage>) argument;
  }

  private static final class Heard implements Flow.Subscriber<LogMessage> {
    private final List<String> events = new ArrayList<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      events.add("subscribed");
    }

    @Override
    public void onNext(LogMessage message) {
      events.add("message");
    }

    @Override
    public void onError(Throwable error) {
      events.add("error");
    }

    @Override
    public void onComplete() {
      events.add("complete");
    }
  }

  private void assertStopIsGivenUpAfterSeconds(int seconds, TaskSpec.Builder spec) {
    CompletionStage<Unit> stopped =
        engine.stop(Task.newBuilder().setId("t1").setSpec(spec).build());
    loop.passMillis(seconds * 1000L - 1);
    assertFalse(stopped.toCompletableFuture().isDone());
    loop.passMillis(1);
    assertTrue(stopped.toCompletableFuture().isCompletedExceptionally());
  }
}
