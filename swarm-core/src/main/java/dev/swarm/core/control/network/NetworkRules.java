package dev.swarm.core.control.network;

import dev.swarm.core.allocator.NetworkPlan;
import dev.swarm.core.control.Checks;
import dev.swarm.core.control.NameRules;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Network;
import dev.swarm.core.net.Subnet;
import dev.swarm.core.plan.Rejection;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.IPAMOptions;
import docker.swarmkit.v1.NetworkSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules for a network spec. */
final class NetworkRules {
  private static final int SPEC_BYTES_MAX = 64 << 10;

  /** Drivers of networks that every node makes for itself from one definition. */
  private static final Set<String> NODE_LOCAL = Set.of("bridge", "macvlan", "ipvlan");

  private NetworkRules() {}

  static Optional<Rejection> check(boolean present, NetworkSpec spec) {
    String driver = spec.getDriverConfig().getName();
    return Checks.refuseIf(!present, "the spec of the network is missing")
        .or(() -> Checks.size(spec, SPEC_BYTES_MAX, "spec of the network"))
        .or(() -> NameRules.dnsLabel("network", spec.getAnnotations().getName()))
        .or(
            () ->
                Checks.refuseIf(
                    spec.getAttachable() && spec.getIngress(),
                    "an ingress network cannot be attachable"))
        .or(
            () ->
                spec.getAnnotations().containsLabels(Network.PREDEFINED_LABEL)
                    ? Optional.of(
                        Refuse.denied(
                            "label %s is for networks the swarm makes itself"
                                .formatted(Network.PREDEFINED_LABEL)))
                    : Checks.OK)
        .or(
            () ->
                Checks.refuseIf(
                    !driver.isEmpty()
                        && !driver.equals(NetworkPlan.OVERLAY)
                        && !NODE_LOCAL.contains(driver),
                    "a swarm network cannot use driver '%s': use overlay".formatted(driver)))
        .or(
            () ->
                Checks.refuseIf(
                    spec.getIngress() && NODE_LOCAL.contains(driver),
                    "an ingress network must use driver overlay"))
        .or(() -> ipam(spec.getIpam()));
  }

  private static Optional<Rejection> ipam(IPAMOptions ipam) {
    String driver = ipam.getDriver().getName();
    return Checks.refuseIf(
            !driver.isEmpty() && !driver.equals("default"),
            "ipam driver '%s' is unknown: use default".formatted(driver))
        .or(() -> Checks.each(ipam.getConfigsList(), NetworkRules::config))
        .or(() -> distinct(ipam.getConfigsList()));
  }

  private static Optional<Rejection> config(IPAMConfig config) {
    Optional<Subnet> parsed = Subnet.parse(config.getSubnet());
    if (parsed.isEmpty()) {
      return Checks.refuseIf(
          true, "subnet '%s' is invalid: write it as 10.1.0.0/24".formatted(config.getSubnet()));
    }
    Subnet subnet = parsed.get();
    return range(subnet, config.getRange())
        .or(() -> address(subnet, "gateway", config.getGateway()))
        .or(
            () ->
                Checks.each(
                    config.getReservedMap().values(),
                    reserved -> address(subnet, "reserved address", reserved)));
  }

  private static Optional<Rejection> range(Subnet subnet, String range) {
    if (range.isEmpty()) {
      return Checks.OK;
    }
    return Checks.refuseIf(
        Subnet.parse(range).filter(subnet::contains).isEmpty(),
        "ip range '%s' is invalid: it must be a part of subnet %s".formatted(range, subnet));
  }

  private static Optional<Rejection> address(Subnet subnet, String what, String text) {
    if (text.isEmpty()) {
      return Checks.OK;
    }
    Optional<InetAddress> address = Subnet.address(text);
    return Checks.refuseIf(
        address.filter(subnet::contains).isEmpty(),
        "%s '%s' is invalid: it must be an address in subnet %s".formatted(what, text, subnet));
  }

  private static Optional<Rejection> distinct(List<IPAMConfig> configs) {
    List<Subnet> seen = new ArrayList<>();
    return Checks.each(
        configs.stream().flatMap(config -> Subnet.parse(config.getSubnet()).stream()).toList(),
        subnet -> {
          boolean overlaps = seen.stream().anyMatch(subnet::overlaps);
          seen.add(subnet);
          return Checks.refuseIf(overlaps, "subnet " + subnet + " overlaps another one");
        });
  }
}
