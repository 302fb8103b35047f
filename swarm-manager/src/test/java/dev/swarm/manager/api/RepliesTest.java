package dev.swarm.manager.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import io.grpc.Status;
import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What refusals are called on the wire: stock clients act on these codes. */
class RepliesTest {
  private static final Map<Rejection.Kind, Status.Code> CODES =
      new EnumMap<>(
          Map.of(
              Rejection.Kind.INVALID, Status.Code.INVALID_ARGUMENT,
              Rejection.Kind.NOT_FOUND, Status.Code.NOT_FOUND,
              Rejection.Kind.ALREADY_EXISTS, Status.Code.ALREADY_EXISTS,
              Rejection.Kind.STALE, Status.Code.ABORTED,
              Rejection.Kind.FAILED_PRECONDITION, Status.Code.FAILED_PRECONDITION,
              Rejection.Kind.PERMISSION_DENIED, Status.Code.PERMISSION_DENIED,
              Rejection.Kind.UNAVAILABLE, Status.Code.UNAVAILABLE,
              Rejection.Kind.UNIMPLEMENTED, Status.Code.UNIMPLEMENTED));

  @ParameterizedTest
  @EnumSource
  void everyKindHasItsCode(Rejection.Kind kind) {
    Rejection rejection = new Rejection(kind, "because");
    RejectedException thrown = new RejectedException(rejection);
    for (Status status :
        new Status[] {
          Replies.status(rejection),
          Replies.status(thrown),
          Replies.status(new CompletionException(thrown))
        }) {
      assertEquals(CODES.get(kind), status.getCode());
      assertEquals("because", status.getDescription());
    }
  }

  @Test
  void noTwoKindsShareACode() {
    assertEquals(EnumSet.allOf(Rejection.Kind.class), CODES.keySet());
    assertEquals(CODES.size(), EnumSet.copyOf(CODES.values()).size());
  }

  /** Anything but a refusal may have been carried out or not; its details stay on this side. */
  @Test
  void whateverElseHappenedIsUnknownAndKeptHere() {
    for (Throwable failure :
        new Throwable[] {
          new IOException("/secret/path"),
          new CompletionException(new IOException("/secret/path")),
          new CompletionException("/secret/path", null)
        }) {
      Status status = Replies.status(failure);
      assertEquals(Status.Code.UNKNOWN, status.getCode());
      assertFalse(String.valueOf(status.getDescription()).contains("/secret/path"));
    }
  }
}
