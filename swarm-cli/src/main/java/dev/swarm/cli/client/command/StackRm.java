package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.stack.Stack;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code swarm stack rm}. */
final class StackRm {
  /** In this order, so that nothing goes that is still used. */
  private static final List<String> KINDS = List.of("services", "secrets", "configs", "networks");

  private static final Set<String> ENDED =
      Set.of("complete", "shutdown", "failed", "rejected", "remove", "orphaned");
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private StackRm() {}

  static Command command() {
    return Command.of(
        "stack rm",
        "STACK [STACK...]",
        1,
        Command.ANY,
        "Remove one or more stacks",
        List.of(
            Flag.toggle("detach", "Do not wait until all tasks have ended (default true)").or('d')),
        StackRm::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    List<Stack> stacks = operands.stream().map(StackSelection::named).toList();
    boolean wait = flags.has("detach") && !flags.on("detach");
    int code = 0;
    for (Stack stack : stacks) {
      code |= remove(context, stack, wait);
    }
    return code;
  }

  private static int remove(Context context, Stack stack, boolean wait) throws IOException {
    StackSelection selection = new StackSelection(context, stack);
    Map<String, List<JsonNode>> found = new LinkedHashMap<>();
    for (String kind : KINDS) {
      List<JsonNode> objects = new ArrayList<>();
      selection.all(kind).forEach(objects::add);
      objects.sort(Comparator.comparing(StackRm::name));
      found.put(kind, objects);
    }
    if (found.values().stream().allMatch(List::isEmpty)) {
      context.err().print("Nothing found in stack: " + stack.name() + "\n");
      return 0;
    }
    boolean failed = false;
    for (String kind : KINDS) {
      failed |= !removeAll(context, kind, found.getOrDefault(kind, List.of()));
    }
    if (failed) {
      context.err().print("failed to remove some resources from stack: " + stack.name() + "\n");
      return 1;
    }
    if (wait) {
      await(context, selection);
    }
    return 0;
  }

  static String name(JsonNode object) {
    String name = object.path("Spec").path("Name").asText();
    return name.isEmpty() ? object.path("Name").asText() : name;
  }

  /**
   * @param kind as the API's paths have it
   * @return whether all went
   */
  static boolean removeAll(Context context, String kind, List<JsonNode> objects)
      throws IOException {
    String noun = kind.substring(0, kind.length() - 1);
    boolean all = true;
    for (JsonNode object : objects) {
      String id = object.path(kind.equals("networks") ? "Id" : "ID").asText();
      context.line("Removing " + noun + " " + name(object));
      try {
        context.api().delete(Target.of(kind, id));
      } catch (DaemonRejection e) {
        all = false;
        context.err().print("Failed to remove " + noun + " " + id + ": " + e.getMessage() + "\n");
      }
    }
    return all;
  }

  private static void await(Context context, StackSelection selection) throws IOException {
    try {
      while (!ended(selection.all("tasks"))) {
        context.surroundings().sleeper().rest(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean ended(JsonNode tasks) {
    for (JsonNode task : tasks) {
      if (!ENDED.contains(task.path("Status").path("State").asText())) {
        return false;
      }
    }
    return true;
  }
}
