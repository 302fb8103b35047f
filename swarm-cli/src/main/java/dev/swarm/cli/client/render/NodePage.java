package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Output of {@code node inspect --pretty}. */
public final class NodePage {
  private static final long NANOS_PER_CPU = 1_000_000_000;

  private NodePage() {}

  public static String render(JsonNode node) {
    Page page = new Page();
    JsonNode spec = node.path("Spec");
    JsonNode description = node.path("Description");
    page.line("ID:\t\t\t" + node.path("ID").asText())
        .lineIf("Name:\t\t\t", spec.path("Name"))
        .map("Labels:", spec.path("Labels"), " - ", "=")
        .line("Hostname:              \t" + description.path("Hostname").asText())
        .line("Joined at:             \t" + Phrases.moment(node.path("CreatedAt").asText()));
    status(page, node);
    manager(page, node.path("ManagerStatus"));
    JsonNode resources = description.path("Resources");
    long memory = resources.path("MemoryBytes").asLong();
    page.line("Platform:")
        .line(" Operating System:\t" + description.path("Platform").path("OS").asText())
        .line(" Architecture:\t\t" + description.path("Platform").path("Architecture").asText())
        .line("Resources:")
        .line(" CPUs:\t\t\t" + resources.path("NanoCPUs").asLong() / NANOS_PER_CPU)
        .line(" Memory:\t\t" + (memory == 0 ? "" : Units.bytes(memory)));
    engine(page, description.path("Engine"));
    tls(page, description.path("TLSInfo"));
    return page.toString();
  }

  private static void status(Page page, JsonNode node) {
    JsonNode status = node.path("Status");
    page.line("Status:")
        .line(" State:\t\t\t" + Phrases.capital(status.path("State").asText()))
        .lineIf(" Message:              \t", status.path("Message"))
        .line(
            " Availability:         \t"
                + Phrases.capital(node.path("Spec").path("Availability").asText()))
        .lineIf(" Address:\t\t", status.path("Addr"));
  }

  private static void manager(Page page, JsonNode manager) {
    if (manager.isObject()) {
      page.line("Manager Status:")
          .line(" Address:\t\t" + manager.path("Addr").asText())
          .line(" Raft Status:\t\t" + Phrases.capital(manager.path("Reachability").asText()))
          .line(" Leader:\t\t" + (manager.path("Leader").asBoolean() ? "Yes" : "No"));
    }
  }

  private static void engine(Page page, JsonNode engine) {
    Map<String, List<String>> plugins = new TreeMap<>();
    for (JsonNode plugin : engine.path("Plugins")) {
      plugins
          .computeIfAbsent(plugin.path("Type").asText(), type -> new ArrayList<>())
          .add(plugin.path("Name").asText());
    }
    page.lineIf(!plugins.isEmpty(), "Plugins:");
    plugins.forEach((type, names) -> page.line(" " + type + ":\t\t" + String.join(", ", names)));
    page.line("Engine Version:\t\t" + engine.path("EngineVersion").asText())
        .map("Engine Labels:", engine.path("Labels"), " - ", "=");
  }

  private static void tls(Page page, JsonNode tls) {
    if (tls.path("TrustRoot").asText().isEmpty()) {
      return;
    }
    page.line("TLS Info:")
        .line(" TrustRoot:")
        .raw(tls.path("TrustRoot").asText())
        .line(" Issuer Subject:\t" + tls.path("CertIssuerSubject").asText())
        .line(" Issuer Public Key:\t" + tls.path("CertIssuerPublicKey").asText());
  }
}
