package dev.swarm.worker.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.SubscriptionMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An agent that makes a mistake goes on. */
class AgentFaultTest {
  private final Steps loop = new Steps();
  private final List<String> refused = new ArrayList<>();
  private int described;

  @Test
  void aTaskThatThrowsIsNotTheLast() {
    Agent agent =
        new Agent(
            loop,
            new Still(),
            new SplittableRandom(1),
            address -> {
              throw new AssertionError("nobody gets that far");
            },
            new Managers(List.of("192.0.2.1:2377")),
            this::describe,
            new Work(),
            new AgentListener() {});
    loop.execute(agent::start);
    loop.runAll();
    assertTrue(described >= 3, "described " + described + " times");
    assertEquals("a fault in the agent: java.lang.IllegalStateException: planted", refused.get(1));
  }

  private CompletionStage<NodeDescription> describe() {
    described++;
    if (described == 1) {
      return CompletableFuture.failedFuture(new IllegalStateException("no engine"));
    }
    if (described == 2) {
      throw new IllegalStateException("planted");
    }
    return new CompletableFuture<>();
  }

  private final class Work implements Agent.Work {
    @Override
    public void opened(AgentLink link, String sessionId, Consumer<String> failed) {}

    @Override
    public String assignments(AssignmentsMessage message) {
      return "";
    }

    @Override
    public void subscription(SubscriptionMessage message) {}

    @Override
    public void refused(String cause) {
      refused.add(cause);
    }

    @Override
    public void closed() {}
  }

  private static final class Still implements Clock {
    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }

  /** Runs one task after another, however long they were to wait. */
  private static final class Steps implements EventLoop {
    private static final int STEPS_MAX = 20;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      tasks.add(task);
      return () -> tasks.remove(task);
    }

    void runAll() {
      for (int i = 0; i < STEPS_MAX && !tasks.isEmpty(); i++) {
        tasks.remove().run();
      }
    }
  }
}
