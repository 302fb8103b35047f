package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.Json;
import dev.swarm.cli.client.Target;
import dev.swarm.cli.render.ProgressView;
import dev.swarm.cli.render.ProgressView.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Waits until a service runs what it should and has done so for a while. Looks at the daemon every
 * 200 ms; ends when the service is stable, when its update stops, or when the user does.
 */
final class Convergence {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final long MONITOR_NANOS = 5_000_000_000L;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final Context context;
  private final String id;
  private final Screen screen;
  private long monitorNanos = MONITOR_NANOS;
  private boolean converged;
  private boolean rollingBack;
  private Optional<Long> convergedAt = Optional.empty();
  private Optional<Line> epilogue = Optional.empty();

  private Convergence(Context context, String id, Screen screen) {
    this.context = context;
    this.id = id;
    this.screen = screen;
  }

  /**
   * @return the exit code: 1 when the update was paused
   */
  static int await(Context context, String id, boolean quiet) throws IOException {
    Screen.Kind kind =
        quiet
            ? Screen.Kind.SILENT
            : context.surroundings().terminal() ? Screen.Kind.TERMINAL : Screen.Kind.PLAIN;
    String message =
        "\nOperation continuing in background.\nUse `swarm service ps "
            + id
            + "` to check progress.\n";
    try (Interrupt ignored = Interrupt.says(context.out(), message)) {
      return new Convergence(context, id, new Screen(context.out(), kind)).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private int run() throws IOException, InterruptedException {
    while (true) {
      JsonNode service = context.service(id);
      long monitor = service.path("Spec").path("UpdateConfig").path("Monitor").asLong();
      monitorNanos = monitor > 0 ? monitor : MONITOR_NANOS;
      OptionalInt ended = update(service.path("UpdateStatus"));
      if (ended.isPresent()) {
        return ended.getAsInt();
      }
      long now = context.surroundings().pace().nanoTime();
      if (converged && now - convergedAt.orElse(now) >= monitorNanos) {
        screen.show(Line.plain("verify", "Service " + id + " converged"));
        epilogue.ifPresent(screen::show);
        return 0;
      }
      if (look(service)) {
        return 0;
      }
      context.surroundings().pace().rest(LOOK_EVERY);
    }
  }

  /** What the update's state means for the wait; the exit code, when it ends it. */
  private OptionalInt update(JsonNode status) {
    String message = status.path("Message").asText();
    switch (status.path("State").asText()) {
      case "updating" -> rollingBack = false;
      case "completed" -> {
        // Nothing to wait for: the daemon has watched the new tasks for as long as we would.
        if (!converged) {
          return OptionalInt.of(0);
        }
      }
      case "paused" -> {
        return failed("service update paused: " + message);
      }
      case "rollback_started" -> {
        if (!rollingBack && !message.isEmpty()) {
          screen.show(Line.plain("rollback", message));
        }
        rollingBack = true;
      }
      case "rollback_paused" -> {
        return failed("service rollback paused: " + message);
      }
      case "rollback_completed" -> {
        if (!converged) {
          epilogue = Optional.of(Line.plain("rollback", message));
        }
        rollingBack = true;
      }
      default -> {}
    }
    return OptionalInt.empty();
  }

  private OptionalInt failed(String message) {
    context.err().print(message + "\n");
    return OptionalInt.of(1);
  }

  /** Looks at the tasks; true when a job is done. */
  private boolean look(JsonNode service) throws IOException {
    ProgressView view = ProgressView.of(service, tasks(service), activeNodes(), rollingBack);
    screen.show(view.lines());
    converged = view.converged();
    if (!converged) {
      if (convergedAt.isPresent()) {
        screen.show(Line.plain("verify", "Detected task failure"));
        screen.restart("verify");
      }
      convergedAt = Optional.empty();
      return false;
    }
    if (service.path("JobStatus").isObject()) {
      screen.show(Line.plain("verify", "job complete"));
      return true;
    }
    long now = context.surroundings().pace().nanoTime();
    long since = convergedAt.orElse(now);
    convergedAt = Optional.of(since);
    long wait = monitorNanos - (now - since);
    if (wait >= 0) {
      int seconds = Math.toIntExact(Math.ceilDiv(wait, SECOND_NANOS));
      screen.countdown(
          Line.plain(
              "verify", "Waiting " + seconds + " seconds to verify that tasks are stable..."),
          seconds);
    }
    return false;
  }

  private JsonNode tasks(JsonNode service) throws IOException {
    ObjectNode filters = Json.object();
    Context.filter(filters, "service", service.path("ID").asText());
    Context.filter(filters, "_up-to-date", "true");
    return context.api().get(Context.filtered(Target.of("tasks"), filters));
  }

  private Set<String> activeNodes() throws IOException {
    Set<String> active = new TreeSet<>();
    for (JsonNode node : context.api().get(Target.of("nodes"))) {
      if (!node.path("Status").path("State").asText().equals("down")) {
        active.add(node.path("ID").asText());
      }
    }
    return active;
  }
}
