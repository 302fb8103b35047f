package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.terminal.Flag;
import dev.swarm.core.net.Subnet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Builds the Engine API's request from the flags of {@code network create}. */
public final class NetworkSpecs {
  /** What one subnet is given besides its range. */
  private static final class Pool {
    private final Subnet subnet;
    private final ObjectNode config = Json.object();

    Pool(Subnet subnet) {
      this.subnet = subnet;
      config.put("Subnet", subnet.text());
    }
  }

  private NetworkSpecs() {}

  public static List<Flag> flags() {
    return List.of(
        Flag.value("driver", "string", "Driver of the network (default \"overlay\")").or('d'),
        Flag.list("opt", "map", "Options of the driver (\"key=value\")").or('o'),
        Flag.list("label", "list", "Network labels (\"key=value\")"),
        Flag.toggle("internal", "Without a way out to other networks"),
        Flag.toggle("ipv4", "Give addresses of IPv4 (default true)"),
        Flag.toggle("ipv6", "Give addresses of IPv6"),
        Flag.toggle("attachable", "Let containers that are no tasks attach, too"),
        Flag.toggle("ingress", "Make it the network of the routing mesh"),
        Flag.value("scope", "string", "Where it is known (\"swarm\", \"local\")"),
        Flag.toggle("config-only", "Only a configuration for --config-from"),
        Flag.value("config-from", "string", "Network whose configuration to use"),
        Flag.value(
            "ipam-driver", "string", "Driver that manages the addresses (default \"default\")"),
        Flag.list("ipam-opt", "map", "Options of that driver (\"key=value\")"),
        Flag.list("subnet", "cidr", "Subnet (\"10.0.9.0/24\")"),
        Flag.list("ip-range", "cidr", "Part of a subnet to take addresses from"),
        Flag.list("gateway", "ip", "Gateway of the subnet it lies in"),
        Flag.list(
            "aux-address", "map", "Addresses to keep free for the driver (\"router=10.0.9.2\")"));
  }

  /**
   * @throws UsageError for flags that do not fit together
   */
  public static ObjectNode create(Flags flags, String name) {
    ObjectNode spec = Json.object().put("Name", name).put("CheckDuplicate", true);
    String driver = flags.text("driver");
    spec.put("Driver", driver.isEmpty() ? "overlay" : driver);
    Tree.setText(spec, "Scope", flags.text("scope"));
    if (flags.has("ipv4")) {
      spec.put("EnableIPv4", flags.on("ipv4"));
    }
    if (flags.has("ipv6")) {
      spec.put("EnableIPv6", flags.on("ipv6"));
    }
    spec.set("IPAM", ipam(flags));
    spec.put("Internal", flags.on("internal"))
        .put("Attachable", flags.on("attachable"))
        .put("Ingress", flags.on("ingress"))
        .put("ConfigOnly", flags.on("config-only"));
    if (!flags.text("config-from").isEmpty()) {
      spec.putObject("ConfigFrom").put("Network", flags.text("config-from"));
    }
    ObjectNode options = spec.putObject("Options");
    pairs(flags, "opt").forEach(options::put);
    ObjectNode labels = spec.putObject("Labels");
    Words.map(flags.values("label", Syntax::label)).forEach(labels::put);
    return spec;
  }

  private static Map<String, String> pairs(Flags flags, String name) {
    return Words.map(flags.values(name, NetworkSpecs::pair));
  }

  private static String pair(String text) {
    if (Words.pair(text).key().isBlank()) {
      throw new Unexpected("KEY=VALUE", text);
    }
    return text;
  }

  private static ObjectNode ipam(Flags flags) {
    List<Pool> pools = pools(cut(flags, "subnet", NetworkSpecs::subnet));
    List<Subnet> ranges = cut(flags, "ip-range", NetworkSpecs::subnet);
    List<Subnet> gateways = cut(flags, "gateway", NetworkSpecs::address);
    if (pools.size() < ranges.size() || pools.size() < gateways.size()) {
      throw UsageError.conflict(
          "every --ip-range and --gateway lies in a --subnet of its own: there are too few of"
              + " them");
    }
    ranges.forEach(range -> place(pools, range, "IPRange", "range"));
    gateways.forEach(gateway -> place(pools, gateway, "Gateway", "gateway"));
    flags.values("aux-address", NetworkSpecs::auxiliary);
    pairs(flags, "aux-address").forEach((name, text) -> auxiliary(pools, name, text));
    ObjectNode ipam = Json.object();
    String driver = flags.text("ipam-driver");
    ipam.put("Driver", driver.isEmpty() ? "default" : driver);
    ObjectNode options = ipam.putObject("Options");
    pairs(flags, "ipam-opt").forEach(options::put);
    ipam.putArray("Config").addAll(pools.stream().map(pool -> pool.config).toList());
    return ipam;
  }

  private static Subnet subnet(String text) {
    return Subnet.parse(text)
        .orElseThrow(() -> new Unexpected("a subnet such as 10.0.0.0/24", text));
  }

  private static Subnet address(String text) {
    return Subnet.single(text).orElseThrow(() -> new Unexpected("an IP address", text));
  }

  /** Each flag may hold several values, with commas between them. */
  private static List<Subnet> cut(Flags flags, String name, Function<String, Subnet> reader) {
    List<Subnet> all = new ArrayList<>();
    flags.values(name, text -> Words.csv(text).stream().map(reader).toList()).forEach(all::addAll);
    return all;
  }

  private static List<Pool> pools(List<Subnet> subnets) {
    Map<String, Pool> pools = new LinkedHashMap<>();
    for (Subnet subnet : subnets) {
      for (Pool pool : pools.values()) {
        if (pool.subnet.overlaps(subnet)) {
          throw UsageError.conflict(
              "--subnet " + pool.subnet.text() + " and " + subnet.text() + " overlap");
        }
      }
      pools.put(subnet.text(), new Pool(subnet));
    }
    return List.copyOf(pools.values());
  }

  private static void place(List<Pool> pools, Subnet value, String field, String noun) {
    ObjectNode config = matching(pools, value, noun).config;
    if (config.has(field)) {
      throw UsageError.conflict(
          "cannot configure multiple "
              + noun
              + "s ("
              + value.text()
              + ", "
              + config.path(field).asText()
              + ") for the same subnet ("
              + config.path("Subnet").asText()
              + ")");
    }
    config.put(field, value.text());
  }

  private static Subnet auxiliary(String text) {
    Words.Pair pair = Words.pair(text);
    if (pair.key().isBlank() || !Syntax.isIp(pair.value())) {
      throw new Unexpected("NAME=IP, as in router=10.0.0.2", text);
    }
    return address(pair.value());
  }

  private static void auxiliary(List<Pool> pools, String name, String text) {
    Pool pool = matching(pools, address(text), "aux-address");
    Tree.child(pool.config, "AuxiliaryAddresses").put(name, text);
  }

  private static Pool matching(List<Pool> pools, Subnet value, String noun) {
    for (Pool pool : pools) {
      if (pool.subnet.contains(value)) {
        return pool;
      }
    }
    throw UsageError.conflict("no --subnet contains " + noun + " " + value.text());
  }
}
