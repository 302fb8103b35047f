package dev.swarm.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** One thread, one task after the other, and how that ends. */
class ThreadEventLoopTest {
  @Test
  void whatThrowsIsToldAndTheLoopGoesOn() throws Exception {
    LinkedBlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    try (ThreadEventLoop loop = new ThreadEventLoop("test", faults::add)) {
      loop.execute(
          () -> {
            throw new IllegalStateException("a bug");
          });
      assertEquals("a bug", faults.take().getMessage());
      CompletableFuture<String> next = new CompletableFuture<>();
      var _ = loop.schedule(Duration.ofNanos(-1), () -> next.complete("went on"));
      assertEquals("went on", next.get());
    }
  }

  @Test
  void closingInterruptsNothingAndBeginsNothing() throws Exception {
    List<String> ran = new ArrayList<>();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    ThreadEventLoop loop = new ThreadEventLoop("test", fault -> {});
    loop.execute(
        () -> {
          running.countDown();
          try {
            closed.await();
            interrupted.complete(Thread.interrupted());
          } catch (InterruptedException e) {
            interrupted.complete(true);
          }
        });
    loop.execute(() -> ran.add("waited"));
    var _ = loop.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("never"));
    running.await();
    loop.close();
    loop.execute(() -> ran.add("late"));
    var _ = loop.schedule(Duration.ZERO, () -> ran.add("late"));
    closed.countDown();
    assertFalse(interrupted.get());
    assertEquals(List.of(), ran);
  }
}
