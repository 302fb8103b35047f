package dev.swarm.worker.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Programs are fed and heard at once, and what they print is bounded. */
class KernelProgramsTest {
  private final ExecutorService pipes = Executors.newVirtualThreadPerTaskExecutor();
  private final KernelPrograms programs = new KernelPrograms(List.of(), pipes);

  @AfterEach
  void end() {
    pipes.close();
  }

  @Test
  void moreThanAPipeHoldsGoesInAndOut() throws KernelException {
    String input = "0123456789abcde\n".repeat(1 << 16);

    Ran ran = programs.run(List.of("cat"), input);

    assertTrue(ran.succeeded());
    assertEquals(input, ran.out());
  }

  @Test
  void aProgramThatReadsNothingIsNotWaitedFor() throws KernelException {
    assertTrue(programs.run(List.of("true"), "x".repeat(1 << 20)).succeeded());
  }

  @Test
  void aComplaintIsKeptInPart() throws KernelException {
    Ran ran = programs.run(List.of("sh", "-c", "yes no | head -c 100000 >&2; exit 3"), "");

    assertFalse(ran.succeeded());
    assertEquals(3, ran.code());
    assertTrue(ran.message().length() <= 4096);
  }

  @Test
  void aMissingProgramIsASentence() {
    KernelException e =
        assertThrows(KernelException.class, () -> programs.run(List.of("no-such-program"), ""));

    assertTrue(String.valueOf(e.getMessage()).startsWith("cannot run no-such-program"));
  }
}
