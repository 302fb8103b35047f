package dev.swarm.core.kernel;

import dev.swarm.core.model.ServiceId;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rules that send packets for a service's virtual address to one of its tasks. There is a chain for
 * each service, changed in place: whoever connects meanwhile meets the old tasks or the new.
 */
final class VirtualIpTable {
  private VirtualIpTable() {}

  /**
   * @param repliesSeen whether replies that only pass the bridge are seen here; if so the task sees
   *     its client's address, else the node's, so that replies come back to it
   */
  static void add(NetworkMembers members, boolean repliesSeen, Namespace.Builder into) {
    NftTableBuilder table = new NftTableBuilder();
    SortedMap<String, String> virtualIps = new TreeMap<>();
    Map<ServiceId, List<NetworkEndpoint>> serving = members.serving();
    for (NetworkService service : members.services()) {
      if (service.virtualIp().isEmpty()) {
        continue;
      }
      String chain = "service_" + service.id().value();
      virtualIps.put(service.virtualIp().get().toString(), "goto " + chain);
      table.chain(chain, backends(members, serving.getOrDefault(service.id(), List.of())));
    }
    table.map("vips", "type ipv4_addr : verdict", virtualIps);
    table.set("self", "ipv4_addr . ipv4_addr", own(members));
    table.chain("pre", NftTableBuilder.DESTINATION, List.of("ip daddr vmap @vips"));
    table.chain("post", NftTableBuilder.SOURCE, sources(members, repliesSeen));
    into.tables.put(KernelNames.TABLE, table.build());
  }

  private static List<String> backends(NetworkMembers members, List<NetworkEndpoint> endpoints) {
    List<String> targets = new ArrayList<>();
    for (NetworkEndpoint endpoint : endpoints) {
      if (members.isHere(endpoint) || members.nodeOf(endpoint).isPresent()) {
        targets.add(endpoint.address().toString());
      }
    }
    return targets.isEmpty() ? List.of() : List.of("dnat to " + NftTableBuilder.oneOf(targets));
  }

  /** Those here who may be their own partner. */
  private static SortedMap<String, String> own(NetworkMembers members) {
    SortedMap<String, String> pairs = new TreeMap<>();
    for (NetworkEndpoint endpoint : members.endpoints()) {
      if (members.isHere(endpoint)) {
        pairs.put(endpoint.address() + " . " + endpoint.address(), "");
      }
    }
    return pairs;
  }

  private static List<String> sources(NetworkMembers members, boolean repliesSeen) {
    return members
        .own()
        .map(
            own ->
                List.of(
                    repliesSeen
                        ? "ip saddr . ip daddr @self snat to " + own
                        : "ct status dnat snat to " + own))
        .orElse(List.of());
  }
}
