package dev.swarm.manager.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docker.swarmkit.v1.HealthCheckRequest;
import docker.swarmkit.v1.HealthCheckResponse;
import docker.swarmkit.v1.HealthGrpc;
import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls to a manager that does not lead. */
class LeaderGateTest {
  private static final Metadata.Key<String> FORWARDED_FOR =
      Metadata.Key.of("swarm-forwarded-for", Metadata.ASCII_STRING_MARSHALLER);

  private final Words own = new Words("own");
  private final Words other = new Words("other");
  private final TwoManagers managers = new TwoManagers(own.service(), other.service());

  @AfterEach
  void close() {
    managers.close();
  }

  private Heard say(String word) {
    return managers.call(Words.SAY, word);
  }

  private void assertRefused(Heard heard) {
    assertEquals(Code.UNAVAILABLE, heard.end().code());
    assertEquals(LeaderGate.NO_LEADER, heard.end().description());
  }

  @Test
  void aLeaderAnswersItself() {
    managers.leads = true;
    managers.log.leader("own", true);
    assertEquals(List.of("own: hello"), say("hello").all());
    assertEquals("10.1.2.3", own.address);
    assertEquals(0, managers.dialled.get());
  }

  @Test
  void anotherPassesACallOnWithWhoAsked() {
    managers.otherLeads();
    assertEquals(List.of("other: hello"), say("hello").all());
    assertEquals("swarm-worker/ours/w", managers.passedOn.get(FORWARDED_FOR));
    assertEquals("10.1.2.3", other.address);
    assertEquals(0, own.calls.get());
    assertFalse(other.hasDeadline);

    assertEquals(List.of("other: again"), say("again").all());
    assertEquals(1, managers.dialled.get());
  }

  @Test
  void headersAndDeadlinesGoAlong() {
    managers.otherLeads();
    Metadata.Key<String> key = Metadata.Key.of("program", Metadata.ASCII_STRING_MARSHALLER);
    Metadata headers = new Metadata();
    headers.put(key, "1");
    Heard heard =
        managers.say(
            "hello",
            headers,
            CallOptions.DEFAULT.withDeadline(Deadline.after(1, TimeUnit.MINUTES)));
    assertEquals(List.of("other: hello"), heard.all());
    assertEquals("1", managers.passedOn.get(key));
    assertTrue(other.hasDeadline);
  }

  @Test
  void aRefusalComesBackAsItWas() {
    managers.otherLeads();
    Heard heard = new Heard();
    StreamObserver<String> talk = managers.stream(Words.TALK, heard);
    talk.onNext("one");
    assertEquals("other: one", heard.next());
    talk.onNext("fail");
    for (Heard failed : List.of(say("fail"), heard)) {
      assertEquals(Code.ALREADY_EXISTS, failed.end().code());
      assertEquals("that is taken", failed.end().description());
      assertEquals("because", failed.end().trailers().get(Words.TRAILER));
    }
  }

  @Test
  void streamsGoBothWays() {
    managers.otherLeads();
    assertEquals(
        List.of("other: 0", "other: 1", "other: 2"), managers.call(Words.COUNT, "3").all());
    assertEquals(List.of(), managers.call(Words.COUNT, "0").all());

    Heard collected = new Heard();
    StreamObserver<String> sent = managers.stream(Words.COLLECT, collected);
    for (String word : List.of("log", "lines", "of a task")) {
      sent.onNext(word);
    }
    assertFalse(collected.isOver());
    sent.onCompleted();
    assertEquals(List.of("other: log lines of a task"), collected.all());

    Heard answers = new Heard();
    StreamObserver<String> talk = managers.stream(Words.TALK, answers);
    for (String word : List.of("one", "two")) {
      talk.onNext(word);
      assertEquals("other: " + word, answers.next());
    }
    talk.onCompleted();
    assertEquals(Code.OK, answers.end().code());
  }

  @Test
  void theLeaderLearnsThatTheCallerHasGone() {
    managers.otherLeads();
    Heard heard = managers.call(Words.COUNT, "-1");
    assertEquals("other: 0", heard.next());
    Heard.await(other.hanging);
    heard.cancel();
    Heard.await(other.cancelled);
    assertEquals(Code.CANCELLED, heard.end().code());
  }

  @Test
  void aCallThatWaitsForALostLeaderIsGivenUp() {
    managers.otherLeads();
    Heard unary = say("hang");
    Heard.await(other.hanging);
    Heard stream = managers.call(Words.COUNT, "-1");
    assertEquals("other: 0", stream.next());
    managers.leader.dropFormer();
    assertFalse(unary.isOver());
    assertFalse(stream.isOver());

    managers.log.leaderless();
    managers.leader.dropFormer();
    assertEquals(Code.UNAVAILABLE, unary.end().code());
    assertEquals(Code.UNAVAILABLE, stream.end().code());
    Heard.await(other.cancelled);

    managers.otherLeads();
    assertEquals(List.of("other: back"), say("back").all());
    assertEquals(2, managers.dialled.get());
  }

  @Test
  void aCallThatIsHeldGoesOnWhenThereIsALeader() {
    Heard heard = say("hello");
    Heard streamed = new Heard();
    StreamObserver<String> collect = managers.stream(Words.COLLECT, streamed);
    collect.onNext("one");
    managers.arrived(2);
    managers.time.pass(Duration.ofMillis(2900));
    managers.gate.retryPending();
    assertFalse(heard.isOver());

    managers.otherLeads();
    managers.gate.retryPending();
    assertEquals(List.of("other: hello"), heard.all());
    assertEquals("swarm-worker/ours/w", managers.passedOn.get(FORWARDED_FOR));
    assertEquals("10.1.2.3", other.address);
    collect.onNext("two");
    collect.onCompleted();
    assertEquals(List.of("other: one two"), streamed.all());
    assertEquals(0, own.calls.get());
  }

  @Test
  void aCallThatIsHeldIsAnsweredHereOnceThisManagerLeads() {
    Heard heard = say("hello");
    Heard counted = managers.call(Words.COUNT, "2");
    managers.arrived(2);
    managers.leads = true;
    managers.log.leader("own", true);
    managers.gate.retryPending();
    assertEquals(List.of("own: hello"), heard.all());
    assertEquals(List.of("own: 0", "own: 1"), counted.all());
    assertEquals(0, other.calls.get());
  }

  /** A caller that has nothing to say ends its side at once, while the call is still held. */
  @Test
  void theEndOfAStreamThatIsHeldIsNotLost() {
    for (boolean leads : new boolean[] {false, true}) {
      managers.leads = false;
      managers.log.leaderless();
      Heard heard = new Heard();
      managers.stream(Words.COLLECT, heard).onCompleted();
      managers.arrived(1);
      // What follows on the same connection comes later.
      Heard after = say("hello");
      managers.arrived(1);
      managers.leads = leads;
      managers.otherLeads();
      managers.gate.retryPending();
      assertEquals(List.of((leads ? "own" : "other") + ": "), heard.all());
      assertEquals(Code.OK, after.end().code());
    }
  }

  @Test
  void patienceEnds() {
    Heard heard = say("hello");
    managers.arrived(1);
    managers.time.pass(Duration.ofSeconds(2));
    Heard later = say("hello");
    managers.arrived(1);
    managers.time.pass(Duration.ofMillis(999));
    managers.gate.retryPending();
    assertFalse(heard.isOver());

    managers.time.pass(Duration.ofMillis(1));
    managers.gate.retryPending();
    assertRefused(heard);
    assertFalse(later.isOver());
    managers.time.pass(Duration.ofSeconds(2));
    managers.gate.retryPending();
    assertRefused(later);
    assertEquals(0, own.calls.get() + other.calls.get());
  }

  @Test
  void whatIsHeldAtTheEndIsRefused() {
    Heard heard = say("hello");
    managers.arrived(1);
    managers.gate.close();
    assertRefused(heard);
  }

  @Test
  void aCallThatIsHeldMayBeCancelled() {
    Heard heard = say("hello");
    managers.arrived(1);
    heard.cancel();
    assertEquals(Code.CANCELLED, heard.end().code());
    managers.otherLeads();
    managers.gate.retryPending();
    managers.time.pass(Duration.ofSeconds(9));
    managers.gate.retryPending();
    assertEquals(List.of("other: hello"), say("hello").all());
  }

  @Test
  void noMoreThanAThousandAreHeld() {
    List<Heard> held = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      held.add(say("word " + i));
    }
    managers.arrived(1000);
    assertRefused(say("one too many"));
    managers.otherLeads();
    managers.gate.retryPending();
    for (int i = 0; i < 1000; i++) {
      assertEquals(List.of("other: word " + i), held.get(i).all());
    }
    managers.log.leaderless();
    managers.leader.dropFormer();
    Heard again = say("again");
    managers.arrived(2);
    assertFalse(again.isOver());
  }

  /** Between election and the first entry a leader is named that cannot be used yet. */
  @Test
  void aLeaderThatIsNoMemberOrNotReadyIsWaitedFor() {
    for (String named : List.of("stranger", "own")) {
      managers.log.leader(named, false);
      Heard heard = say("hello");
      managers.arrived(1);
      managers.gate.retryPending();
      assertFalse(heard.isOver());
      managers.otherLeads();
      managers.gate.retryPending();
      assertEquals(List.of("other: hello"), heard.all());
    }
  }

  /** Two managers may take each other for the leader. */
  @Test
  void whatWasPassedOnIsNotPassedOnAgain() {
    Metadata headers = new Metadata();
    headers.put(FORWARDED_FOR, "swarm-worker/ours/w");
    for (Runnable leadership : List.<Runnable>of(managers::otherLeads, managers.log::leaderless)) {
      leadership.run();
      assertRefused(managers.say("hello", headers, CallOptions.DEFAULT));
    }
    assertEquals(0, other.calls.get());
    assertEquals(0, managers.dialled.get());

    managers.leads = true;
    assertEquals(List.of("own: hello"), managers.say("hello", headers, CallOptions.DEFAULT).all());
  }

  /** By it one sees whether there is a leader. */
  @Test
  void healthIsAnsweredByAnyManager() {
    var health =
        new HealthGrpc.HealthImplBase() {
          @Override
          public void check(
              HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
            answer.onError(Status.INTERNAL.withDescription("own").asRuntimeException());
          }
        };
    try (var alone = new TwoManagers(health.bindService(), other.service())) {
      Heard heard = new Heard();
      HealthGrpc.newStub(alone.channel)
          .check(
              HealthCheckRequest.getDefaultInstance(),
              new StreamObserver<>() {
                @Override
                public void onNext(HealthCheckResponse response) {}

                @Override
                public void onError(Throwable failure) {
                  heard.onError(failure);
                }

                @Override
                public void onCompleted() {
                  heard.onCompleted();
                }
              });
      assertEquals("own", heard.end().description());
    }
  }
}
