package dev.swarm.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.spec.RestartPolicy;
import dev.swarm.core.spec.UpdatePolicy;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.TaskStatus;
import docker.swarmkit.v1.UpdateConfig;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever numbers the wire carries for times, one can reckon with what becomes of them. */
class TimesProperties {
  @Property
  void sumsOfTimesFromTheWireDoNotOverflow(
      @ForAll long seconds, @ForAll int nanos, @ForAll long more, @ForAll int moreNanos) {
    Instant at =
        Durations.toJava(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build());
    Duration length = Durations.toJava(length(more, moreNanos));
    assertTrue(at.plus(length).plus(length).toEpochMilli() > Long.MIN_VALUE);
    assertTrue(at.minus(length).minus(length).toEpochMilli() < Long.MAX_VALUE);
    assertTrue(length.multipliedBy(1000).toMillis() < Long.MAX_VALUE);
  }

  @Property
  void aValidTimeIsKept(@ForAll long seconds, @ForAll int nanos) {
    Timestamp wire = Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    assertEquals(Durations.isValid(wire), Durations.toWire(Durations.toJava(wire)).equals(wire));
  }

  @Property
  void whatANodeSaysOfTimeIsNeitherOfTheFutureNorBeforeAllTime(
      @ForAll long seconds, @ForAll int nanos) {
    Instant now = Instant.parse("2026-11-28T09:00:00Z");
    Instant kept =
        Reported.status(
                TaskStatus.newBuilder()
                    .setTimestamp(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos))
                    .build(),
                now)
            .at();
    assertFalse(kept.isBefore(Instant.EPOCH) || kept.isAfter(now.plus(Reported.SKEW_MAX)));
  }

  /** A spec that an older version took, and that is in the log. */
  @Property
  void policiesOfAnySpecCanBeReckonedWith(
      @ForAll long seconds, @ForAll int nanos, @ForAll long count) {
    TaskSpec.Builder spec = TaskSpec.newBuilder();
    spec.getRestartBuilder()
        .setDelay(length(seconds, nanos))
        .setWindow(length(seconds, nanos))
        .setMaxAttempts(count);
    RestartPolicy restart = RestartPolicy.parse(spec.build());
    Instant now = Instant.parse("2026-11-28T09:00:00Z");
    assertTrue(now.plus(restart.delay()).minus(restart.window()).isAfter(Instant.MIN));
    assertTrue(restart.maxAttempts() >= 0);
    UpdatePolicy update =
        UpdatePolicy.parse(
            true,
            UpdateConfig.newBuilder()
                .setDelay(length(seconds, nanos))
                .setMonitor(length(seconds, nanos))
                .setParallelism(count)
                .build());
    assertTrue(now.plus(update.delay()).plus(update.monitor()).isAfter(Instant.MIN));
    assertTrue(update.parallelism() >= 0);
  }

  private static com.google.protobuf.Duration length(long seconds, int nanos) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
