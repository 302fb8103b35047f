package dev.swarm.manager.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> summaries = new ArrayList<>();
  private final LineBudget budget =
      new LineBudget(
          nanos::get,
          Scheduler.disabledScheduler(),
          (source, more) -> summaries.add(source + " " + more));

  private long admitted(String source, int lines) {
    long admitted = 0;
    for (int i = 0; i < lines; i++) {
      admitted += budget.admits(source) ? 1 : 0;
    }
    return admitted;
  }

  private void aWindowLater() {
    nanos.addAndGet(LineBudget.WINDOW.toNanos() + 1);
  }

  @Test
  void ofOneSourceAFewLinesAndTheNumberOfTheRest() {
    assertEquals(LineBudget.LINES_MAX, admitted("10.0.0.1", 10_000));
    assertEquals(1, admitted("10.0.0.2", 1), "another is heard all the same");
    aWindowLater();
    assertEquals(1, admitted("10.0.0.1", 1), "a new window");
    assertEquals(List.of("10.0.0.1 " + (10_000 - LineBudget.LINES_MAX)), summaries);
  }

  @Test
  void ofManySourcesABoundedNumberOfLines() {
    long lines = 0;
    for (int i = 0; i < 50_000; i++) {
      lines += admitted("source-" + i, 10);
    }
    assertEquals(LineBudget.LINES_IN_ALL_MAX, lines);
    aWindowLater();
    assertEquals(1, admitted("late", 1));
    assertTrue(summaries.size() <= 2 * LineBudget.SUMMARIES_MAX + 1, () -> summaries.toString());
  }
}
