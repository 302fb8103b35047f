package dev.swarm.cli.client.command;

import dev.swarm.cli.client.render.NodePage;

/** {@code swarm node inspect}. */
final class NodeInspect {
  private NodeInspect() {}

  static Command command() {
    return Command.of(
        "node inspect",
        "self|NODE [NODE...]",
        1,
        Command.ANY,
        "Display detailed information on one or more nodes",
        Inspect.flags(),
        (context, flags, operands) ->
            Inspect.run(
                context,
                flags,
                operands,
                "node",
                reference -> context.node(context.nodeReference(reference)),
                NodePage::render));
  }
}
