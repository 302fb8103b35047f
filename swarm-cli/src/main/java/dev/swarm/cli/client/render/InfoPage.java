package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.OwnWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Output of {@code swarm info}. */
public final class InfoPage {
  private static final int VALUES_AT = 22;
  private static final long SIZE_USUAL = 24;

  /** What every client sends whose user said nothing. */
  private static final long ADAPTING_NANOS = 5_000_000_000L;

  private final Page page = new Page();

  private InfoPage() {}

  /**
   * @param info the daemon's {@code /info}
   */
  public static String render(JsonNode info) {
    InfoPage page = new InfoPage();
    JsonNode swarm = info.path("Swarm");
    page.node(info, swarm);
    JsonNode cluster = swarm.path("Cluster");
    if (cluster.path("ID").isTextual() && !cluster.path("ID").asText().isEmpty()) {
      page.cluster(swarm, cluster);
    }
    page.warnings(info.path("Warnings"));
    return page.page.toString();
  }

  private void node(JsonNode info, JsonNode swarm) {
    page.line("Node:");
    String state = swarm.path("LocalNodeState").asText();
    line("State", state + meaning(state));
    line("Name", info.path("Name").asText());
    line("ID", swarm.path("NodeID").asText());
    if (state.equals("active")) {
      line("Role", swarm.path("ControlAvailable").asBoolean() ? "manager" : "worker");
    }
    line("Address", swarm.path("NodeAddr").asText());
    List<String> managers = new ArrayList<>();
    swarm.path("RemoteManagers").forEach(manager -> managers.add(manager.path("Addr").asText()));
    line("Managers at", String.join(", ", managers));
    line("Error", OwnWords.of(swarm.path("Error").asText()));
  }

  private static String meaning(String state) {
    return switch (state) {
      case "inactive" -> " (in no swarm: 'swarm init' begins one, 'swarm join' enters one)";
      case "pending" -> " (on its way into a swarm; 'swarm leave' gives up)";
      case "locked" -> " ('swarm unlock' unlocks it)";
      default -> "";
    };
  }

  private void cluster(JsonNode swarm, JsonNode cluster) {
    JsonNode spec = cluster.path("Spec");
    page.line("Swarm:");
    line("ID", cluster.path("ID").asText());
    line("Created", Phrases.moment(cluster.path("CreatedAt").asText()));
    line(
        "Nodes",
        swarm.path("Nodes").asText()
            + ", "
            + swarm.path("Managers").asText()
            + " of them managers");
    List<String> pools = new ArrayList<>();
    cluster.path("DefaultAddrPool").forEach(pool -> pools.add(pool.asText()));
    line(
        "Address pool",
        pools.isEmpty()
            ? ""
            : String.join(", ", pools)
                + ", cut into subnets of /"
                + cluster.path("SubnetSize").asLong(SIZE_USUAL));
    line("Data path port", cluster.path("DataPathPort").asText());
    line("Task history", spec.path("Orchestration").path("TaskHistoryRetentionLimit").asText());
    JsonNode raft = spec.path("Raft");
    line(
        "Snapshots",
        "every "
            + raft.path("SnapshotInterval").asText()
            + " log entries; beside the newest, "
            + raft.path("KeepOldSnapshots").asLong()
            + " old ones are kept");
    long beat = spec.path("Dispatcher").path("HeartbeatPeriod").asLong();
    line(
        "Heartbeat",
        beat == ADAPTING_NANOS
            ? "depends on the swarm's size"
            : duration(spec.path("Dispatcher").path("HeartbeatPeriod")));
    line("Certificates last", duration(spec.path("CAConfig").path("NodeCertExpiry")));
    cluster
        .path("Spec")
        .path("CAConfig")
        .path("ExternalCAs")
        .forEach(
            ca ->
                line("External CA", ca.path("Protocol").asText() + " " + ca.path("URL").asText()));
    boolean rotating = cluster.path("RootRotationInProgress").asBoolean();
    line("Root rotation", rotating ? "under way" : "none");
    boolean locks = spec.path("EncryptionConfig").path("AutoLockManagers").asBoolean();
    line("Autolock", locks ? "on" : "off");
  }

  private static String duration(JsonNode nanos) {
    return nanos.isNumber() ? Units.human(Duration.ofNanos(nanos.asLong())) : "";
  }

  private void warnings(JsonNode warnings) {
    if (!warnings.isEmpty()) {
      page.line("Warnings:");
      for (JsonNode warning : warnings) {
        OwnWords.of(warning.asText()).lines().forEach(text -> page.line(" " + text.strip()));
      }
    }
  }

  private void line(String label, String value) {
    if (!value.isEmpty()) {
      page.line(" " + label + ":" + " ".repeat(VALUES_AT - label.length()) + value);
    }
  }
}
