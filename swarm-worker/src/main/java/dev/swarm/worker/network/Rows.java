package dev.swarm.worker.network;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.core.kernel.KernelNames;
import dev.swarm.core.kernel.Namespace;
import dev.swarm.core.kernel.Namespace.MarkRule;
import dev.swarm.core.kernel.Namespace.Neighbour;
import dev.swarm.core.kernel.Namespace.Route;
import dev.swarm.core.kernel.Namespace.RouteKey;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.Ipv4Prefix;
import dev.swarm.core.network.MacAddress;
import java.util.Optional;

/** Rows of a namespace's tables, without those that the kernel creates by itself. */
final class Rows {
  private static final String ANYWHERE = "0.0.0.0/0";

  private Rows() {}

  static void neighbours(JsonNode answer, Namespace.Builder into) {
    for (JsonNode row : answer) {
      Optional<Ipv4> address = Ipv4.parse(row.path("dst").asText());
      Optional<MacAddress> mac = MacAddress.parse(row.path("lladdr").asText());
      if (address.isPresent() && mac.isPresent()) {
        into.neighbours.put(new Neighbour(row.path("dev").asText(), address.get()), mac.get());
      }
    }
  }

  static void routes(JsonNode answer, Namespace.Builder into) {
    for (JsonNode row : answer) {
      String destination = row.path("dst").asText();
      Optional<Ipv4Prefix> to =
          Ipv4Prefix.parse(destination.equals("default") ? ANYWHERE : destination);
      Optional<Ipv4> gateway = Ipv4.parse(row.path("gateway").asText());
      int table = table(row.path("table").asText("main"));
      if (to.isPresent() && gateway.isPresent() && table > 0) {
        into.routes.put(
            new RouteKey(table, to.get()), new Route(gateway.get(), row.path("dev").asText()));
      }
    }
  }

  private static int table(String name) {
    return name.equals("main") ? RouteKey.MAIN : number(name, 10);
  }

  /** A number, or 0. */
  private static int number(String text, int radix) {
    try {
      return Integer.parseUnsignedInt(text, radix);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static void rules(JsonNode answer, Namespace.Builder into) {
    for (JsonNode row : answer) {
      String mark = row.path("fwmark").asText();
      if (row.path("priority").asInt() == KernelNames.RULE_PRIORITY && mark.startsWith("0x")) {
        into.rules.add(
            new MarkRule(number(mark.substring(2), 16), table(row.path("table").asText())));
      }
    }
  }

  /** Two tables in one list: the bridge's own, and the VXLAN's. */
  static void bridge(JsonNode answer, Namespace.Builder into) {
    for (JsonNode row : answer) {
      Optional<MacAddress> mac = MacAddress.parse(row.path("mac").asText());
      if (mac.isEmpty() || !row.path("state").asText().equals("static")) {
        continue;
      }
      Optional<Ipv4> node = Ipv4.parse(row.path("dst").asText());
      if (node.isPresent()) {
        into.tunnel.put(mac.get(), node.get());
      } else if (row.has("master")) {
        into.bridge.put(mac.get(), row.path("ifname").asText());
      }
    }
  }
}
