package dev.swarm.cli.client.command.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Durations;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.http.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Converts {@code deploy:} to parts of a ServiceSpec. */
final class DeployConversion {
  private DeployConversion() {}

  static ObjectNode mode(Mapping service) {
    Mapping deploy = service.child("deploy");
    Optional<Scalar> replicas = deploy.scalar("replicas").or(() -> service.scalar("scale"));
    replicas.ifPresent(DeployConversion::natural);
    Optional<Long> count = replicas.map(scalar -> Long.valueOf(scalar.text()));
    ObjectNode mode = Json.object();
    String wanted = deploy.text("mode").orElse("replicated");
    switch (wanted) {
      case "global", "global-job" -> {
        if (replicas.isPresent()) {
          throw replicas
              .get()
              .place()
              .error("replicas can only be used with replicated or replicated-job mode");
        }
        mode.putObject(wanted.equals("global") ? "Global" : "GlobalJob");
      }
      case "replicated-job" -> {
        ObjectNode job = mode.putObject("ReplicatedJob");
        count.ifPresent(n -> job.put("MaxConcurrent", n).put("TotalCompletions", n));
      }
      default -> {
        ObjectNode replicated = mode.putObject("Replicated");
        count.ifPresent(n -> replicated.put("Replicas", n));
      }
    }
    return mode;
  }

  private static void natural(Scalar number) {
    if (number.text().startsWith("-")) {
      throw number.place().error(number.text() + " cannot be negative");
    }
  }

  static ObjectNode update(Mapping config) {
    ObjectNode node = Json.object();
    config.scalar("parallelism").ifPresent(DeployConversion::natural);
    node.put("Parallelism", config.number("parallelism").orElse(1L));
    duration(config, "delay", node, "Delay");
    config.text("failure_action").ifPresent(action -> node.put("FailureAction", action));
    duration(config, "monitor", node, "Monitor");
    node.put(
        "MaxFailureRatio",
        config.text("max_failure_ratio").map(Numbers::ratio).orElse(BigDecimal.ZERO));
    config.text("order").ifPresent(order -> node.put("Order", order));
    return node;
  }

  static void duration(Mapping from, String key, ObjectNode to, String field) {
    from.text(key).ifPresent(text -> to.put(field, Durations.parseNanos(text)));
  }

  static ObjectNode resources(Mapping resources) {
    ObjectNode node = Json.object();
    resources
        .get("limits")
        .ifPresent(
            value -> {
              Mapping limits = (Mapping) value;
              ObjectNode out = amounts(limits);
              limits.number("pids").ifPresent(pids -> out.put("Pids", pids));
              node.set("Limits", out);
            });
    resources
        .get("reservations")
        .ifPresent(
            value -> {
              Mapping reservations = (Mapping) value;
              ObjectNode out = amounts(reservations);
              Tree.setItems(out, "GenericResources", generic(reservations));
              node.set("Reservations", out);
            });
    return node;
  }

  private static ObjectNode amounts(Mapping from) {
    ObjectNode out = Json.object();
    from.text("cpus").ifPresent(cpus -> out.put("NanoCPUs", Numbers.nanoCpus(cpus)));
    from.text("memory").ifPresent(memory -> out.put("MemoryBytes", Numbers.bytes(memory)));
    return out;
  }

  private static List<ObjectNode> generic(Mapping reservations) {
    List<ObjectNode> all = new ArrayList<>();
    for (Value item : reservations.items("generic_resources")) {
      Mapping discrete = ((Mapping) item).child("discrete_resource_spec");
      ObjectNode resource = Json.object();
      resource
          .putObject("DiscreteResourceSpec")
          .put("Kind", discrete.text("kind").orElse(""))
          .put("Value", discrete.number("value").orElse(0L));
      all.add(resource);
    }
    return all;
  }

  /** From {@code deploy.restart_policy}, or else from a container's {@code restart}. */
  static Optional<ObjectNode> restartPolicy(Mapping service) {
    Optional<Value> deployed = service.child("deploy").get("restart_policy");
    if (deployed.isEmpty()) {
      return service.scalar("restart").flatMap(DeployConversion::restart);
    }
    Mapping policy = (Mapping) deployed.get();
    ObjectNode node = Json.object();
    policy.text("condition").ifPresent(condition -> node.put("Condition", condition));
    duration(policy, "delay", node, "Delay");
    policy.scalar("max_attempts").ifPresent(DeployConversion::natural);
    policy.number("max_attempts").ifPresent(attempts -> node.put("MaxAttempts", attempts));
    duration(policy, "window", node, "Window");
    return Optional.of(node);
  }

  private static Optional<ObjectNode> restart(Scalar restart) {
    String text = restart.text();
    int colon = text.indexOf(':');
    String attempts = colon < 0 ? "" : text.substring(colon + 1);
    String name = colon < 0 ? text : text.substring(0, colon);
    boolean counts = name.equals("on-failure") && attempts.matches("\\d{1,9}");
    if (colon >= 0 && !counts) {
      throw restart.place().error("\"" + text + "\" must be a policy, or on-failure:attempts");
    }
    ObjectNode node = Json.object();
    switch (name) {
      case "", "no" -> {
        return Optional.empty();
      }
      case "always", "unless-stopped" -> node.put("Condition", "any");
      case "on-failure" -> node.put("Condition", "on-failure");
      default ->
          throw restart
              .place()
              .error(
                  "unknown policy '"
                      + name
                      + "' (must be one of 'no', 'always', 'on-failure', or 'unless-stopped')");
    }
    if (counts && Long.parseLong(attempts) > 0) {
      node.put("MaxAttempts", Long.parseLong(attempts));
    }
    return Optional.of(node);
  }

  static ObjectNode placement(Mapping placement) {
    ObjectNode node = Json.object();
    Tree.setStrings(node, "Constraints", placement.texts("constraints"));
    List<ObjectNode> preferences = new ArrayList<>();
    for (Value item : placement.items("preferences")) {
      ObjectNode preference = Json.object();
      preference
          .putObject("Spread")
          .put("SpreadDescriptor", ((Mapping) item).text("spread").orElse(""));
      preferences.add(preference);
    }
    Tree.setItems(node, "Preferences", preferences);
    placement.scalar("max_replicas_per_node").ifPresent(DeployConversion::natural);
    placement.number("max_replicas_per_node").ifPresent(n -> node.put("MaxReplicas", n));
    return node;
  }
}
