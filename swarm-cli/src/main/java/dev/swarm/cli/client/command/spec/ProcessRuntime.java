package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.UsageError;
import java.util.List;

/** Services whose tasks are plain processes on hosts without a container engine. */
final class ProcessRuntime {
  static final String NAME = "process";

  /** Flags that only mean something to a container engine. */
  private static final List<String> CONTAINER_ONLY =
      List.of(
          "cap-add",
          "cap-drop",
          "config",
          "config-add",
          "config-rm",
          "container-label",
          "container-label-add",
          "container-label-rm",
          "credential-spec",
          "dns",
          "dns-add",
          "dns-option",
          "dns-option-add",
          "dns-option-rm",
          "dns-rm",
          "dns-search",
          "dns-search-add",
          "dns-search-rm",
          "entrypoint",
          "group",
          "group-add",
          "group-rm",
          "health-cmd",
          "health-interval",
          "health-retries",
          "health-start-interval",
          "health-start-period",
          "health-timeout",
          "host",
          "host-add",
          "host-rm",
          "hostname",
          "init",
          "isolation",
          "log-driver",
          "log-opt",
          "memory-swap",
          "memory-swappiness",
          "mount",
          "mount-add",
          "mount-rm",
          "network",
          "network-add",
          "network-rm",
          "no-healthcheck",
          "oom-score-adj",
          "read-only",
          "secret",
          "secret-add",
          "secret-rm",
          "sysctl",
          "sysctl-add",
          "sysctl-rm",
          "tty",
          "ulimit",
          "ulimit-add",
          "ulimit-rm",
          "user",
          "with-registry-auth");

  private ProcessRuntime() {}

  static boolean is(JsonNode template) {
    return template.path("Runtime").asText().equals(NAME);
  }

  /**
   * @throws UsageError when a flag was given that a process cannot honour
   */
  static void check(Flags flags) {
    for (String name : flags.names()) {
      if (CONTAINER_ONLY.contains(name)) {
        throw UsageError.conflict(
            "--" + name + " needs a container and cannot be used with the process runtime");
      }
    }
  }
}
