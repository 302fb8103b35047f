package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import dev.swarm.core.docker.LogFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** {@code swarm service logs}, of a service or of one task. */
final class ServiceLogs {
  private ServiceLogs() {}

  static Command command() {
    return Command.of(
        "service logs",
        "SERVICE|TASK",
        1,
        1,
        "Fetch the logs of a service or task",
        List.of(
            Flag.toggle("details", "Show the extra details that the logging driver adds"),
            Flag.toggle("follow", "Go on with what is logged from now").or('f'),
            Flag.toggle("no-resolve", "Show ids instead of names"),
            Flag.toggle("no-task-ids", "Leave task ids out"),
            Flag.toggle("no-trunc", "Show everything in full"),
            Flag.toggle("raw", "Show the lines as they were logged"),
            Flag.value(
                "since",
                "string",
                "Show what was logged since (\"2026-01-02T13:23:37Z\", \"42m\")"),
            Flag.value("tail", "string", "Lines to show from the end (default all)").or('n'),
            Flag.toggle("timestamps", "Show when each line was logged").or('t')),
        ServiceLogs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String reference = operands.getFirst();
    JsonNode service;
    try {
      service = context.service(reference);
    } catch (DaemonRejection e) {
      if (!e.notFound()) {
        throw e;
      }
      return ofTask(context, flags, reference);
    }
    JsonNode spec = service.path("Spec");
    long replicas = spec.path("Mode").path("Replicated").path("Replicas").asLong(1);
    print(context, flags, "services", reference, spec.path("TaskTemplate"), replicas);
    return 0;
  }

  private static int ofTask(Context context, Flags flags, String reference) throws IOException {
    JsonNode task;
    try {
      task = context.api().get(Target.of("tasks", reference));
    } catch (DaemonRejection e) {
      if (!e.notFound()) {
        throw e;
      }
      throw new IOException("no such task or service: " + reference, e);
    }
    print(context, flags, "tasks", reference, task.path("Spec"), task.path("Slot").asLong());
    return 0;
  }

  private static void print(
      Context context, Flags flags, String kind, String reference, JsonNode template, long slots)
      throws IOException {
    boolean raw = flags.on("raw");
    boolean tty = template.path("ContainerSpec").path("TTY").asBoolean();
    if (tty && !raw) {
      throw new IOException("its tasks have a terminal: their logs can only be shown with --raw");
    }
    Target target = target(context, flags, kind, reference);
    try (InputStream stream = context.api().stream(target)) {
      if (tty) {
        stream.transferTo(context.out());
        context.out().flush();
        return;
      }
      LogLines lines = new LogLines(context, flags, Long.toString(slots).length());
      for (Optional<LogFrame> frame = LogFrame.read(stream, LogFrame.BYTES_MAX);
          frame.isPresent();
          frame = LogFrame.read(stream, LogFrame.BYTES_MAX)) {
        boolean error = frame.get().stream() == LogFrame.Stream.ERR;
        PrintStream to = error ? context.err() : context.out();
        byte[] bytes = frame.get().bytes();
        to.write(raw ? bytes : lines.format(bytes));
        to.flush();
      }
    }
  }

  private static Target target(Context context, Flags flags, String kind, String reference) {
    Target target =
        Target.of(kind, reference, "logs")
            .with("stdout", "1")
            .with("stderr", "1")
            .with("tail", flags.text("tail").isEmpty() ? "all" : flags.text("tail"));
    if (flags.on("follow")) {
      target = target.with("follow", "1");
    }
    if (flags.on("timestamps")) {
      target = target.with("timestamps", "1");
    }
    if (flags.on("details") || !flags.on("raw")) {
      target = target.with("details", "1");
    }
    Optional<String> since =
        flags.value(
            "since", text -> LogLines.since(text, context.surroundings().clock().instant()));
    return since.isPresent() ? target.with("since", since.get()) : target;
  }
}
