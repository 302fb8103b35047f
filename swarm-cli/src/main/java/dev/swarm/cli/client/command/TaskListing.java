package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.TaskTable;
import dev.swarm.cli.terminal.Flag;
import java.util.List;

/** Shared part of the commands that list tasks. */
final class TaskListing {
  private TaskListing() {}

  static List<Flag> flags() {
    return List.of(
        Flag.list("filter", "filter", "Show only what matches (\"desired-state=running\")").or('f'),
        Flag.value("format", "string", "\"table\", \"json\" or a Go template for each line"),
        Flag.toggle("no-resolve", "Show ids instead of names"),
        Flag.toggle("no-trunc", "Show everything in full"),
        Flag.toggle("quiet", "Only display task IDs").or('q'));
  }

  static void print(Context context, Flags flags, Iterable<JsonNode> tasks) {
    Names names = new Names(context, !flags.on("no-resolve"));
    TaskTable.Options options =
        new TaskTable.Options(
            NodeLs.format(flags),
            flags.on("no-trunc") || flags.on("quiet"),
            names::service,
            names::node,
            context.surroundings().clock().instant());
    context.print(TaskTable.render(tasks, options));
  }
}
