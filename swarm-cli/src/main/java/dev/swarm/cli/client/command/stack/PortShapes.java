package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.spec.PublishedPorts;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.client.command.stack.Value.Sequence;
import java.util.ArrayList;
import java.util.List;

/** Shape of a service's ports, in long form: a mapping each. */
final class PortShapes {
  static final ComposeShape PORTS = PortShapes::read;

  private static final int PORT_MAX = 65535;

  private static final Fields LONG =
      new Fields()
          .field("target", PortShapes::number)
          .field("published", PortShapes::number)
          .field("protocol", Shapes.oneOf("tcp", "udp", "sctp"))
          .field("mode", Shapes.oneOf("ingress", "host"))
          .field("host_ip", Shapes.TEXT)
          .silent("name", "app_protocol");

  private PortShapes() {}

  private static Value read(Value value, Notes notes) {
    if (!(value instanceof Sequence list)) {
      throw value.place().error("must be a list, not " + value.noun());
    }
    List<Value> ports = new ArrayList<>();
    for (Value item : list.items()) {
      if (item instanceof Mapping) {
        ports.add(full(item, notes));
      } else {
        ports.addAll(brief((Scalar) Shapes.TEXT.read(item, notes), notes));
      }
    }
    return new Sequence(list.place(), ports);
  }

  private static Mapping full(Value item, Notes notes) {
    Mapping port = LONG.read(item, notes);
    if (port.get("target").isEmpty()) {
      throw port.place().error("\"target:\" must say which port of the container is meant");
    }
    port.scalar("target").ifPresent(target -> range(target, 1));
    port.scalar("published").ifPresent(published -> range(published, 0));
    port.text("host_ip").ifPresent(ip -> noteAddress(ip, notes));
    return port.without("host_ip");
  }

  private static Value number(Value value, Notes notes) {
    boolean digits = value instanceof Scalar scalar && scalar.text().matches("\\d{1,5}");
    return digits
        ? Scalar.integer(value.place(), Long.parseLong(((Scalar) value).text()))
        : Shapes.INTEGER.read(value, notes);
  }

  private static void range(Scalar port, int least) {
    long number = Long.parseLong(port.text());
    if (number < least || number > PORT_MAX) {
      throw port.place().error(number + " must be between " + least + " and " + PORT_MAX);
    }
  }

  /** {@code [address:][published:]target[/protocol]}, ranges included. */
  private static List<Mapping> brief(Scalar scalar, Notes notes) {
    String text = scalar.text();
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "" : text.substring(slash);
    String ports = slash < 0 ? text : text.substring(0, slash);
    int target = ports.lastIndexOf(':');
    int published = target < 0 ? -1 : ports.lastIndexOf(':', target - 1);
    if (published >= 0) {
      noteAddress(ports.substring(0, published), notes);
      ports = ports.substring(published + 1);
    }
    List<Mapping> all = new ArrayList<>();
    try {
      Place place = scalar.place();
      for (var port : PublishedPorts.parse(ports + protocol)) {
        Mapping mapping =
            Mapping.empty(place)
                .with("mode", Scalar.text(place, "ingress"))
                .with("protocol", Scalar.text(place, port.path("Protocol").asText()))
                .with("target", Scalar.integer(place, port.path("TargetPort").asLong()));
        long number = port.path("PublishedPort").asLong();
        all.add(number == 0 ? mapping : mapping.with("published", Scalar.integer(place, number)));
      }
    } catch (IllegalArgumentException e) {
      throw scalar.place().error("\"" + text + "\": " + e.getMessage());
    }
    return all;
  }

  private static void noteAddress(String address, Notes notes) {
    if (!address.isEmpty() && !address.equals("0.0.0.0")) {
      notes.warn(
          "ignoring IP-address (" + address + "): published ports are open on every address");
    }
  }
}
