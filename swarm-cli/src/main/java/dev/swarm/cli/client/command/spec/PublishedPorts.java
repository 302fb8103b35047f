package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Parses {@code --publish}: {@code 8080:80/tcp}, ranges, or {@code target=80,mode=host,…}. */
public final class PublishedPorts {
  private static final Pattern LONG = Pattern.compile("\\w+=.*");
  private static final String FORM = "[PUBLISHED:]TARGET[/PROTOCOL], as in 8080:80/tcp";

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
        throw new IllegalArgumentException(
            Words.quoted(field) + " is not KEY=VALUE, as in published=8080,target=80");
      }
      switch (pair.key()) {
        case "protocol" -> protocol = protocol(pair.value());
        case "mode" -> mode = mode(pair.value());
        case "target" -> target = port("target", pair.value());
        case "published" -> published = port("published", pair.value());
        default ->
            throw new IllegalArgumentException(
                "there is no option "
                    + Words.quoted(pair.key())
                    + "; there are target, published, protocol and mode");
      }
    }
    if (target == 0) {
      throw new IllegalArgumentException("target=PORT is missing");
    }
    return node(protocol, target, published, mode);
  }

  private static String protocol(String text) {
    String protocol = text.toLowerCase(Locale.ROOT);
    if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
      throw new IllegalArgumentException(
          "the protocol is tcp, udp or sctp, not " + Words.quoted(text));
    }
    return protocol;
  }

  private static String mode(String mode) {
    if (!mode.equals("host") && !mode.equals("ingress")) {
      throw new IllegalArgumentException("mode is host or ingress, not " + Words.quoted(mode));
    }
    return mode;
  }

  private static int port(String field, String text) {
    try {
      return Numbers.port(text, 0);
    } catch (Unexpected e) {
      throw new IllegalArgumentException(field + " is " + e.getMessage(), e);
    }
  }

  private static List<ObjectNode> shorthand(String text) {
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "tcp" : protocol(text.substring(slash + 1));
    String[] parts = (slash < 0 ? text : text.substring(0, slash)).split(":", -1);
    if (parts.length > 2) {
      throw new IllegalArgumentException("services cannot be bound to one address; write " + FORM);
    }
    Range target = range(parts[parts.length - 1]);
    Range published = parts.length == 1 || parts[0].isEmpty() ? new Range(0, 0) : range(parts[0]);
    boolean chosen = published.to() > 0;
    if (chosen && target.size() > 1 && target.size() != published.size()) {
      throw new IllegalArgumentException(
          "the ranges " + parts[0] + " and " + parts[1] + " are not of the same length");
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

  private static Range range(String text) {
    int dash = text.indexOf('-');
    int from = number(dash < 0 ? text : text.substring(0, dash));
    int to = dash < 0 ? from : number(text.substring(dash + 1));
    if (to < from) {
      throw new IllegalArgumentException("the range " + text + " ends before it begins");
    }
    return new Range(from, to);
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("write " + FORM);
    }
    long port = Long.parseLong(text);
    if (port < 1 || port > Numbers.PORT_MAX) {
      throw new IllegalArgumentException(
          "ports are numbers from 1 to " + Numbers.PORT_MAX + ", and " + text + " is not");
    }
    return (int) port;
  }

  private static ObjectNode node(String protocol, int target, int published, String mode) {
    ObjectNode port = Json.object().put("Protocol", protocol).put("TargetPort", target);
    if (published > 0) {
      port.put("PublishedPort", published);
    }
    return port.put("PublishMode", mode);
  }
}
