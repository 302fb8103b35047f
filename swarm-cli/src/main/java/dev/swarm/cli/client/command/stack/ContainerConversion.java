package dev.swarm.cli.client.command.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.Syntax;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;

/** Converts a service to a ContainerSpec, without what refers to other objects. */
final class ContainerConversion {
  private static final Map<String, String> TEXTS =
      Map.of(
          "hostname", "Hostname",
          "working_dir", "Dir",
          "user", "User",
          "stop_signal", "StopSignal",
          "isolation", "Isolation");

  private static final Map<String, String> SWITCHES =
      Map.of("tty", "TTY", "stdin_open", "OpenStdin", "read_only", "ReadOnly");

  private ContainerConversion() {}

  static ObjectNode container(Mapping service, Stack stack) {
    ObjectNode container = Json.object();
    container.put("Image", service.text("image").orElse(""));
    stack.label(container, service.map("labels"));
    Tree.setStrings(container, "Command", service.texts("entrypoint"));
    Tree.setStrings(container, "Args", service.texts("command"));
    Tree.setStrings(container, "Env", environment(service.child("environment")));
    new TreeMap<>(TEXTS)
        .forEach((key, field) -> service.text(key).ifPresent(t -> container.put(field, t)));
    new TreeMap<>(SWITCHES)
        .forEach(
            (key, field) -> {
              if (service.on(key)) {
                container.put(field, true);
              }
            });
    Tree.setStrings(container, "Groups", service.texts("group_add"));
    service.get("init").ifPresent(init -> container.put("Init", service.on("init")));
    service.number("oom_score_adj").ifPresent(score -> container.put("OomScoreAdj", score));
    DeployConversion.duration(service, "stop_grace_period", container, "StopGracePeriod");
    health(service, container);
    Tree.setStrings(
        container,
        "Hosts",
        service.texts("extra_hosts").stream().map(ContainerConversion::host).toList());
    dns(service, container);
    // A privilege that is not given is still one that was decided upon.
    container.putObject("Privileges").putNull("CredentialSpec").putNull("SELinuxContext");
    Tree.setMap(container, "Sysctls", service.map("sysctls"));
    capabilities(service, container);
    Tree.setItems(container, "Ulimits", ulimits(service.child("ulimits")));
    return container;
  }

  private static List<String> environment(Mapping environment) {
    List<String> variables = new ArrayList<>();
    environment
        .entries()
        .forEach(
            (name, value) ->
                variables.add(Value.isNull(value) ? name : name + "=" + ((Scalar) value).text()));
    variables.sort(null);
    return variables;
  }

  /** {@code name:address} as the {@code "address name"} line the spec has. */
  private static String host(String text) {
    int colon = text.indexOf(':');
    return text.substring(colon + 1) + " " + text.substring(0, colon);
  }

  private static void dns(Mapping service, ObjectNode container) {
    ObjectNode dns = Json.object();
    Tree.setStrings(dns, "Nameservers", service.texts("dns"));
    Tree.setStrings(dns, "Search", service.texts("dns_search"));
    Tree.setStrings(dns, "Options", service.texts("dns_opt"));
    if (!dns.isEmpty()) {
      container.set("DNSConfig", dns);
    }
  }

  private static void health(Mapping service, ObjectNode container) {
    if (service.get("healthcheck").isEmpty()) {
      return;
    }
    Mapping check = service.child("healthcheck");
    ObjectNode health = container.putObject("Healthcheck");
    if (check.on("disable")) {
      if (!check.items("test").isEmpty()) {
        throw check.place().error("test and disable can't be set at the same time");
      }
      health.putArray("Test").add("NONE");
      return;
    }
    Tree.setStrings(health, "Test", check.texts("test"));
    DeployConversion.duration(check, "interval", health, "Interval");
    DeployConversion.duration(check, "timeout", health, "Timeout");
    DeployConversion.duration(check, "start_period", health, "StartPeriod");
    DeployConversion.duration(check, "start_interval", health, "StartInterval");
    check.number("retries").ifPresent(retries -> health.put("Retries", retries));
  }

  private static void capabilities(Mapping service, ObjectNode container) {
    NavigableSet<String> added = Syntax.capabilities(service.texts("cap_add"));
    NavigableSet<String> dropped = Syntax.capabilities(service.texts("cap_drop"));
    dropped.removeIf(added::contains);
    Tree.setStrings(container, "CapabilityAdd", allOr(added));
    Tree.setStrings(container, "CapabilityDrop", allOr(dropped));
  }

  private static List<String> allOr(NavigableSet<String> capabilities) {
    return capabilities.contains("ALL") ? List.of("ALL") : List.copyOf(capabilities);
  }

  private static List<ObjectNode> ulimits(Mapping ulimits) {
    List<ObjectNode> limits = new ArrayList<>();
    new TreeMap<>(ulimits.entries())
        .forEach(
            (name, value) -> {
              long soft;
              long hard;
              if (value instanceof Mapping both) {
                soft = both.number("soft").orElse(0L);
                hard = both.number("hard").orElse(0L);
              } else {
                soft = Long.parseLong(((Scalar) value).text());
                hard = soft;
              }
              limits.add(Json.object().put("Name", name).put("Hard", hard).put("Soft", soft));
            });
    return limits;
  }
}
