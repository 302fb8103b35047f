package dev.swarm.core.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.NodeId;
import dev.swarm.log.v1.Cause.Kind;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cause that the log has a kind for is one here, and comes back as it was. */
class CausesTest {
  static Stream<Kind> kinds() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind != Kind.NONE && kind != Kind.UNRECOGNIZED);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatTheLogSaysIsACauseWithWords(Kind kind) {
    dev.swarm.log.v1.Cause wire =
        dev.swarm.log.v1.Cause.newBuilder()
            .setKind(kind)
            .setNodeId("n1")
            .setNumber(7)
            .setText("node.labels.zone==a")
            .build();
    Cause cause = Causes.decode(wire);
    assertNotEquals(Cause.Plain.NONE, cause);
    assertFalse(cause.words(NodeId::value).isEmpty());
    dev.swarm.log.v1.Cause again = Causes.encode(cause).orElseThrow();
    assertEquals(kind, again.getKind());
    assertEquals(cause, Causes.decode(again));
  }

  @Test
  void everyPlainCauseHasAKindOfItsName() {
    for (Cause.Plain plain : Cause.Plain.values()) {
      assertEquals(plain == Cause.Plain.NONE, Causes.encode(plain).isEmpty());
      assertTrue(Arrays.stream(Kind.values()).anyMatch(kind -> kind.name().equals(plain.name())));
    }
  }

  @Test
  void aKindOfALaterVersionIsForgotten() {
    assertEquals(
        Cause.Plain.NONE,
        Causes.decode(dev.swarm.log.v1.Cause.newBuilder().setKindValue(999).build()));
  }
}
