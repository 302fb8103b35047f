package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.stack.Stack;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import java.io.IOException;

/** Finds the objects of a stack at the daemon, by its label. */
final class StackSelection {
  private final Context context;
  private final Stack stack;

  StackSelection(Context context, Stack stack) {
    this.context = context;
    this.stack = stack;
  }

  static Stack named(String name) {
    try {
      return Stack.named(name);
    } catch (IllegalArgumentException e) {
      throw UsageError.conflict(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Everything of one kind.
   *
   * @param kind as the API's paths have it, {@code services}
   */
  JsonNode all(String kind) throws IOException {
    return context.api().get(target(kind, Json.object()));
  }

  /** The same as a target, with the user's filters. */
  Target target(String kind, ObjectNode filters) {
    Context.filter(filters, "label", Stack.LABEL + "=" + stack.name());
    return Context.filtered(Target.of(kind), filters);
  }
}
