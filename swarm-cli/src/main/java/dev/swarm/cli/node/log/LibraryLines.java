package dev.swarm.cli.node.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.swarm.core.port.Reason;
import dev.swarm.manager.edge.LineBudget;
import dev.swarm.manager.edge.RemoteLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.helpers.MessageFormatter;

/**
 * Shortens what the libraries log (gRPC, Netty, Ratis, Jetty) to one line each, without the stack:
 * that is the libraries' own and shows what a remote sent, not what is wrong here. With {@code
 * --log-level debug} stacks are there. How many lines there are is bounded by remote, or by library
 * where no remote is known.
 */
public final class LibraryLines extends TurboFilter {
  private static final String OURS = "dev.swarm";
  private static final Marker ADMITTED = MarkerFactory.getDetachedMarker("admitted");
  private static final int CAUSES_MAX = 4;

  private final LineBudget budget;

  /** Called by the configuration. */
  public LibraryLines() {
    budget = LineBudget.real(LibraryLines::summary);
  }

  LibraryLines(LineBudget budget) {
    this.budget = budget;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    boolean concerned =
        format != null // else only asked whether the level is on
            && marker != ADMITTED
            && level.isGreaterOrEqual(logger.getEffectiveLevel())
            && !logger.getName().startsWith(OURS);
    if (!concerned) {
      return FilterReply.NEUTRAL;
    }
    if (FalseAlarms.includes(logger.getName(), thrown(parameters, thrown))) {
      return FilterReply.DENY;
    }
    @Nullable String remote = MDC.get(RemoteLog.REMOTE);
    if (budget.admits(remote == null ? logger.getName() : remote)) {
      Throwable last = thrown(parameters, thrown);
      boolean debugging = logger.getLoggerContext().getLogger(OURS).isDebugEnabled();
      logger.log(
          ADMITTED,
          LibraryLines.class.getName(),
          Level.toLocationAwareLoggerInteger(level),
          line(String.valueOf(format), parameters, last, remote),
          null,
          debugging ? last : null);
    }
    return FilterReply.DENY;
  }

  private static @Nullable Throwable thrown(
      Object @Nullable [] parameters, @Nullable Throwable thrown) {
    return thrown == null ? MessageFormatter.getThrowableCandidate(parameters) : thrown;
  }

  private static String line(
      String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown,
      @Nullable String remote) {
    List<String> parts = new ArrayList<>();
    parts.add(String.valueOf(MessageFormatter.basicArrayFormat(format, parameters)));
    for (Throwable cause = thrown;
        cause != null && parts.size() <= CAUSES_MAX;
        cause = cause.getCause()) {
      parts.add(Reason.of(cause));
    }
    return String.join(": ", parts) + (remote == null ? "" : " (from " + remote + ")");
  }

  private static void summary(String source, long more) {
    LoggerFactory.getLogger(LibraryLines.class)
        .warn("… and {} more from {} within a minute", more, source);
  }
}
