package dev.swarm.cli.client.command.stack;

import static dev.swarm.cli.client.command.stack.Shapes.BOOLEAN;
import static dev.swarm.cli.client.command.stack.Shapes.BYTES;
import static dev.swarm.cli.client.command.stack.Shapes.COMMAND;
import static dev.swarm.cli.client.command.stack.Shapes.CPUS;
import static dev.swarm.cli.client.command.stack.Shapes.DURATION;
import static dev.swarm.cli.client.command.stack.Shapes.INTEGER;
import static dev.swarm.cli.client.command.stack.Shapes.LABELS;
import static dev.swarm.cli.client.command.stack.Shapes.OPTIONS;
import static dev.swarm.cli.client.command.stack.Shapes.RATIO;
import static dev.swarm.cli.client.command.stack.Shapes.TEXT;
import static dev.swarm.cli.client.command.stack.Shapes.TEXTS;
import static dev.swarm.cli.client.command.stack.Shapes.TEXT_OR_TEXTS;
import static dev.swarm.cli.client.command.stack.Shapes.VARIABLES;
import static dev.swarm.cli.client.command.stack.Shapes.list;
import static dev.swarm.cli.client.command.stack.Shapes.map;
import static dev.swarm.cli.client.command.stack.Shapes.oneOf;

import dev.swarm.cli.client.command.spec.Syntax;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.client.command.stack.Value.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shape of a service in a Compose file. */
final class ComposeServiceShapes {
  private static final String LIMITS = "set resource limits using deploy.resources";
  private static final String VOLUMES =
      "define a volume at the top level and name it from each service that shares it";

  private static final Fields UPDATE =
      new Fields()
          .field("parallelism", INTEGER)
          .field("delay", DURATION)
          .field("failure_action", oneOf("pause", "continue", "rollback"))
          .field("monitor", DURATION)
          .field("max_failure_ratio", RATIO)
          .field("order", oneOf("start-first", "stop-first"));

  private static final Fields GENERIC =
      new Fields()
          .field(
              "discrete_resource_spec", new Fields().field("kind", TEXT).field("value", INTEGER));

  private static final Fields RESOURCES =
      new Fields()
          .field(
              "limits",
              new Fields().field("cpus", CPUS).field("memory", BYTES).field("pids", INTEGER))
          .field(
              "reservations",
              new Fields()
                  .field("cpus", CPUS)
                  .field("memory", BYTES)
                  .field("generic_resources", list(GENERIC))
                  .unsupported("devices"));

  private static final Fields RESTART =
      new Fields()
          .field("condition", oneOf("none", "on-failure", "any"))
          .field("delay", DURATION)
          .field("max_attempts", INTEGER)
          .field("window", DURATION);

  private static final Fields PLACEMENT =
      new Fields()
          .field("constraints", TEXTS)
          .field("preferences", list(new Fields().field("spread", TEXT)))
          .field("max_replicas_per_node", INTEGER);

  private static final Fields DEPLOY =
      new Fields()
          .field("mode", oneOf("replicated", "global", "replicated-job", "global-job"))
          .field("endpoint_mode", oneOf("vip", "dnsrr"))
          .field("replicas", INTEGER)
          .field("labels", LABELS)
          .field("update_config", UPDATE)
          .field("rollback_config", UPDATE)
          .field("resources", RESOURCES)
          .field("restart_policy", RESTART)
          .field("placement", PLACEMENT);

  private static final Fields HEALTH =
      new Fields()
          .field("disable", BOOLEAN)
          .field("interval", DURATION)
          .field("timeout", DURATION)
          .field("start_period", DURATION)
          .field("start_interval", DURATION)
          .field("retries", INTEGER)
          .field("test", ComposeServiceShapes::healthTest);

  private static final Fields FILE =
      new Fields()
          .field("source", TEXT)
          .field("target", TEXT)
          .field("uid", TEXT)
          .field("gid", TEXT)
          .field("mode", INTEGER);

  private static final Fields NETWORK =
      new Fields()
          .field("aliases", TEXTS)
          .field("driver_opts", OPTIONS)
          .unsupported(
              "ipv4_address",
              "ipv6_address",
              "link_local_ips",
              "mac_address",
              "priority",
              "gw_priority",
              "interface_name");

  private static final Fields ULIMIT = new Fields().field("soft", INTEGER).field("hard", INTEGER);

  static final Fields SERVICE =
      new Fields()
          .field("image", TEXT)
          .field("command", COMMAND)
          .field("entrypoint", COMMAND)
          .field("environment", VARIABLES)
          .field("env_file", EnvironmentFiles.SHAPE)
          .field("labels", LABELS)
          .field("hostname", TEXT)
          .field("user", TEXT)
          .field("group_add", TEXTS)
          .field("working_dir", TEXT)
          .field("ports", PortShapes.PORTS)
          .field("volumes", VolumeShapes.VOLUMES)
          .field("tmpfs", TEXT_OR_TEXTS)
          .field("networks", ComposeServiceShapes::networks)
          .field("secrets", list(ComposeServiceShapes::file))
          .field("configs", list(ComposeServiceShapes::file))
          .field("deploy", DEPLOY)
          .field("scale", INTEGER)
          .field("restart", TEXT)
          .field("healthcheck", HEALTH)
          .field("logging", new Fields().field("driver", TEXT).field("options", OPTIONS))
          .field("dns", Shapes.oneOr(list(Shapes.checked(Syntax::ip))))
          .field("dns_search", TEXT_OR_TEXTS)
          .field("dns_opt", TEXTS)
          .field("extra_hosts", ComposeServiceShapes::hosts)
          .field("cap_add", TEXTS)
          .field("cap_drop", TEXTS)
          .field("sysctls", LABELS)
          .field("ulimits", map(ComposeServiceShapes::ulimit))
          .field("oom_score_adj", INTEGER)
          .field("init", BOOLEAN)
          .field("read_only", BOOLEAN)
          .field("tty", BOOLEAN)
          .field("stdin_open", BOOLEAN)
          .field("stop_signal", TEXT)
          .field("stop_grace_period", DURATION)
          .field("isolation", TEXT)
          .field(
              "credential_spec",
              new Fields().field("config", TEXT).field("file", TEXT).field("registry", TEXT))
          .silent("depends_on", "annotations", "pull_policy", "attach")
          .deprecated("container_name", "Setting the container name is not supported.")
          .deprecated(
              "expose",
              "Exposing ports is unnecessary - services on the same network can access each"
                  + " other's containers on any port.")
          .forbidden(LIMITS, "cpu_quota", "cpu_shares", "cpuset", "mem_limit", "memswap_limit")
          .forbidden(LIMITS, "cpus", "mem_reservation", "pids_limit", "cpu_period")
          .forbidden(VOLUMES, "volume_driver", "volumes_from")
          .forbidden("write the service out, or use a YAML anchor", "extends")
          .unsupported(
              "build",
              "cgroupns_mode",
              "cgroup",
              "cgroup_parent",
              "devices",
              "domainname",
              "external_links",
              "ipc",
              "links",
              "mac_address",
              "network_mode",
              "pid",
              "privileged",
              "security_opt",
              "shm_size",
              "userns_mode",
              "platform",
              "profiles",
              "develop",
              "device_cgroup_rules",
              "gpus",
              "label_file",
              "models",
              "oom_kill_disable",
              "post_start",
              "pre_stop",
              "provider",
              "runtime",
              "storage_opt",
              "use_api_socket",
              "uts",
              "blkio_config",
              "cpu_count",
              "cpu_percent",
              "cpu_rt_period",
              "cpu_rt_runtime",
              "mem_swappiness");

  private ComposeServiceShapes() {}

  private static Value healthTest(Value value, Notes notes) {
    if (value instanceof Scalar) {
      Value line = TEXT.read(value, notes);
      return new Sequence(value.place(), List.of(Scalar.text(value.place(), "CMD-SHELL"), line));
    }
    return TEXTS.read(value, notes);
  }

  /** Names alone are networks without options. */
  private static Value networks(Value value, Notes notes) {
    if (!(value instanceof Sequence)) {
      return map(NETWORK).read(value, notes);
    }
    Map<String, Value> entries = new LinkedHashMap<>();
    Map<String, Place> keys = new LinkedHashMap<>();
    for (Value name : ((Sequence) TEXTS.read(value, notes)).items()) {
      entries.put(((Scalar) name).text(), Mapping.empty(name.place()));
      keys.put(((Scalar) name).text(), name.place());
    }
    return new Mapping(value.place(), entries, keys);
  }

  /** A name alone is a file of that name. */
  private static Value file(Value value, Notes notes) {
    if (value instanceof Scalar) {
      return Mapping.empty(value.place()).with("source", TEXT.read(value, notes));
    }
    Mapping file = FILE.read(value, notes);
    if (file.get("source").isEmpty()) {
      throw file.place().error("\"source:\" must name what is to be mounted");
    }
    return file;
  }

  /** As {@code name:address} each. */
  private static Value hosts(Value value, Notes notes) {
    List<Value> lines = new ArrayList<>();
    if (value instanceof Mapping mapping) {
      mapping.entries().forEach((name, address) -> hosts(name, address, lines, notes));
    } else {
      for (Value item : ((Sequence) TEXTS.read(value, notes)).items()) {
        String text = ((Scalar) item).text();
        int split = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
        if (split <= 0) {
          throw item.place().error("\"" + text + "\" must be a name and an address, name:address");
        }
        lines.add(host(item.place(), text.substring(0, split), text.substring(split + 1)));
      }
    }
    return new Sequence(value.place(), lines);
  }

  private static void hosts(String name, Value address, List<Value> lines, Notes notes) {
    Value list = TEXT_OR_TEXTS.read(address, notes);
    for (Value item : ((Sequence) list).items()) {
      lines.add(host(item.place(), name, ((Scalar) item).text()));
    }
  }

  private static Scalar host(Place place, String name, String address) {
    return Scalar.text(place, name + ":" + address.replaceAll("^\\[|]$", ""));
  }

  private static Value ulimit(Value value, Notes notes) {
    if (value instanceof Scalar) {
      return INTEGER.read(value, notes);
    }
    Mapping limit = ULIMIT.read(value, notes);
    if (limit.get("soft").isEmpty() || limit.get("hard").isEmpty()) {
      throw limit.place().error("both \"soft:\" and \"hard:\" are needed");
    }
    return limit;
  }
}
