package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Durations;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.core.spec.Defaults;

/** Writes the parts of a spec that create and update share: policies, health, resources. */
final class Policies {
  private final Flags flags;

  Policies(Flags flags) {
    this.flags = flags;
  }

  /**
   * @param word {@code update} or {@code rollback}
   * @param field where the spec keeps it
   */
  void updatePolicy(ObjectNode spec, String word, String field) {
    String[] names = {
      "parallelism", "delay", "monitor", "failure-action", "max-failure-ratio", "order"
    };
    for (int i = 0; i < names.length; i++) {
      names[i] = word + "-" + names[i];
    }
    if (!flags.hasAny(names)) {
      return;
    }
    boolean fresh = !spec.path(field).isObject();
    ObjectNode config = Tree.child(spec, field);
    if (fresh) {
      config
          .put("Parallelism", Defaults.UPDATE_PARALLELISM)
          .put("FailureAction", "pause")
          .put("Monitor", Defaults.UPDATE_MONITOR.toNanos())
          .put("MaxFailureRatio", 0)
          .put("Order", "stop-first");
    }
    flags.value(word + "-parallelism", Numbers::uint).ifPresent(n -> config.put("Parallelism", n));
    flags.value(word + "-delay", Durations::parseNanos).ifPresent(n -> config.put("Delay", n));
    flags.value(word + "-monitor", Durations::parseNanos).ifPresent(n -> config.put("Monitor", n));
    flags
        .value(word + "-max-failure-ratio", Numbers::ratio)
        .ifPresent(n -> config.put("MaxFailureRatio", n));
    text(word + "-failure-action", config, "FailureAction");
    text(word + "-order", config, "Order");
  }

  void restartPolicy(ObjectNode template) {
    if (!flags.hasAny(
        "restart-condition", "restart-delay", "restart-max-attempts", "restart-window")) {
      return;
    }
    boolean fresh = !template.path("RestartPolicy").isObject();
    ObjectNode policy = Tree.child(template, "RestartPolicy");
    if (fresh) {
      policy
          .put("Condition", "any")
          .put("Delay", Defaults.RESTART_DELAY.toNanos())
          .put("MaxAttempts", 0);
    }
    text("restart-condition", policy, "Condition");
    flags.value("restart-delay", Durations::parseNanos).ifPresent(n -> policy.put("Delay", n));
    flags.value("restart-max-attempts", Numbers::uint).ifPresent(n -> policy.put("MaxAttempts", n));
    flags.value("restart-window", Durations::parseNanos).ifPresent(n -> policy.put("Window", n));
  }

  void health(ObjectNode container) {
    boolean some =
        flags.hasAny(
            "health-cmd",
            "health-interval",
            "health-retries",
            "health-start-interval",
            "health-start-period",
            "health-timeout");
    if (flags.on("no-healthcheck")) {
      if (some) {
        throw UsageError.conflict("--no-healthcheck and --health-… contradict each other");
      }
      container.putObject("Healthcheck").putArray("Test").add("NONE");
      return;
    }
    if (!some && !flags.has("no-healthcheck")) {
      return;
    }
    ObjectNode health = Tree.child(container, "Healthcheck");
    if (health.path("Test").path(0).asText().equals("NONE")) {
      health.remove("Test");
    }
    duration("health-interval", health, "Interval");
    duration("health-timeout", health, "Timeout");
    duration("health-start-period", health, "StartPeriod");
    duration("health-start-interval", health, "StartInterval");
    flags.value("health-retries", Numbers::signed).ifPresent(n -> health.put("Retries", n));
    if (flags.has("health-cmd")) {
      if (flags.text("health-cmd").isEmpty()) {
        health.remove("Test");
      } else {
        health.putArray("Test").add("CMD-SHELL").add(flags.text("health-cmd"));
      }
    }
  }

  void resources(ObjectNode template) {
    if (flags.hasAny("limit-cpu", "limit-memory", "limit-pids")) {
      ObjectNode limits = Tree.child(Tree.child(template, "Resources"), "Limits");
      flags.value("limit-cpu", Numbers::nanoCpus).ifPresent(n -> limits.put("NanoCPUs", n));
      flags.value("limit-memory", Numbers::bytes).ifPresent(n -> limits.put("MemoryBytes", n));
      flags.value("limit-pids", Numbers::signed).ifPresent(n -> limits.put("Pids", n));
    }
    if (flags.hasAny("reserve-cpu", "reserve-memory")) {
      ObjectNode reserved = Tree.child(Tree.child(template, "Resources"), "Reservations");
      flags.value("reserve-cpu", Numbers::nanoCpus).ifPresent(n -> reserved.put("NanoCPUs", n));
      flags.value("reserve-memory", Numbers::bytes).ifPresent(n -> reserved.put("MemoryBytes", n));
    }
    flags
        .value("memory-swap", Numbers::bytesOrUnlimited)
        .ifPresent(n -> Tree.child(template, "Resources").put("SwapBytes", n));
    flags
        .value("memory-swappiness", Numbers::signed)
        .ifPresent(n -> Tree.child(template, "Resources").put("MemorySwappiness", n));
  }

  private void duration(String flag, ObjectNode node, String field) {
    flags.value(flag, Durations::parsePositiveNanos).ifPresent(n -> node.put(field, n));
  }

  private void text(String flag, ObjectNode node, String field) {
    if (flags.has(flag)) {
      node.put(field, flags.text(flag));
    }
  }
}
