package dev.swarm.cli.client.command;

import dev.swarm.cli.terminal.Flag;
import java.util.List;

/** {@code swarm secret rm} and {@code swarm config rm}. */
final class StoredRm {
  private StoredRm() {}

  static Command command(Stored kind) {
    return Command.of(
        kind.noun() + " rm",
        kind.operand() + " [" + kind.operand() + "...]",
        1,
        Command.ANY,
        "Remove one or more " + kind.noun() + "s",
        List.<Flag>of(),
        (context, flags, operands) ->
            context.forEach(
                operands,
                reference -> {
                  context.api().delete(kind.one(reference));
                  context.line(reference);
                }));
  }
}
