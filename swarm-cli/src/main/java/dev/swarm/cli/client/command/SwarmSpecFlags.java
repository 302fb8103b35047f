package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Durations;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.terminal.Flag;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.port.Reason;
import dev.swarm.core.spec.Defaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The flags that set a cluster's own spec, shared by init, update and ca. */
final class SwarmSpecFlags {
  private static final long PEM_BYTES_MAX = 1024 * 1024;

  private SwarmSpecFlags() {}

  static List<Flag> cluster() {
    return List.of(
        Flag.toggle(
            "autolock", "Keep managers locked after a restart until they are given the unlock key"),
        Flag.value(
            "cert-expiry", "duration", "How long nodes' certificates last (default 2160h0m0s)"),
        Flag.value(
            "dispatcher-heartbeat",
            "duration",
            "Time between two signs of life of a node (default depends on the swarm's size)"),
        Flag.list(
            "external-ca",
            "external-ca",
            "Authority that signs certificates (\"protocol=cfssl,url=URL,cacert=FILE\")"),
        Flag.value(
            "max-snapshots", "number", "Raft snapshots to keep beside the newest (default 0)"),
        Flag.value(
            "snapshot-interval",
            "number",
            "Log entries between two Raft snapshots (default 10000)"),
        Flag.value(
            "task-history-limit",
            "number",
            "Ended tasks to remember for each slot (default " + Defaults.TASK_HISTORY_LIMIT + ")"));
  }

  /** Puts what was given into {@code spec}. */
  static void apply(Flags flags, ObjectNode spec) {
    flags
        .value("task-history-limit", Numbers::signed)
        .ifPresent(n -> child(spec, "Orchestration").put("TaskHistoryRetentionLimit", n));
    flags
        .value("dispatcher-heartbeat", Durations::parseNanos)
        .ifPresent(n -> child(spec, "Dispatcher").put("HeartbeatPeriod", n));
    flags
        .value("max-snapshots", Numbers::uint)
        .ifPresent(n -> child(spec, "Raft").put("KeepOldSnapshots", n));
    flags
        .value("snapshot-interval", Numbers::uint)
        .ifPresent(n -> child(spec, "Raft").put("SnapshotInterval", n));
    if (flags.has("autolock")) {
      child(spec, "EncryptionConfig").put("AutoLockManagers", flags.on("autolock"));
    }
    applyCa(flags, spec, "");
  }

  /**
   * @param caCert what an external CA signs with that names no certificate of its own
   */
  static void applyCa(Flags flags, ObjectNode spec, String caCert) {
    flags
        .value("cert-expiry", Durations::parseNanos)
        .ifPresent(n -> child(spec, "CAConfig").put("NodeCertExpiry", n));
    if (flags.has("external-ca")) {
      ArrayNode all = child(spec, "CAConfig").putArray("ExternalCAs");
      for (ObjectNode ca : flags.values("external-ca", SwarmSpecFlags::externalCa)) {
        if (!ca.has("CACert") && !caCert.isEmpty()) {
          ca.put("CACert", caCert);
        }
        all.add(ca);
      }
    }
  }

  private static ObjectNode externalCa(String text) {
    ObjectNode ca = Json.object();
    ObjectNode options = ca.putObject("Options");
    for (String field : Words.csv(text)) {
      Words.Pair pair = Words.pair(field);
      if (!pair.hasValue()) {
        throw new Unexpected("protocol=cfssl,url=URL[,cacert=FILE]", text);
      }
      switch (pair.key().toLowerCase(Locale.ROOT)) {
        case "protocol" -> {
          if (!pair.value().equalsIgnoreCase("cfssl")) {
            throw new IllegalArgumentException("the only protocol of external CAs is cfssl");
          }
          ca.put("Protocol", "cfssl");
        }
        case "url" -> ca.put("URL", pair.value());
        case "cacert" -> ca.put("CACert", pem(pair.value()));
        default -> options.put(pair.key(), pair.value());
      }
    }
    if (!ca.has("Protocol")) {
      throw new IllegalArgumentException("it needs protocol=cfssl");
    }
    if (!ca.has("URL")) {
      throw new IllegalArgumentException("it needs url=URL");
    }
    return ca;
  }

  /** A PEM file's text. */
  static String pem(String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > PEM_BYTES_MAX) {
        throw new IllegalArgumentException("it is too large for a PEM file");
      }
      String text = Files.readString(path);
      if (!text.contains("-----BEGIN ")) {
        throw new IllegalArgumentException("it holds no PEM text");
      }
      return text;
    } catch (IOException e) {
      throw new IllegalArgumentException(Reason.of(e), e);
    }
  }

  /** Empty when none was given. */
  static String availability(Flags flags) {
    return flags.text("availability");
  }

  /** A listening address with the port that goes without saying. */
  static String listenAddress(Flags flags) {
    return flags
        .value("listen-addr", SwarmSpecFlags::listenAddress)
        .orElse(HostPort.SWARM_DEFAULT.toString());
  }

  private static String listenAddress(String text) {
    try {
      return HostPort.parse(text, HostPort.SWARM_PORT).toString();
    } catch (IllegalArgumentException e) {
      throw new Unexpected("<ip|interface>[:port]", text);
    }
  }

  static ObjectNode child(ObjectNode parent, String name) {
    return parent.path(name) instanceof ObjectNode child ? child : parent.putObject(name);
  }
}
