package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Output of {@code service inspect --pretty}. */
public final class ServicePage {
  private final JsonNode service;
  private final JsonNode spec;
  private final JsonNode template;
  private final JsonNode container;
  private final Page page = new Page();

  private ServicePage(JsonNode service) {
    this.service = service;
    this.spec = service.path("Spec");
    this.template = spec.path("TaskTemplate");
    this.container = template.path("ContainerSpec");
  }

  /**
   * @param networkName from a network's id to what to show for it
   * @param now against which times are told
   */
  public static String render(JsonNode service, UnaryOperator<String> networkName, Instant now) {
    ServicePage page = new ServicePage(service);
    page.head(now);
    page.placement();
    page.updates("UpdateConfig", "Update");
    page.updates("RollbackConfig", "Rollback");
    page.program();
    page.files();
    page.logging();
    page.resources();
    page.endpoint(networkName);
    page.health();
    return page.page.toString();
  }

  private void head(Instant now) {
    page.line("")
        .line("ID:\t\t" + service.path("ID").asText())
        .line("Name:\t\t" + spec.path("Name").asText())
        .map("Labels:", spec.path("Labels"), " ", "=");
    String mode = ServiceTable.mode(spec.path("Mode"));
    page.line("Service Mode:\t" + Phrases.capital(mode))
        .lineIf(" Replicas:\t", spec.path("Mode").path("Replicated").path("Replicas"))
        .lineIf(
            " Total Completions:\t",
            spec.path("Mode").path("ReplicatedJob").path("TotalCompletions"))
        .lineIf(
            " Max Concurrent:\t", spec.path("Mode").path("ReplicatedJob").path("MaxConcurrent"));
    JsonNode update = service.path("UpdateStatus");
    String state = update.path("State").asText();
    if (!state.isEmpty()) {
      page.line("UpdateStatus:").line(" State:\t\t" + state);
      if (update.has("StartedAt")) {
        page.line(" Started:\t" + Phrases.ago(Phrases.time(update.path("StartedAt")), now));
      }
      if (state.equals("completed") && update.has("CompletedAt")) {
        page.line(" Completed:\t" + Phrases.ago(Phrases.time(update.path("CompletedAt")), now));
      }
      page.line(" Message:\t" + update.path("Message").asText());
    }
  }

  private void placement() {
    JsonNode placement = template.path("Placement");
    List<String> preferences = new ArrayList<>();
    for (JsonNode preference : placement.path("Preferences")) {
      preferences.add("spread=" + preference.path("Spread").path("SpreadDescriptor").asText());
    }
    long perNode = placement.path("MaxReplicas").asLong();
    page.line("Placement:")
        .lineIf(
            !placement.path("Constraints").isEmpty(),
            " Constraints:\t" + list(placement.path("Constraints")))
        .lineIf(!preferences.isEmpty(), " Preferences:   [" + String.join(" ", preferences) + "]")
        .lineIf(perNode > 0, " Max Replicas Per Node:   " + perNode);
  }

  private static String list(JsonNode strings) {
    List<String> items = new ArrayList<>();
    strings.forEach(item -> items.add(item.asText()));
    return "[" + String.join(" ", items) + "]";
  }

  private void updates(String field, String word) {
    JsonNode config = spec.path(field);
    if (!config.isObject()) {
      return;
    }
    long delay = config.path("Delay").asLong();
    long monitor = config.path("Monitor").asLong();
    page.line(field + ":")
        .line(" Parallelism:\t" + config.path("Parallelism").asLong())
        .lineIf(delay > 0, " Delay:\t\t" + Units.goDuration(delay))
        .line(" On failure:\t" + config.path("FailureAction").asText())
        .lineIf(monitor > 0, " Monitoring Period: " + Units.goDuration(monitor))
        .line(" Max failure ratio: " + config.path("MaxFailureRatio").asText("0"))
        .line((" " + word + " order:" + "      ").substring(0, 20) + config.path("Order").asText());
  }

  private void program() {
    JsonNode process = template.path("ProcessSpec");
    if (process.isObject()) {
      page.line("ProcessSpec:")
          .line(" Command:\t" + joined(process.path("Command")))
          .lineIf(!process.path("Env").isEmpty(), " Env:\t\t" + joined(process.path("Env")))
          .lineIf(" Dir:\t\t", process.path("Dir"));
      return;
    }
    page.line("ContainerSpec:")
        .line(" Image:\t\t" + container.path("Image").asText())
        .lineIf(!container.path("Args").isEmpty(), " Args:\t\t" + joined(container.path("Args")))
        .lineIf(!container.path("Env").isEmpty(), " Env:\t\t" + joined(container.path("Env")))
        .lineIf(" Dir:\t\t", container.path("Dir"))
        .lineIf(" Init:\t\t", container.path("Init"))
        .lineIf(" User: ", container.path("User"));
    JsonNode added = container.path("CapabilityAdd");
    JsonNode dropped = container.path("CapabilityDrop");
    page.lineIf(!added.isEmpty() || !dropped.isEmpty(), "Capabilities:")
        .lineIf(!added.isEmpty(), " Add: " + joined(added, ", "))
        .lineIf(!dropped.isEmpty(), " Drop: " + joined(dropped, ", "))
        .map("SysCtls:", container.path("Sysctls"), " ", ": ");
    page.lineIf(!container.path("Ulimits").isEmpty(), "Ulimits:");
    for (JsonNode limit : container.path("Ulimits")) {
      page.line(
          " %s: %d:%d"
              .formatted(
                  limit.path("Name").asText(),
                  limit.path("Soft").asLong(),
                  limit.path("Hard").asLong()));
    }
  }

  private void files() {
    page.lineIf(!container.path("Mounts").isEmpty(), "Mounts:");
    for (JsonNode mount : container.path("Mounts")) {
      page.line(" Target:\t" + mount.path("Target").asText())
          .line("  Source:\t" + mount.path("Source").asText())
          .line("  ReadOnly:\t" + mount.path("ReadOnly").asBoolean())
          .line("  Type:\t\t" + mount.path("Type").asText());
    }
    references("Configs", "ConfigName");
    references("Secrets", "SecretName");
  }

  private void references(String field, String name) {
    page.lineIf(!container.path(field).isEmpty(), field + ":");
    for (JsonNode reference : container.path(field)) {
      page.line(" Target:\t" + reference.path("File").path("Name").asText())
          .line("  Source:\t" + reference.path(name).asText());
    }
  }

  private void logging() {
    JsonNode driver = template.path("LogDriver");
    if (driver.isObject()) {
      page.line("Log Driver:")
          .lineIf(" Name:\t\t", driver.path("Name"))
          .map(" LogOpts:", driver.path("Options"), "  ", ":       ")
          .line("");
    }
  }

  private void resources() {
    JsonNode resources = template.path("Resources");
    if (!resources.isObject()) {
      return;
    }
    page.line("Resources:");
    amounts(" Reservations:", resources.path("Reservations"));
    JsonNode limits = resources.path("Limits");
    amounts(" Limits:", limits);
    long pids = limits.path("Pids").asLong();
    page.lineIf(pids > 0, "  PIDs:\t\t" + pids);
  }

  private void amounts(String head, JsonNode amounts) {
    long cpus = amounts.path("NanoCPUs").asLong();
    long memory = amounts.path("MemoryBytes").asLong();
    boolean pids = amounts.path("Pids").asLong() > 0;
    page.lineIf(cpus > 0 || memory > 0 || pids, head)
        .lineIf(cpus > 0, "  CPU:\t\t" + Units.number(BigDecimal.valueOf(cpus, 9)))
        .lineIf(memory > 0, "  Memory:\t" + (memory > 0 ? Units.bytes(memory) : ""));
  }

  private void endpoint(UnaryOperator<String> networkName) {
    List<String> networks = new ArrayList<>();
    for (JsonNode network : template.path("Networks")) {
      networks.add(networkName.apply(network.path("Target").asText()));
    }
    page.lineIf(!networks.isEmpty(), "Networks: " + String.join(" ", networks) + " ")
        .line("Endpoint Mode:\t" + spec.path("EndpointSpec").path("Mode").asText());
    JsonNode ports = service.path("Endpoint").path("Ports");
    page.lineIf(!ports.isEmpty(), "Ports:");
    for (JsonNode port : ports) {
      page.line(" PublishedPort = " + port.path("PublishedPort").asLong())
          .line("  Protocol = " + port.path("Protocol").asText())
          .line("  TargetPort = " + port.path("TargetPort").asLong())
          .line("  PublishMode = " + port.path("PublishMode").asText());
    }
  }

  private void health() {
    JsonNode health = container.path("Healthcheck");
    if (!health.isObject()) {
      return;
    }
    page.line(" Healthcheck:")
        .line("  Interval = " + Units.goDuration(health.path("Interval").asLong()))
        .line("  Retries = " + health.path("Retries").asLong())
        .line("  StartPeriod =\t" + Units.goDuration(health.path("StartPeriod").asLong()))
        .line("  Timeout =\t" + Units.goDuration(health.path("Timeout").asLong()))
        .lineIf(!health.path("Test").isEmpty(), "  Tests:");
    for (JsonNode test : health.path("Test")) {
      page.line("\t Test = " + test.asText());
    }
  }

  private static String joined(JsonNode list) {
    return joined(list, " ");
  }

  private static String joined(JsonNode list, String separator) {
    List<String> items = new ArrayList<>();
    list.forEach(item -> items.add(item.asText()));
    return String.join(separator, items);
  }
}
