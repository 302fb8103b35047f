package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.Json;
import dev.swarm.cli.client.Target;
import dev.swarm.cli.command.flag.Flag;
import dev.swarm.cli.command.flag.Flags;
import java.io.IOException;
import java.util.List;

/** {@code swarm join}. */
final class Join {
  private Join() {}

  static Command command() {
    return Command.of(
        "join",
        "HOST:PORT",
        1,
        1,
        "Join a swarm as a node and/or manager",
        List.of(
            Flag.value("advertise-addr", "string", "Advertised address (<ip|interface>[:port])"),
            Flag.value(
                    "availability",
                    "string",
                    "Availability of the node (\"active\", \"pause\", \"drain\")")
                .of("active", "pause", "drain"),
            Flag.value("data-path-addr", "string", "Address or interface for data path traffic"),
            Flag.value("listen-addr", "node-addr", "Listen address (default 0.0.0.0:2377)"),
            Flag.value("token", "string", "Token for entry into the swarm")),
        Join::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    ObjectNode request =
        Json.object()
            .put("ListenAddr", SwarmSpecFlags.listenAddress(flags))
            .put("AdvertiseAddr", flags.text("advertise-addr"))
            .put("DataPathAddr", flags.text("data-path-addr"));
    request.set("RemoteAddrs", Json.strings(operands));
    request
        .put("JoinToken", flags.text("token"))
        .put("Availability", SwarmSpecFlags.availability(flags));
    context.api().post(Target.of("swarm", "join"), request);
    boolean manager = context.info().path("Swarm").path("ControlAvailable").asBoolean();
    context.line("This node joined a swarm as a " + (manager ? "manager." : "worker."));
    return 0;
  }
}
