package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.render.ProgressView;
import dev.swarm.cli.client.render.ProgressView.Ending;
import dev.swarm.cli.client.render.ProgressView.Line;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import dev.swarm.core.spec.Defaults;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Waits until a service runs what it should and has done so for a while, or has ended for good.
 * Looks at the daemon every 200 ms; ends when the service is stable or over, when its update stops,
 * or when the user does.
 */
final class Convergence {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final long MONITOR_NANOS = Defaults.UPDATE_MONITOR.toNanos();
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final int FAILURES_KEPT_MAX = 1000;

  /** So many failures in one place are no accident. */
  private static final int FAILURES_TO_ADVISE = 3;

  private final Context context;
  private final Watched service;
  private final Screen screen;
  private final Map<String, JsonNode> failures = new LinkedHashMap<>();
  private JsonNode spec = Json.object();
  private long monitorNanos = MONITOR_NANOS;
  private boolean converged;
  private boolean rollingBack;
  private boolean advised;
  private Optional<Long> convergedAt = Optional.empty();
  private Optional<Long> overSince = Optional.empty();
  private Optional<Ending> ending = Optional.empty();
  private Optional<Line> epilogue = Optional.empty();

  /**
   * A service to wait for.
   *
   * @param name as the user called it
   */
  record Watched(String id, String name) {}

  private Convergence(Context context, Watched service, Screen screen) {
    this.context = context;
    this.service = service;
    this.screen = screen;
  }

  /**
   * Waits for one service.
   *
   * @return the exit code: 1 when the update was paused, or tasks ended badly for good
   */
  static int await(Context context, Watched service, boolean quiet) throws IOException {
    return await(context, List.of(service), quiet);
  }

  /**
   * Waits for several services at the same time.
   *
   * @return the worst of their exit codes
   */
  static int await(Context context, List<Watched> services, boolean quiet) throws IOException {
    Screen.Kind kind =
        quiet
            ? Screen.Kind.SILENT
            : context.surroundings().terminal() ? Screen.Kind.TERMINAL : Screen.Kind.PLAIN;
    Screen screen = new Screen(context.out(), kind);
    List<Convergence> open = new ArrayList<>();
    OpenWaits waits = new OpenWaits(services);
    for (Watched service : services) {
      open.add(
          new Convergence(
              context, service, services.size() == 1 ? screen : screen.of(service.name())));
    }
    try (Interrupt _ = Interrupt.says(context.out(), waits::goesOn)) {
      int code = 0;
      while (true) {
        ActiveNodes nodes = new ActiveNodes(context);
        for (Convergence each : List.copyOf(open)) {
          OptionalInt ended = each.step(nodes);
          if (ended.isPresent()) {
            code = Math.max(code, ended.getAsInt());
            open.remove(each);
            waits.ended(each.service);
          }
        }
        if (open.isEmpty()) {
          return code;
        }
        context.surroundings().sleeper().rest(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Looks once; the exit code, when there is no more to wait for. */
  private OptionalInt step(ActiveNodes nodes) throws IOException {
    JsonNode now = context.service(service.id());
    if (!now.path("Spec").equals(spec)) {
      spec = now.path("Spec");
      failures.clear();
      advised = false;
    }
    long monitor = now.path("Spec").path("UpdateConfig").path("Monitor").asLong();
    monitorNanos = monitor > 0 ? monitor : MONITOR_NANOS;
    OptionalInt ended = update(now.path("UpdateStatus"));
    if (ended.isPresent()) {
      return ended;
    }
    if (converged && nanoTime() - convergedAt.orElse(nanoTime()) >= monitorNanos) {
      if (ending.filter(Ending::failed).isPresent()) {
        return failed(ending.get().reason());
      }
      screen.show(Line.plain("verify", "Service " + service.name() + " converged"));
      epilogue.ifPresent(screen::show);
      return OptionalInt.of(0);
    }
    return look(now, nodes);
  }

  private long nanoTime() {
    return context.surroundings().sleeper().nanoTime();
  }

  /** What the update's state means for the wait; the exit code, when it ends it. */
  private OptionalInt update(JsonNode status) throws IOException {
    String message = status.path("Message").asText();
    switch (status.path("State").asText()) {
      case "updating" -> rollingBack = false;
      case "completed" -> {
        // Nothing to wait for: the daemon has watched the new tasks for as long as we would.
        if (!converged && ending.isEmpty()) {
          return OptionalInt.of(0);
        }
      }
      case "paused" -> {
        return stopped("update", message, UpdateFailure.advice(service.name()));
      }
      case "rollback_started" -> {
        if (!rollingBack && !message.isEmpty()) {
          String why = UpdateFailure.why(context, service.name(), message);
          screen.show(
              Line.plain(
                  "rollback",
                  why.equals(message)
                      ? message
                      : "update taken back: " + why + "; mend it and update again"));
        }
        rollingBack = true;
      }
      case "rollback_paused" -> {
        return stopped("rollback", message, UpdateFailure.adviceOnRollback(service.name()));
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

  private OptionalInt stopped(String what, String message, String advice) throws IOException {
    String why = UpdateFailure.why(context, service.name(), message);
    return failed("service " + what + " paused: " + why + "\n" + advice);
  }

  private OptionalInt failed(String message) {
    context.err().print(message + "\n");
    return OptionalInt.of(1);
  }

  /** Looks at the tasks; the exit code, when the service is over or a job is done. */
  private OptionalInt look(JsonNode now, ActiveNodes nodes) throws IOException {
    ProgressView view = ProgressView.of(now, tasks(now), nodes.ids(), rollingBack);
    screen.show(view.lines());
    ending = view.ending();
    if (ending.isPresent() && ending.get().all() && !isUpdating(now)) {
      return over(ending.get());
    }
    overSince = Optional.empty();
    advise(view.failures());
    converged = view.converged();
    if (!converged) {
      if (convergedAt.isPresent()) {
        screen.show(Line.plain("verify", "Detected task failure"));
        screen.restart("verify");
      }
      convergedAt = Optional.empty();
      return OptionalInt.empty();
    }
    if (now.path("JobStatus").isObject()) {
      screen.show(Line.plain("verify", "job complete"));
      return OptionalInt.of(0);
    }
    long since = convergedAt.orElse(nanoTime());
    convergedAt = Optional.of(since);
    long wait = monitorNanos - (nanoTime() - since);
    if (wait >= 0) {
      int seconds = Math.toIntExact(Math.ceilDiv(wait, SECOND_NANOS));
      screen.countdown(
          Line.plain(
              "verify", "Waiting " + seconds + " seconds to verify that tasks are stable..."),
          seconds);
    }
    return OptionalInt.empty();
  }

  private static boolean isUpdating(JsonNode service) {
    String state = service.path("UpdateStatus").path("State").asText();
    return state.equals("updating") || state.equals("rollback_started");
  }

  /** All tasks have ended, and none follows them: when that has lasted a moment it is over. */
  private OptionalInt over(Ending how) {
    long since = overSince.orElse(nanoTime());
    overSince = Optional.of(since);
    if (nanoTime() - since < SECOND_NANOS) {
      return OptionalInt.empty();
    }
    if (how.failed()) {
      return failed(how.reason());
    }
    screen.show(Line.plain("verify", "Service " + service.name() + " complete"));
    return OptionalInt.of(0);
  }

  private void advise(int failuresInOnePlace) {
    if (advised || failuresInOnePlace < FAILURES_TO_ADVISE) {
      return;
    }
    advised = true;
    String name = service.name();
    context
        .err()
        .print(
            """
            Tasks of service %s fail again and again, and are tried on. 'swarm service ps --no-trunc %s' \
            and 'swarm service logs %s' show why; mend it with 'swarm service update', or give it up \
            with 'swarm service rm %s'. Ctrl-C ends this wait only.
            """
                .formatted(name, name, name, name));
  }

  /** The service's tasks as they are, and those that were seen to fail and are forgotten there. */
  private List<JsonNode> tasks(JsonNode now) throws IOException {
    ObjectNode filters = Json.object();
    Context.filter(filters, "service", now.path("ID").asText());
    Context.filter(filters, "_up-to-date", "true");
    Map<String, JsonNode> tasks = new LinkedHashMap<>(failures);
    for (JsonNode task : context.api().get(Context.filtered(Target.of("tasks"), filters))) {
      String id = task.path("ID").asText();
      tasks.put(id, task);
      if (ProgressView.isFailed(task)
          && (failures.containsKey(id) || failures.size() < FAILURES_KEPT_MAX)) {
        failures.put(id, task);
      }
    }
    return List.copyOf(tasks.values());
  }
}
