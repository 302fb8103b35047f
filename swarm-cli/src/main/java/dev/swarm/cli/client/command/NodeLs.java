package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.NodeTable;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm node ls}. */
final class NodeLs {
  private NodeLs() {}

  static Command command() {
    return Command.of("node ls", "", 0, 0, "List nodes in the swarm", listFlags(), NodeLs::run);
  }

  static List<Flag> listFlags() {
    return List.of(
        Flag.list("filter", "filter", "Show only what matches (\"name=web\")").or('f'),
        Flag.value("format", "string", "\"table\", \"json\" or a Go template for each line"),
        Flag.toggle("quiet", "Only display IDs").or('q'));
  }

  /** The format to list in: {@code -q} asks for ids unless a template was given. */
  static String format(Flags flags) {
    String format = flags.text("format");
    return flags.on("quiet") && (format.isEmpty() || format.equals("table")) ? "{{.ID}}" : format;
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    JsonNode nodes =
        context.api().get(Context.filtered(Target.of("nodes"), Context.filters(flags)));
    JsonNode info =
        nodes.isEmpty() || flags.on("quiet")
            ? MissingNode.getInstance()
            : context.info().path("Swarm");
    context.print(NodeTable.render(nodes, info, format(flags)));
    return 0;
  }
}
