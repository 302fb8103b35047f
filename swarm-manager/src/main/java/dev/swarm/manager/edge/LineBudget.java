package dev.swarm.manager.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.RemovalListener;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits the log lines that others can cause: each source gets its first few lines of a minute, all
 * sources together some more, and then one line says how many were left out. Remembers a bounded
 * number of sources. Safe for many threads.
 */
public final class LineBudget {
  /** Of one source in one window. */
  static final int LINES_MAX = 5;

  /** Of all sources in one window. */
  static final int LINES_IN_ALL_MAX = 100;

  static final Duration WINDOW = Duration.ofMinutes(1);

  /** Lines that say what was left out, in one window. */
  static final int SUMMARIES_MAX = 20;

  private static final int SOURCES_MAX = 1000;
  private static final String ALL = "other addresses";
  private static final String SUMMARIES = "summaries";

  private final Cache<String, AtomicLong> counts;

  /** What is counted of all sources together; apart, so that no number of sources displaces it. */
  private final Cache<String, AtomicLong> inAll;

  private final Summary summary;

  /** Told when a window is over in which something was left out. */
  @FunctionalInterface
  public interface Summary {
    /**
     * @param more how many lines of {@code source} were left out
     */
    void leftOut(String source, long more);
  }

  /** One that goes by the machine's clock. */
  public static LineBudget real(Summary summary) {
    return new LineBudget(Ticker.systemTicker(), Scheduler.systemScheduler(), summary);
  }

  /**
   * @param scheduler what looks for windows that are over when nobody writes
   */
  public LineBudget(Ticker ticker, Scheduler scheduler, Summary summary) {
    this.summary = summary;
    inAll = windows(ticker, scheduler, this::allOver);
    counts = windows(ticker, scheduler, this::over);
  }

  private static Cache<String, AtomicLong> windows(
      Ticker ticker, Scheduler scheduler, RemovalListener<String, AtomicLong> over) {
    return Caffeine.newBuilder()
        .ticker(ticker)
        .scheduler(scheduler)
        .executor(Runnable::run)
        .expireAfterWrite(WINDOW)
        .maximumSize(SOURCES_MAX)
        .removalListener(over)
        .build();
  }

  /** Counts a line; says whether it may be written. */
  public boolean admits(String source) {
    return count(counts, source) <= LINES_MAX && count(inAll, ALL) <= LINES_IN_ALL_MAX;
  }

  private static long count(Cache<String, AtomicLong> windows, String source) {
    return windows.get(source, key -> new AtomicLong()).incrementAndGet();
  }

  private void over(@Nullable String source, @Nullable AtomicLong count, RemovalCause cause) {
    if (source == null || count == null || count.get() <= LINES_MAX) {
      return;
    }
    if (count(inAll, SUMMARIES) <= SUMMARIES_MAX) {
      summary.leftOut(source, count.get() - LINES_MAX);
    }
  }

  private void allOver(@Nullable String source, @Nullable AtomicLong count, RemovalCause cause) {
    if (source != null && source.equals(ALL) && count != null && count.get() > LINES_IN_ALL_MAX) {
      summary.leftOut(source, count.get() - LINES_IN_ALL_MAX);
    }
  }
}
