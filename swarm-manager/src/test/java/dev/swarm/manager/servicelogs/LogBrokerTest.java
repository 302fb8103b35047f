package dev.swarm.manager.servicelogs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import dev.swarm.core.sim.VirtualTime;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.PublishLogsMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogBrokerTest {
  private static final String INCOMPLETE =
      "warning: incomplete log stream. some logs could not be retrieved for the following reasons:"
          + " ";
  private static final LogSubscriptionOptions ALL = LogSubscriptionOptions.getDefaultInstance();
  private static final LogSubscriptionOptions FOLLOW =
      LogSubscriptionOptions.newBuilder().setFollow(true).setTail(-11).build();
  private static final LogSelector WEB = LogSelector.newBuilder().addServiceIds("web").build();

  private final VirtualTime loop = new VirtualTime();
  private final FakeCluster cluster = new FakeCluster();
  private final LogBroker broker = new LogBroker(loop, cluster::nextId, () -> cluster.snapshot);
  private final FakeReader reader = new FakeReader();

  @BeforeEach
  void watch() {
    cluster.commits = broker::committed;
    cluster.service("web");
    cluster.node("n1", Node.State.READY);
    cluster.node("n2", Node.State.READY);
  }

  @Test
  void readsWhatIsThereFromEveryNodeAndEnds() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    cluster.task("t2", "web", 2, "n2", TaskState.FAILED);
    cluster.task("t3", "web", 3, "n2", TaskState.STARTING);
    FakeAgent n1 = agent("n1");
    FakeAgent n2 = agent("n2");

    subscribe(WEB, ALL);
    assertEquals(WEB, n1.last().getSelector());
    Publication from1 = publish(n1, n1.line("one"), n1.line("two"));
    Publication from2 = publish(n2, n2.line("three"), n2.close());
    assertEquals(Optional.empty(), reader.end);
    from1.complete();
    loop.run();

    assertEquals(List.of("one", "two", "three"), reader.lines);
    assertEquals(Optional.of(""), reader.end);
    assertTrue(from1.ended() && from2.ended());
    assertEquals(Optional.empty(), from1.refusal());
    assertEquals(1, n1.asked.size(), "an agent that is done needs no close");
  }

  @Test
  void saysWhatIsMissing() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    cluster.task("t2", "web", 2, "n2", TaskState.RUNNING);
    cluster.task("t3", "web", 3, "", TaskState.PENDING);
    FakeAgent n1 = agent("n1");

    subscribe(LogSelector.newBuilder().addServiceIds("web").addTaskIds("t3").build(), ALL);
    publish(n1, n1.close());

    assertEquals(
        Optional.of(INCOMPLETE + "node n2 is not available, task t3 has not been scheduled"),
        reader.end);
  }

  @Test
  void aNodeThatGoesDownOrAwayIsNotWaitedFor() {
    cluster.node("n3", Node.State.READY);
    for (int i = 1; i <= 3; i++) {
      cluster.task("t" + i, "web", i, "n" + i, TaskState.RUNNING);
    }
    FakeAgent n1 = agent("n1");
    agent("n2");
    agent("n3");
    subscribe(WEB, ALL);

    n1.disconnect();
    loop.run();
    cluster.node("n2", Node.State.DOWN);
    loop.run();
    assertEquals(Optional.empty(), reader.end);
    cluster.removeNode("n3");
    loop.run();

    assertEquals(
        Optional.of(
            INCOMPLETE
                + "node n1 disconnected unexpectedly, node n2 is not available, node n3 is not"
                + " available"),
        reader.end);
  }

  @Test
  void aNodeKnownToBeDownIsNotAsked() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    cluster.node("n1", Node.State.DOWN);
    subscribe(WEB, ALL);
    assertEquals(List.of(), n1.asked);
    assertEquals(Optional.of(INCOMPLETE + "node n1 is not available"), reader.end);
  }

  @Test
  void aFollowedNodeThatIsUpAgainIsAsked() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    cluster.node("n1", Node.State.DOWN);
    subscribe(WEB, FOLLOW);
    assertEquals(List.of(), n1.asked);
    cluster.node("n1", Node.State.READY);
    loop.run();
    assertEquals(1, n1.asked.size());
  }

  @Test
  void nothingToReadEndsAtOnce() {
    subscribe(WEB, ALL);
    assertEquals(Optional.of(""), reader.end);
  }

  @Test
  void aFollowerGetsTasksAsTheyJoin() {
    cluster.task("t1", "web", 1, "", TaskState.PENDING);
    FakeAgent n1 = agent("n1");
    FakeAgent n2 = agent("n2");
    LogSubscription subscription = subscribe(WEB, FOLLOW);
    assertEquals(List.of(), n1.asked);

    cluster.assign("t1", "n1");
    cluster.task("t2", "web", 2, "n2", TaskState.ASSIGNED);
    cluster.task("t3", "web", 3, "n2", TaskState.ASSIGNED);
    loop.run();

    assertEquals(1, n1.asked.size());
    assertEquals(1, n2.asked.size(), "a node is asked once");
    publish(n1, n1.line("hello"));
    assertEquals(List.of("hello"), reader.lines);

    subscription.cancel();
    loop.run();
    assertTrue(n1.last().getClose());
    assertEquals(n1.asked.get(0).getId(), n1.last().getId());
    assertEquals(Optional.empty(), reader.end, "who left needs no goodbye");
  }

  @Test
  void aFollowedNodeThatComesBackIsAskedForWhatCameSince() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent before = agent("n1");
    subscribe(WEB, FOLLOW);
    assertEquals(-11, before.last().getOptions().getTail());
    Publication lost = publish(before, before.line("one", "n1", 100));
    before.disconnect();
    loop.run();

    FakeAgent after = agent("n1");

    assertEquals(2, after.asked.size());
    assertTrue(after.asked.get(0).getClose(), "the agent may still be at work for the old one");
    assertEquals(before.last().getId(), after.asked.get(0).getId());
    assertFalse(after.last().getId().equals(before.last().getId()));
    assertEquals(
        Timestamp.newBuilder().setSeconds(100).setNanos(1).build(),
        after.last().getOptions().getSince());
    assertEquals(0, after.last().getOptions().getTail());
    publish(after, after.line("two", "n1", 101));
    lost.send(before.line("late"));
    loop.run();
    assertEquals(List.of("one", "two"), reader.lines);
    assertEquals(Kind.NOT_FOUND, lost.refusal().orElseThrow().kind());
  }

  @Test
  void aNewerConnectionReplacesTheOlder() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent older = agent("n1");
    subscribe(WEB, FOLLOW);
    FakeAgent newer = agent("n1");
    assertTrue(older.closed.isPresent());
    older.disconnect();
    loop.run();
    publish(newer, newer.line("still heard"));
    assertEquals(List.of("still heard"), reader.lines);
  }

  @Test
  void whatIsNotThereIsRefused() {
    for (LogSelector selector :
        List.of(
            LogSelector.newBuilder().addServiceIds("gone").build(),
            LogSelector.newBuilder().addTaskIds("gone").build(),
            LogSelector.newBuilder().addNodeIds("gone\n").build())) {
      Rejection why = refusal(selector);
      assertEquals(Kind.NOT_FOUND, why.kind());
      assertFalse(why.message().contains("\n"));
    }
    assertEquals(Kind.INVALID, refusal(LogSelector.getDefaultInstance()).kind());
  }

  @Test
  void streamsAreCountedAndGivenBack() throws Exception {
    List<LogSubscription> open = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      open.add(broker.subscribe(WEB, FOLLOW, new FakeReader()));
    }
    assertEquals(Kind.UNAVAILABLE, refusal(WEB).kind());
    loop.run();
    open.forEach(LogSubscription::cancel);
    open.forEach(LogSubscription::cancel);
    loop.run();
    subscribe(WEB, FOLLOW).cancel();
    broker.subscribe(WEB, FOLLOW, reader).cancel();
    loop.run();
    assertEquals(Optional.empty(), reader.end);
  }

  @Test
  void anAgentPublishesOnlyForItselfAndOnlyWhatItWasAskedFor() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    FakeAgent n2 = agent("n2");
    subscribe(WEB, FOLLOW);

    assertEquals(Kind.NOT_FOUND, refused(n2, n1.line("x")));
    assertEquals(
        Kind.NOT_FOUND, refused(n1, n1.line("x").toBuilder().setSubscriptionId("?").build()));
    assertEquals(Kind.INVALID, refused(n1, PublishLogsMessage.getDefaultInstance()));
    assertEquals(
        Kind.INVALID,
        refused(n1, n1.line("ok"), n1.line("x").toBuilder().setSubscriptionId("?").build()));
    assertEquals(Kind.PERMISSION_DENIED, refused(n1, n1.line("x", "n2", 1)));
    assertEquals(List.of("ok"), reader.lines);
  }

  private Kind refused(FakeAgent agent, PublishLogsMessage... messages) {
    return publish(agent, messages).refusal().orElseThrow().kind();
  }

  @Test
  void aSlowClientSlowsTheAgentDown() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    LogSubscription subscription = subscribe(WEB, FOLLOW);
    reader.ready = false;
    List<String> woken = new ArrayList<>();
    Publication publication = broker.publish(n1.node, () -> woken.add("ready"));
    String text = "x".repeat(Subscription.BUFFERED_BYTES_HIGH / 4);

    int sent = 0;
    while (publication.ready()) {
      publication.send(n1.line(text));
      assertFalse(publication.ready(), "one message at a time");
      loop.run();
      sent++;
    }

    assertEquals(4, sent);
    assertEquals(3, woken.size());
    reader.ready = true;
    subscription.resume();
    loop.run();
    assertEquals(4, reader.lines.size());
    assertTrue(publication.ready());
    assertEquals(4, woken.size());
  }

  @Test
  void aClientIsCutOffWhenAgentsDoNotWait() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    subscribe(WEB, FOLLOW);
    reader.ready = false;
    Publication publication = broker.publish(n1.node, () -> {});
    String text = "x".repeat(1 << 20);
    for (int i = 0; i < 5; i++) {
      publication.send(n1.line(text));
    }
    loop.run();
    assertTrue(reader.end.orElseThrow().contains("cut off"), reader.end.orElseThrow());
    assertEquals(Kind.NOT_FOUND, publication.refusal().orElseThrow().kind());
    assertTrue(n1.last().getClose());
  }

  @Test
  void anAgentThatFloodsIsRefused() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    subscribe(WEB, FOLLOW);
    Publication publication = broker.publish(n1.node, () -> {});
    for (int i = 0; i < 100; i++) {
      publication.send(n1.line("x"));
    }
    loop.run();
    assertEquals(Kind.UNAVAILABLE, publication.refusal().orElseThrow().kind());
    assertTrue(reader.lines.size() <= 64);
  }

  @Test
  void whatWaitsIsReadBeforeTheEnd() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    LogSubscription subscription = subscribe(WEB, ALL);
    reader.ready = false;
    publish(n1, n1.line("one"), n1.close());
    assertEquals(Optional.empty(), reader.end);
    reader.ready = true;
    subscription.resume();
    loop.run();
    assertEquals(List.of("one"), reader.lines);
    assertEquals(Optional.of(""), reader.end);
  }

  @Test
  void anAgentLostInTheMiddleIsNoted() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    subscribe(WEB, ALL);
    publish(n1, n1.line("one")).abort();
    loop.run();
    assertEquals(Optional.of(INCOMPLETE + "node n1 disconnected unexpectedly"), reader.end);
  }

  @Test
  void stoppingEndsEveryone() {
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
    FakeAgent n1 = agent("n1");
    subscribe(WEB, FOLLOW);
    broker.stop("this manager no longer leads");
    loop.run();
    assertEquals(Optional.of("this manager no longer leads"), reader.end);
    assertEquals(reader.end, n1.closed);
  }

  private FakeAgent agent(String node) {
    FakeAgent agent = new FakeAgent(broker, node);
    loop.run();
    return agent;
  }

  private LogSubscription subscribe(LogSelector selector, LogSubscriptionOptions options) {
    try {
      LogSubscription subscription = broker.subscribe(selector, options, reader);
      loop.run();
      return subscription;
    } catch (Rejection.RejectedException e) {
      throw new AssertionError(e);
    }
  }

  private Rejection refusal(LogSelector selector) {
    return assertThrows(
            Rejection.RejectedException.class, () -> broker.subscribe(selector, ALL, reader))
        .rejection();
  }

  private Publication publish(FakeAgent agent, PublishLogsMessage... messages) {
    Publication publication = broker.publish(agent.node, () -> {});
    for (PublishLogsMessage message : messages) {
      publication.send(message);
      loop.run();
    }
    return publication;
  }
}
