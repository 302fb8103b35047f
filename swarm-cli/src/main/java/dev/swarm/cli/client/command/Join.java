package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
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
        "Join a swarm as a worker or manager, as the token says",
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
                "listen-addr",
                "address",
                "Address to listen at as a manager (<ip|interface>[:port]) (default 0.0.0.0:2377)"),
            Flag.value("token", "string", "Token that 'swarm join-token' shows on a manager")),
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
    if (context.surroundings().terminal()) {
      context.warn("Asking " + operands.getFirst() + " to let this node in …");
    }
    try {
      context.api().post(Target.of("swarm", "join"), request);
    } catch (DaemonRejection e) {
      throw Pending.explained(context, e);
    }
    boolean manager = context.info().path("Swarm").path("ControlAvailable").asBoolean();
    context.line("This node joined a swarm as a " + (manager ? "manager." : "worker."));
    return 0;
  }
}
