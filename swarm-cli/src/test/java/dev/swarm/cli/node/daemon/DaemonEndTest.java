package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DaemonEndTest {
  private final DaemonEnd end = new DaemonEnd();
  private final List<String> said = new CopyOnWriteArrayList<>();

  /** The code that who runs the daemon returns, and the one that who asked it to stop learns. */
  private List<Integer> codes(AutoCloseable daemon) throws Exception {
    CompletableFuture<Integer> asked = CompletableFuture.supplyAsync(end::ask);
    int code = end.awaitAndClose(daemon, said::add);
    return List.of(code, asked.get(1, TimeUnit.MINUTES));
  }

  @Test
  void whatStoppedAsItShouldEndsWith0() throws Exception {
    assertEquals(List.of(0, 0), codes(() -> {}));
    assertEquals(List.of(), said);
  }

  @Test
  void whatCouldNotBeClosedEndsWith1AndSaysWhy() throws Exception {
    for (Exception failure :
        List.of(new IOException("disk full"), new IllegalStateException("no"))) {
      said.clear();
      DaemonEnd once = new DaemonEnd();
      CompletableFuture<Integer> asked = CompletableFuture.supplyAsync(once::ask);
      assertEquals(
          1,
          once.awaitAndClose(
              () -> {
                throw failure;
              },
              said::add));
      assertEquals(1, asked.get(1, TimeUnit.MINUTES));
      assertEquals(1, said.size());
      assertTrue(said.getFirst().contains(String.valueOf(failure.getMessage())), said::toString);
    }
  }
}
