package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.DaemonRejection;
import dev.swarm.cli.command.flag.Flag;
import dev.swarm.cli.command.flag.Flags;
import dev.swarm.cli.command.flag.Numbers;
import dev.swarm.cli.command.flag.UsageError;
import dev.swarm.cli.command.flag.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code swarm service scale}. */
final class ServiceScale {
  private ServiceScale() {}

  static Command command() {
    return Command.of(
        "service scale",
        "SERVICE=REPLICAS [SERVICE=REPLICAS...]",
        1,
        Command.ANY,
        "Scale one or multiple replicated services",
        List.of(
            Flag.toggle("detach", "Exit immediately instead of waiting for the service to converge")
                .or('d')),
        ServiceScale::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    for (String operand : operands) {
      Words.Pair pair = Words.pair(operand);
      if (pair.key().isEmpty() || pair.value().isEmpty()) {
        throw UsageError.conflict("invalid scale specifier '" + operand + "'");
      }
    }
    int code = 0;
    List<Convergence.Watched> scaled = new ArrayList<>();
    for (String operand : operands) {
      Words.Pair pair = Words.pair(operand);
      try {
        String id = scale(context, pair.key(), pair.value());
        scaled.add(new Convergence.Watched(id, pair.key()));
      } catch (DaemonRejection e) {
        code = failed(context, pair.key(), "Error response from daemon: " + e.getMessage());
      } catch (IllegalArgumentException e) {
        code = failed(context, pair.key(), String.valueOf(e.getMessage()));
      }
    }
    return flags.on("detach") ? code : Math.max(code, Convergence.await(context, scaled, false));
  }

  private static int failed(Context context, String service, String why) {
    context.err().print(service + ": " + why + "\n");
    return 1;
  }

  private static String scale(Context context, String reference, String count) throws IOException {
    long replicas;
    try {
      replicas = Numbers.uint(count);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "invalid replicas value " + count + ": " + e.getMessage(), e);
    }
    JsonNode service = context.service(reference);
    JsonNode mode = service.path("Spec").path("Mode");
    if (mode.path("Replicated") instanceof ObjectNode replicated) {
      replicated.put("Replicas", replicas);
    } else if (mode.path("ReplicatedJob") instanceof ObjectNode job) {
      job.put("TotalCompletions", replicas);
    } else {
      throw new IllegalArgumentException(
          "scale can only be used with replicated or replicated-job mode");
    }
    context.warn(context.api().post(ServiceUpdate.target(service), service.path("Spec")));
    context.line(reference + " scaled to " + replicas);
    return service.path("ID").asText();
  }
}
