package dev.swarm.cli.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.Json;
import dev.swarm.cli.command.flag.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What {@code --publish} takes: {@code 8080:80/tcp}, ranges, or {@code target=80,mode=host,…}. */
public final class PublishedPorts {
  private static final Pattern LONG = Pattern.compile("\\w+=.*");
  private static final int PORT_MAX = 65535;

  private record Range(int from, int to) {
    int size() {
      return to - from + 1;
    }
  }

  private PublishedPorts() {}

  /** One or more ports: a range is a port each. */
  public static List<ObjectNode> parse(String text) {
    return LONG.matcher(text).matches() ? List.of(fields(text)) : shorthand(text);
  }

  private static ObjectNode fields(String text) {
    String protocol = "tcp";
    String mode = "ingress";
    int target = 0;
    int published = 0;
    for (String field : Words.csv(text)) {
      Words.Pair pair = Words.pair(field.strip());
      if (!pair.hasValue() || pair.key().isEmpty()) {
        throw new IllegalArgumentException("invalid field " + field);
      }
      switch (pair.key()) {
        case "protocol" -> protocol = protocol(pair.value());
        case "mode" -> mode = mode(pair.value());
        case "target" -> target = port("target", pair.value());
        case "published" -> published = port("published", pair.value());
        default -> throw new IllegalArgumentException("invalid field key " + pair.key());
      }
    }
    if (target == 0) {
      throw new IllegalArgumentException("missing mandatory field \"target\"");
    }
    return node(protocol, target, published, mode);
  }

  private static String protocol(String text) {
    String protocol = text.toLowerCase(Locale.ROOT);
    if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
      throw new IllegalArgumentException("invalid protocol value '" + text + "'");
    }
    return protocol;
  }

  private static String mode(String mode) {
    if (!mode.equals("host") && !mode.equals("ingress")) {
      throw new IllegalArgumentException(
          "invalid publish mode value (" + mode + "): must be either host or ingress");
    }
    return mode;
  }

  private static int port(String field, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= PORT_MAX) {
        return port;
      }
      throw new IllegalArgumentException(
          "invalid " + field + " port (" + text + "): value must be at most " + PORT_MAX);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "invalid " + field + " port (" + text + "): value must be an integer", e);
    }
  }

  private static List<ObjectNode> shorthand(String text) {
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "tcp" : protocol(text.substring(slash + 1));
    String[] parts = (slash < 0 ? text : text.substring(0, slash)).split(":", -1);
    if (parts.length > 2) {
      throw new IllegalArgumentException("hostip is not supported");
    }
    Range target = range(parts[parts.length - 1], text);
    Range published =
        parts.length == 1 || parts[0].isEmpty() ? new Range(0, 0) : range(parts[0], text);
    boolean chosen = published.to() > 0;
    if (chosen && target.size() > 1 && target.size() != published.size()) {
      throw new IllegalArgumentException(
          "invalid ranges specified for container and host Ports: "
              + parts[1]
              + " and "
              + parts[0]);
    }
    List<ObjectNode> ports = new ArrayList<>();
    for (int i = 0; i < Math.max(target.size(), published.size()); i++) {
      ports.add(
          node(
              protocol,
              target.size() > 1 ? target.from() + i : target.from(),
              chosen ? published.from() + i : 0,
              "ingress"));
    }
    return ports;
  }

  private static Range range(String text, String whole) {
    int dash = text.indexOf('-');
    int from = number(dash < 0 ? text : text.substring(0, dash), whole);
    int to = dash < 0 ? from : number(text.substring(dash + 1), whole);
    if (to < from) {
      throw new IllegalArgumentException("invalid range specified for port: " + text);
    }
    return new Range(from, to);
  }

  private static int number(String text, String whole) {
    if (text.matches("\\d{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= PORT_MAX) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(
        text.isEmpty() ? "no port specified: " + whole : "invalid port: " + text);
  }

  private static ObjectNode node(String protocol, int target, int published, String mode) {
    ObjectNode port = Json.object().put("Protocol", protocol).put("TargetPort", target);
    if (published > 0) {
      port.put("PublishedPort", published);
    }
    return port.put("PublishMode", mode);
  }
}
