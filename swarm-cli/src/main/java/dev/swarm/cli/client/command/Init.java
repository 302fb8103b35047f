package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code swarm init}. */
final class Init {
  private Init() {}

  static Command command() {
    List<Flag> flags = new ArrayList<>(SwarmSpecFlags.cluster());
    flags.addAll(
        List.of(
            Flag.value(
                "advertise-addr",
                "string",
                "Address that other nodes reach this one at (<ip|interface>[:port])"),
            Flag.value(
                    "availability",
                    "string",
                    "Whether tasks run here (\"active\", \"pause\", \"drain\") (default"
                        + " \"active\")")
                .of("active", "pause", "drain"),
            Flag.value(
                "data-path-addr",
                "string",
                "Address or interface for the traffic of overlay networks"),
            Flag.value(
                "data-path-port",
                "number",
                "UDP port for the traffic of overlay networks (1024 to 49151) (default 4789)"),
            Flag.list(
                "default-addr-pool",
                "cidr",
                "Addresses that networks get their subnets from (\"10.20.0.0/16\")"),
            Flag.value(
                "default-addr-pool-mask-length",
                "number",
                "Size of these subnets as a mask length (default 24)"),
            Flag.toggle(
                "force-new-cluster",
                "Go on alone with what this manager knows, when the others are lost for good"),
            Flag.value(
                "listen-addr",
                "address",
                "Address to listen at as a manager (<ip|interface>[:port]) (default"
                    + " 0.0.0.0:2377)")));
    return Command.of(
        "init", "", 0, 0, "Begin a new swarm with this node as its manager", flags, Init::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String nodeId = init(context, request(flags));
    context.print("Swarm initialized: current node (" + nodeId + ") is now a manager.\n\n");
    JoinHint.print(context, nodeId, "worker");
    context.line(
        "To add a manager to this swarm, run 'swarm join-token manager' and follow the"
            + " instructions.");
    if (flags.on("autolock")) {
      UnlockKey.print(context);
    }
    return 0;
  }

  private static String init(Context context, ObjectNode request) throws IOException {
    try {
      return context.api().post(Target.of("swarm", "init"), request).asText();
    } catch (DaemonRejection e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("could not choose an IP address to advertise")
          || message.contains("could not find the system's IP address")) {
        throw new DaemonRejection(e.status(), message + " - specify one with --advertise-addr");
      }
      throw Pending.explained(context, e);
    }
  }

  private static ObjectNode request(Flags flags) {
    ObjectNode request =
        Json.object()
            .put("ListenAddr", SwarmSpecFlags.listenAddress(flags))
            .put("AdvertiseAddr", flags.text("advertise-addr"))
            .put("DataPathAddr", flags.text("data-path-addr"))
            .put("DataPathPort", flags.value("data-path-port", Numbers::uint).orElse(0L));
    List<String> pools = new ArrayList<>();
    flags.values("default-addr-pool", Init::cidrs).forEach(pools::addAll);
    request.set("DefaultAddrPool", Json.strings(pools));
    request
        .put("ForceNewCluster", flags.on("force-new-cluster"))
        .put("AutoLockManagers", flags.on("autolock"))
        .put("Availability", SwarmSpecFlags.availability(flags))
        .put("SubnetSize", flags.value("default-addr-pool-mask-length", Numbers::uint).orElse(24L));
    ObjectNode spec = request.putObject("Spec");
    for (String part :
        List.of(
            "Orchestration",
            "Raft",
            "Dispatcher",
            "CAConfig",
            "TaskDefaults",
            "EncryptionConfig")) {
      spec.putObject(part);
    }
    SwarmSpecFlags.apply(flags, spec);
    return request;
  }

  private static List<String> cidrs(String text) {
    return Arrays.stream(text.split(",", -1)).map(pool -> cidr(pool.strip())).toList();
  }

  private static String cidr(String text) {
    if (!text.matches("[0-9a-fA-F.:]+/\\d{1,3}")) {
      throw new Unexpected("a subnet such as 10.20.0.0/16", text);
    }
    return text;
  }
}
