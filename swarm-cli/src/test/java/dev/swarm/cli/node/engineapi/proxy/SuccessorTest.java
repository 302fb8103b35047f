package dev.swarm.cli.node.engineapi.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuccessorTest {
  private final List<String> happened = new ArrayList<>();

  private Successor successor(boolean inputMayComeFirst) {
    return new Successor(
        inputMayComeFirst,
        new Successor.Ways() {
          @Override
          public void exchangeEnds(boolean clientHasEnded) {
            happened.add(clientHasEnded ? "all ends" : "ends");
          }

          @Override
          public void toUs(ByteBuffer first) {
            happened.add("us " + StandardCharsets.UTF_8.decode(first));
          }

          @Override
          public void toEngine(ByteBuffer first) {
            happened.add("engine " + StandardCharsets.UTF_8.decode(first));
          }
        });
  }

  /** The letters: request over, reply over, engine's for good, engine speaks, client says, ends. */
  @ParameterizedTest
  @CsvSource({
    "qpc, 'ends,us x', false",
    "pqc, 'ends,us x', false",
    "qcp, 'ends,us x', false",
    "qscp, 'ends,us x', true",
    "qcs, 'engine x', true",
    "qcsp, 'engine x', true",
    "qcs, '', false",
    "qec, 'engine x', false",
    "qce, 'engine x', false",
    "eqpc, 'engine x', false",
    "qpec, 'ends,us x', false",
    "qpl, 'ends,all ends', false",
    "qlp, 'all ends', false",
    "qle, '', false",
    "q, '', false",
    "p, '', false",
  })
  void itIsDecidedOnce(String order, String outcome, boolean inputMayComeFirst) {
    Successor successor = successor(inputMayComeFirst);
    for (int i = 0; i < order.length(); i++) {
      char event = order.charAt(i);
      switch (event) {
        case 'q' -> successor.requestIsOver();
        case 'p' -> {
          boolean _ = successor.replyIsOver();
        }
        case 'e' -> assertEquals(!successor.isOurs(), successor.isTheEngine());
        case 's' -> successor.engineSpeaks();
        case 'c' -> successor.clientSent(ByteBuffer.wrap(new byte[] {'x'}));
        case 'l' -> assertEquals(!successor.isOurs(), successor.clientEnds());
        default -> throw new AssertionError(event);
      }
    }
    assertEquals(outcome, String.join(",", happened));
  }

  @Test
  void aReplyAloneDoesNotGiveItBack() {
    Successor successor = successor(false);
    assertFalse(successor.replyIsOver());
    successor.requestIsOver();
    assertTrue(successor.isOurs());
  }
}
