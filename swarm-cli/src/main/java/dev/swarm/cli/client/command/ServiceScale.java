package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.terminal.Flag;
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
        "Set how many tasks one or more services have",
        List.of(Flag.toggle("detach", "Do not wait until the services run as wanted").or('d')),
        ServiceScale::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    for (String operand : operands) {
      Words.Pair pair = Words.pair(operand);
      if (pair.key().isEmpty() || pair.value().isEmpty()) {
        throw UsageError.conflict(
            "'swarm service scale' takes SERVICE=REPLICAS, not " + Words.quoted(operand));
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
      } catch (IOException | IllegalArgumentException e) {
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
    } catch (Unexpected e) {
      throw new IllegalArgumentException("the number of replicas is " + e.getMessage(), e);
    }
    VersionedEdit scaling =
        new VersionedEdit(
            "service " + reference,
            () -> context.service(reference),
            spec -> setReplicas(spec.path("Mode"), replicas),
            service -> context.api().post(ServiceUpdate.target(service), service.path("Spec")));
    VersionedEdit.Done done =
        scaling.run(context, context.service(reference), VersionedEdit.Policy.OVERRIDE);
    context.warn(done.answer());
    context.line(reference + " scaled to " + replicas);
    return done.object().path("ID").asText();
  }

  private static void setReplicas(JsonNode mode, long replicas) {
    if (mode.path("Replicated") instanceof ObjectNode replicated) {
      replicated.put("Replicas", replicas);
    } else if (mode.path("ReplicatedJob") instanceof ObjectNode job) {
      job.put("TotalCompletions", replicas);
    } else {
      throw new IllegalArgumentException(
          "a global service cannot be scaled: it runs one task on every node");
    }
  }
}
