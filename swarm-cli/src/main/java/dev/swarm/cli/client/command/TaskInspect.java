package dev.swarm.cli.client.command;

import dev.swarm.cli.client.render.Inspection;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.util.List;

/** {@code swarm task inspect}. */
final class TaskInspect {
  private TaskInspect() {}

  static Command command() {
    return Command.of(
        "task inspect",
        "TASK [TASK...]",
        1,
        Command.ANY,
        "Display detailed information on one or more tasks",
        List.of(Flag.value("format", "string", "\"json\" or a Go template").or('f')),
        (context, flags, operands) ->
            Inspect.run(
                context,
                flags,
                operands,
                "task",
                reference -> context.api().get(Target.of("tasks", reference)),
                task -> Inspection.render(List.of(task), "")));
  }
}
