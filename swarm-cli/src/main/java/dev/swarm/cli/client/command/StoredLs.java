package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.StoredTable;
import java.io.IOException;
import java.time.Instant;

/** {@code swarm secret ls} and {@code swarm config ls}. */
final class StoredLs {
  private StoredLs() {}

  static Command command(Stored kind) {
    return Command.of(
        kind.noun() + " ls",
        "",
        0,
        0,
        "List " + kind.noun() + "s",
        NodeLs.listFlags(),
        (context, flags, operands) -> run(context, flags, kind));
  }

  private static int run(Context context, Flags flags, Stored kind) throws IOException {
    JsonNode objects = context.api().get(Context.filtered(kind.all(), Context.filters(flags)));
    Instant now = context.surroundings().clock().instant();
    String format = NodeLs.format(flags);
    context.print(
        switch (kind) {
          case SECRET -> StoredTable.secrets(objects, format, now);
          case CONFIG -> StoredTable.configs(objects, format, now);
        });
    return 0;
  }
}
