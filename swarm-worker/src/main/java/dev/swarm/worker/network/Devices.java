package dev.swarm.worker.network;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.core.kernel.KernelNames;
import dev.swarm.core.kernel.Link;
import dev.swarm.core.kernel.Namespace;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.Ipv4Prefix;
import dev.swarm.core.network.MacAddress;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Devices of ours in one namespace, read from {@code ip -j -d address}.
 *
 * @param cables of those that have another end: their own numbers, and those of the other ends
 */
record Devices(SortedMap<String, Cable> cables) {
  static final Devices NONE = new Devices(new TreeMap<>());

  record Cable(int number, int other) {}

  static Devices read(JsonNode answer, Namespace.Builder into) {
    SortedMap<String, Cable> cables = new TreeMap<>();
    for (JsonNode device : answer) {
      String name = device.path("ifname").asText();
      if (!isOurs(name)) {
        continue;
      }
      into.links.put(name, link(name, device));
      cables.put(
          name, new Cable(device.path("ifindex").asInt(), device.path("link_index").asInt()));
      for (JsonNode address : device.path("addr_info")) {
        if (address.path("family").asText().equals("inet")) {
          Ipv4.parse(address.path("local").asText())
              .map(local -> new Ipv4Prefix(local, address.path("prefixlen").asInt()))
              .ifPresent(held -> into.addresses.add(new Namespace.LinkAddress(name, held)));
        }
      }
    }
    return new Devices(cables);
  }

  private static boolean isOurs(String name) {
    return switch (name) {
      case KernelNames.BRIDGE,
          KernelNames.TUNNEL,
          KernelNames.HOST_UPLINK,
          KernelNames.INNER_UPLINK ->
          true;
      default -> name.startsWith(KernelNames.PORT_PREFIX);
    };
  }

  private static Link link(String name, JsonNode device) {
    JsonNode info = device.path("linkinfo");
    boolean up = false;
    for (JsonNode flag : device.path("flags")) {
      up |= flag.asText().equals("UP");
    }
    return new Link(
        kind(name, info),
        device.path("mtu").asInt(),
        MacAddress.parse(device.path("address").asText()),
        device.path("master").asText(""),
        port(info),
        up);
  }

  private static Link.Port port(JsonNode info) {
    if (!info.path("info_slave_kind").asText().equals("bridge")) {
      return Link.Port.NONE;
    }
    JsonNode port = info.path("info_slave_data");
    return new Link.Port(
        port.path("learning").asBoolean(),
        port.path("flood").asBoolean(),
        port.path("hairpin").asBoolean());
  }

  /** Uplinks are told from what else has their names only with their other ends. */
  private static Link.Kind kind(String name, JsonNode info) {
    JsonNode data = info.path("info_data");
    return switch (info.path("info_kind").asText()) {
      case "bridge" -> new Link.Bridge();
      case "vxlan" ->
          Ipv4.parse(data.path("local").asText())
              .<Link.Kind>map(
                  local ->
                      data.path("learning").asBoolean() || !data.path("proxy").asBoolean()
                          ? new Link.Other()
                          : new Link.Vxlan(
                              data.path("id").asInt(), local, data.path("port").asInt()))
              .orElse(new Link.Other());
      case "veth" ->
          name.startsWith(KernelNames.PORT_PREFIX) ? new Link.Veth("") : new Link.Other();
      default -> new Link.Other();
    };
  }
}
