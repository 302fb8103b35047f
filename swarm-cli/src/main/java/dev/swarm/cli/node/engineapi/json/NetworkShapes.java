package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.IPAMOptions;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NetworkAttachment;
import docker.swarmkit.v1.NetworkSpec;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON shapes of networks: as parts of a task, and as the resource under {@code /networks}, which
 * looks different.
 */
public final class NetworkShapes {
  private static final Shape IPAM =
      Shape.of(IPAMOptions.getDefaultInstance())
          .orEmpty("Driver", "driver", CommonShapes.DRIVER)
          .field(
              "Configs",
              "configs",
              Shape.of(IPAMConfig.getDefaultInstance())
                  .field("Subnet", "subnet")
                  .field("Range", "range")
                  .field("Gateway", "gateway")
                  .build())
          .build();

  private static final Shape SPEC =
      Shape.of(NetworkSpec.getDefaultInstance())
          .inline("annotations", CommonShapes.ANNOTATIONS)
          .field("DriverConfiguration", "driver_config", CommonShapes.DRIVER)
          .field("IPv6Enabled", "ipv6_enabled")
          .field("Internal", "internal")
          .field("Attachable", "attachable")
          .field("Ingress", "ingress")
          .field("IPAMOptions", "ipam", IPAM)
          .member(new ConfigFrom())
          .written((from, out) -> out.put("Scope", "swarm"))
          .build();

  private static final Shape NETWORK =
      Shape.of(Network.getDefaultInstance())
          .always("ID", "id")
          .inline("meta", CommonShapes.META)
          .always("Spec", "spec", SPEC)
          .orEmpty("DriverState", "driver_state", CommonShapes.DRIVER)
          .field("IPAMOptions", "ipam", IPAM)
          .build();

  static final Shape ATTACHMENT =
      Shape.of(NetworkAttachment.getDefaultInstance())
          .always("Network", "network", NETWORK)
          .field("Addresses", "addresses")
          .build();

  private static final Shape RESOURCE_IPAM =
      Shape.of(IPAMOptions.getDefaultInstance())
          .member(new FlatDriver("Driver", "Options", "default"))
          .field(
              "Config",
              "configs",
              Shape.of(IPAMConfig.getDefaultInstance())
                  .field("Subnet", "subnet")
                  .field("IPRange", "range")
                  .field("Gateway", "gateway")
                  .field("AuxiliaryAddresses", "reserved")
                  .build())
          .build();

  /** What a client sends to create a network. */
  public static final Shape CREATE =
      Shape.of(NetworkSpec.getDefaultInstance())
          .inline("annotations", CommonShapes.ANNOTATIONS)
          .member(new FlatDriver("Driver", "Options", "overlay"))
          .field("EnableIPv6", "ipv6_enabled")
          .field("Internal", "internal")
          .field("Attachable", "attachable")
          .field("Ingress", "ingress")
          .field("IPAM", "ipam", RESOURCE_IPAM)
          .member(new ConfigFrom())
          .ignored("CheckDuplicate", "Scope", "EnableIPv4", "ConfigOnly")
          .build();

  private NetworkShapes() {}

  /** The resource under {@code /networks}. */
  public static ObjectNode resource(Network network) {
    NetworkSpec spec = network.getSpec();
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("Name", spec.getAnnotations().getName());
    out.put("Id", network.getId());
    out.put("Created", Times.rfc3339(network.getMeta().getCreatedAt()));
    out.put("Scope", "swarm");
    out.put("Driver", network.getDriverState().getName());
    out.put("EnableIPv4", true);
    out.put("EnableIPv6", spec.getIpv6Enabled());
    out.set("IPAM", RESOURCE_IPAM.write(network.getIpam()));
    out.put("Internal", spec.getInternal());
    out.put("Attachable", spec.getAttachable());
    out.put("Ingress", spec.getIngress());
    out.putObject("ConfigFrom").put("Network", spec.getNetwork());
    out.put("ConfigOnly", false);
    out.putNull("Containers");
    out.set("Options", map(network.getDriverState().getOptionsMap()));
    out.set("Labels", map(spec.getAnnotations().getLabelsMap()));
    return out;
  }

  private static ObjectNode map(Map<String, String> values) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(values).forEach(out::put);
    return out;
  }

  /** A driver whose name and options are fields of the object around it. */
  private record FlatDriver(String name, String options, String otherwise) implements Shape.Member {
    @Override
    public void read(JsonIn.Members in, Message.Builder into) {
      Driver.Builder driver = Driver.newBuilder();
      String given = in.get(name).map(v -> (String) Scalar.STRING.read(v)).orElse("");
      driver.setName(given.isEmpty() ? otherwise : given);
      in.get(options)
          .ifPresent(
              all ->
                  all.entries()
                      .forEach(
                          (k, v) ->
                              driver.putOptions(
                                  k, v.isNull() ? "" : (String) Scalar.STRING.read(v))));
      switch (into) {
        case IPAMOptions.Builder ipam -> ipam.setDriver(driver);
        case NetworkSpec.Builder spec -> spec.setDriverConfig(driver);
        default ->
            throw new IllegalArgumentException(
                "no driver in " + into.getDescriptorForType().getName());
      }
    }

    @Override
    public void write(Message from, ObjectNode out) {
      Driver driver =
          switch (from) {
            case IPAMOptions ipam -> ipam.getDriver();
            case NetworkSpec spec -> spec.getDriverConfig();
            default ->
                throw new IllegalArgumentException(
                    "no driver in " + from.getDescriptorForType().getName());
          };
      out.put(name, driver.getName());
      if (driver.getOptionsCount() == 0) {
        out.putNull(options);
      } else {
        out.set(options, map(driver.getOptionsMap()));
      }
    }
  }

  /** The name of a config-only network, one level deeper in JSON. */
  private static final class ConfigFrom implements Shape.Member {
    @Override
    public void read(JsonIn.Members in, Message.Builder into) {
      in.get("ConfigFrom")
          .flatMap(from -> from.members().get("Network"))
          .map(v -> (String) Scalar.STRING.read(v))
          .filter(name -> !name.isEmpty())
          .ifPresent(((NetworkSpec.Builder) into)::setNetwork);
    }

    @Override
    public void write(Message from, ObjectNode out) {
      String network = ((NetworkSpec) from).getNetwork();
      if (!network.isEmpty()) {
        out.putObject("ConfigFrom").put("Network", network);
      }
    }
  }
}
