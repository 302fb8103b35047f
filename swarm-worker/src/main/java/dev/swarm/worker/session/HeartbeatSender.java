package dev.swarm.worker.session;

import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends heartbeats for one session at the period that the manager hands out. A beat that stays
 * unanswered is sent again on fresh connections: after a short cut of the network the standing one
 * is still silent for seconds while its segments wait to be sent again, and a beat belongs to the
 * session, not to a connection. Only when nothing gets through is the session lost. Touched only
 * from the event loop.
 */
final class HeartbeatSender {
  private final EventLoop loop;
  private final Clock clock;
  private final AgentLink link;
  private final HeartbeatRequest request;
  private final Consumer<String> lost;
  private Duration period = Timing.FEW_NODES_PERIOD_MAX;
  private long standingAnsweredAt;
  private long beat;
  private boolean answered = true;
  private long sentAt;
  private int waiting;
  private int hedges;
  private Cancellable hedgeTimer = () -> {};
  private Cancellable timer = () -> {};
  private boolean stopped;

  /**
   * @param lost told once, why no beat gets through
   */
  HeartbeatSender(
      EventLoop loop, Clock clock, AgentLink link, String sessionId, Consumer<String> lost) {
    this.loop = loop;
    this.clock = clock;
    this.link = link;
    this.request = HeartbeatRequest.newBuilder().setSessionId(sessionId).build();
    this.lost = lost;
  }

  void start() {
    standingAnsweredAt = clock.nanoTime();
    beat();
  }

  void stop() {
    stopped = true;
    hedgeTimer.cancel();
    timer.cancel();
  }

  private void beat() {
    beat++;
    answered = false;
    waiting = 0;
    hedges = 0;
    sentAt = clock.nanoTime();
    timer = loop.schedule(Timing.BEAT_TIMEOUT, this::unanswered);
    send(true);
    awaitHedge();
  }

  /**
   * The answer did not come in time, unless this node was held up itself: then it may wait to be
   * read, and there is one more time for it.
   */
  private void unanswered() {
    Duration late = Duration.ofNanos(clock.nanoTime() - sentAt).minus(Timing.BEAT_TIMEOUT);
    if (late.compareTo(Timing.LATE) <= 0) {
      lose("no answer to a heartbeat");
      return;
    }
    sentAt = clock.nanoTime();
    standingAnsweredAt = sentAt;
    timer = loop.schedule(Timing.BEAT_TIMEOUT, this::unanswered);
    send(false);
  }

  private void awaitHedge() {
    if (hedges < Timing.hedges(period)) {
      Duration wait = hedges == 0 ? Timing.hedgeAfter(period) : Timing.hedgeAgainAfter(period);
      hedgeTimer = loop.schedule(wait, this::hedge);
    }
  }

  private void hedge() {
    hedgeTimer.cancel();
    hedges++;
    send(false);
    awaitHedge();
  }

  private void send(boolean standing) {
    long mine = beat;
    waiting++;
    CompletionStage<HeartbeatResponse> reply =
        standing ? link.heartbeat(request) : link.heartbeatOnFreshConnection(request);
    reply.whenComplete(
        (response, error) -> loop.execute(() -> settle(mine, standing, response, error)));
  }

  private void settle(
      long mine,
      boolean standing,
      @Nullable HeartbeatResponse response,
      @Nullable Throwable error) {
    if (stopped) {
      return;
    }
    if (response != null && standing) {
      standingAnsweredAt = clock.nanoTime();
    }
    if (mine != beat || answered) {
      return;
    }
    waiting--;
    if (response != null) {
      answer(response);
    } else if (hedges == 0) {
      hedge();
    } else if (waiting == 0) {
      lose("heartbeats fail: " + (error == null ? "no reply" : error.getMessage()));
    }
  }

  private void answer(HeartbeatResponse response) {
    answered = true;
    hedgeTimer.cancel();
    timer.cancel();
    period = Timing.period(response.getPeriod());
    long now = clock.nanoTime();
    Duration silence = Duration.ofNanos(now - standingAnsweredAt);
    if (silence.compareTo(Timing.STANDING_SILENCE_MAX.plus(period)) > 0) {
      lose("heartbeats pass only on fresh connections");
      return;
    }
    timer = loop.schedule(period.minusNanos(now - sentAt), this::beat);
  }

  private void lose(String cause) {
    if (!stopped) {
      stop();
      lost.accept(cause);
    }
  }
}
