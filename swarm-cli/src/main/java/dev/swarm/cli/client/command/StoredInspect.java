package dev.swarm.cli.client.command;

import dev.swarm.cli.client.render.StoredPage;

/** {@code swarm secret inspect} and {@code swarm config inspect}. */
final class StoredInspect {
  private StoredInspect() {}

  static Command command(Stored kind) {
    return Command.of(
        kind.noun() + " inspect",
        kind.operand() + " [" + kind.operand() + "...]",
        1,
        Command.ANY,
        "Display detailed information on one or more " + kind.noun() + "s",
        Inspect.flags(),
        (context, flags, operands) ->
            Inspect.run(
                context,
                flags,
                operands,
                kind.noun(),
                reference -> context.api().get(kind.one(reference)),
                kind == Stored.SECRET ? StoredPage::secret : StoredPage::config));
  }
}
