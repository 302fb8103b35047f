package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
import dev.swarm.core.text.Printable;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains why an update stopped: what became of the task that the daemon's message only names by
 * its id.
 */
final class UpdateFailure {
  private static final Pattern TASK = Pattern.compile("\\btask ([a-z0-9]+)$");

  private UpdateFailure() {}

  /**
   * {@code web.2 on node host1: task: non-zero exit (1)}; the message itself where it names no task
   * or the task is forgotten.
   *
   * @param message the daemon's, of the update's status
   */
  static String why(Context context, String service, String message) throws IOException {
    Matcher named = TASK.matcher(message);
    if (!named.find()) {
      return message;
    }
    JsonNode task;
    try {
      task = context.api().get(Target.of("tasks", named.group(1)));
    } catch (DaemonRejection e) {
      return message;
    }
    JsonNode slot = task.path("Slot");
    String node = new Names(context, true).node(task.path("NodeID").asText());
    StringBuilder why = new StringBuilder("task ").append(service);
    if (slot.asLong() > 0) {
      why.append('.').append(slot.asLong());
    }
    if (!node.isEmpty()) {
      why.append(" on node ").append(node);
    }
    return Printable.of(why.append(": ").append(end(task.path("Status"))).toString());
  }

  private static String end(JsonNode status) {
    String error = status.path("Err").asText();
    if (!error.isEmpty()) {
      return error;
    }
    JsonNode code = status.path("ContainerStatus").path("ExitCode");
    return code.isNumber()
        ? status.path("State").asText() + ", exit code " + code.asText()
        : status.path("State").asText();
  }

  /** What to do about an update that is paused. */
  static String advice(String service) {
    return ("'swarm service ps --no-trunc %s' shows every task. Mend it with 'swarm service"
            + " update', or go back with 'swarm service rollback %s'.")
        .formatted(service, service);
  }

  /** What to do about a rollback that is paused. */
  static String adviceOnRollback(String service) {
    return ("'swarm service ps --no-trunc %s' shows every task. Mend it with 'swarm service"
            + " update'.")
        .formatted(service);
  }
}
