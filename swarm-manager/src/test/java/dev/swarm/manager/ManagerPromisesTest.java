package dev.swarm.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every stage that a manager and its links hand out completes or fails. */
@Timeout(60)
class ManagerPromisesTest {
  private static final String CLOSED = "the manager was closed";

  @Test
  void whatHandsOutStagesIsAllHere() {
    assertEquals(Set.of("ready", "ended", "when", "admitWorker"), stages(Manager.class));
    assertEquals(
        Set.of("heartbeat", "heartbeatOnFreshConnection", "updateTaskStatus"),
        stages(AgentLink.class));
  }

  private static Set<String> stages(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> CompletionStage.class.isAssignableFrom(method.getReturnType()))
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void afterCloseEveryStageFailsWithOneException() throws Exception {
    Manager manager = Manager.inMemory();
    manager.ready().toCompletableFuture().get();
    NodeId node = manager.admitWorker().toCompletableFuture().get();
    CompletionStage<?> never = manager.when(state -> false);
    manager.close();
    manager.close();
    manager.ended().toCompletableFuture().get();
    AgentLink link = manager.link(node);
    for (CompletionStage<?> stage :
        List.of(
            never,
            manager.when(state -> true),
            manager.admitWorker(),
            manager
                .requests()
                .submit((draft, context) -> Verdict.accept(List.of(), snapshot -> "done")),
            link.heartbeat(HeartbeatRequest.getDefaultInstance()),
            link.heartbeatOnFreshConnection(HeartbeatRequest.getDefaultInstance()),
            link.updateTaskStatus(UpdateTaskStatusRequest.getDefaultInstance()))) {
      assertEquals(CLOSED, failure(stage));
    }
  }

  @Test
  void readyFailsWhereTheManagerIsClosedBefore() throws Exception {
    Manager manager = Manager.inMemory();
    CompletionStage<Void> ready = manager.ready();
    CompletionStage<NodeId> admitted = manager.admitWorker();
    manager.close();
    assertTrue(ready.toCompletableFuture().isDone());
    assertTrue(admitted.toCompletableFuture().isDone());
    manager.ended().toCompletableFuture().get();
  }

  @Test
  void whatIsAskedWhileItClosesIsAnsweredToo() throws Exception {
    Manager manager = Manager.inMemory();
    manager.ready().toCompletableFuture().get();
    Thread closing = Thread.ofVirtual().start(manager::close);
    List<CompletableFuture<NodeId>> asked =
        java.util.stream.Stream.generate(() -> manager.admitWorker().toCompletableFuture())
            .limit(2000)
            .toList();
    closing.join();
    for (CompletableFuture<NodeId> one : asked) {
      // Admitted, refused or closed: anything but silence.
      one.handle((id, error) -> true).get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void theLinksStreamsEndWithTheManager() throws Exception {
    Manager manager = Manager.inMemory();
    manager.ready().toCompletableFuture().get();
    AgentLink open = manager.link(manager.admitWorker().toCompletableFuture().get());
    List<Ends<?>> ends = streams(open);
    manager.close();
    ends.addAll(streams(open));
    ends.addAll(streams(manager.link(new NodeId("late"))));
    for (Ends<?> end : ends) {
      assertFalse(end.cause.get(10, TimeUnit.SECONDS).isEmpty());
    }
  }

  @Test
  void aLinkThatIsClosedEndsWhatItCarried() throws Exception {
    try (Manager manager = Manager.inMemory()) {
      manager.ready().toCompletableFuture().get();
      AgentLink link = manager.link(manager.admitWorker().toCompletableFuture().get());
      List<Ends<?>> ends = streams(link);
      link.close();
      for (Ends<?> end : ends) {
        assertFalse(end.cause.get(10, TimeUnit.SECONDS).isEmpty());
      }
      assertEquals(
          "the link was closed", failure(link.heartbeat(HeartbeatRequest.getDefaultInstance())));
    }
  }

  @Test
  void aNodeOfAnotherManagerIsToldThatItIsUnknown() throws Exception {
    try (Manager one = Manager.inMemory();
        Manager other = Manager.inMemory()) {
      one.ready().toCompletableFuture().get();
      other.ready().toCompletableFuture().get();
      AgentLink wrong = other.link(one.admitWorker().toCompletableFuture().get());
      Ends<docker.swarmkit.v1.SessionMessage> session = new Ends<>();
      wrong.session(SessionRequest.getDefaultInstance(), session);
      assertEquals(AgentLink.UNKNOWN_NODE, session.cause.get(10, TimeUnit.SECONDS));
    }
  }

  private static List<Ends<?>> streams(AgentLink link) {
    Ends<docker.swarmkit.v1.SessionMessage> session = new Ends<>();
    Ends<docker.swarmkit.v1.AssignmentsMessage> assignments = new Ends<>();
    Ends<docker.swarmkit.v1.SubscriptionMessage> subscriptions = new Ends<>();
    link.session(SessionRequest.getDefaultInstance(), session);
    link.assignments(AssignmentsRequest.getDefaultInstance(), assignments);
    link.listenSubscriptions(ListenSubscriptionsRequest.getDefaultInstance(), subscriptions);
    return new java.util.ArrayList<>(List.of(session, assignments, subscriptions));
  }

  /** Hears how a stream ended. */
  private static final class Ends<T> implements StreamReceiver<T> {
    private final CompletableFuture<String> cause = new CompletableFuture<>();

    @Override
    public void next(T message) {}

    @Override
    public void closed(String why) {
      cause.complete(why);
    }
  }

  private static String failure(CompletionStage<?> stage) {
    ExecutionException thrown =
        assertThrows(
            ExecutionException.class, () -> stage.toCompletableFuture().get(10, TimeUnit.SECONDS));
    Throwable cause = thrown.getCause();
    assertInstanceOf(IllegalStateException.class, cause);
    return String.valueOf(cause.getMessage());
  }
}
