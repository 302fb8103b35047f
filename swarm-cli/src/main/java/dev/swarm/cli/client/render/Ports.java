package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Formats published ports as one line. */
final class Ports {
  private record Span(
      String protocol, long published, long publishedEnd, long target, long targetEnd) {
    /** Whether {@code port} continues this span on both sides. */
    boolean takes(Span port) {
      boolean targetsAreRange = targetEnd != target;
      return protocol.equals(port.protocol)
          && port.published - publishedEnd <= 1
          && port.target >= target
          && port.target - targetEnd <= 1
          && !(targetsAreRange && port.target <= targetEnd);
    }

    Span and(Span port) {
      return new Span(protocol, published, port.published, target, port.target);
    }

    String text() {
      return "*:"
          + range(published, publishedEnd)
          + "->"
          + range(target, targetEnd)
          + "/"
          + protocol;
    }

    private static String range(long from, long to) {
      return to > from ? from + "-" + to : Long.toString(from);
    }
  }

  private Ports() {}

  /** A service's ingress ports, neighbours joined: {@code *:80-81->80-81/tcp}. */
  static String ofService(JsonNode ports) {
    List<Span> all = new ArrayList<>();
    for (JsonNode port : ports) {
      if (!port.path("PublishMode").asText().equals("host")) {
        all.add(span(port));
      }
    }
    all.sort(Comparator.comparing(Span::protocol).thenComparingLong(Span::published));
    List<String> spans = new ArrayList<>();
    Span open = null;
    for (Span port : all) {
      if (open != null && open.takes(port)) {
        open = open.and(port);
        continue;
      }
      if (open != null) {
        spans.add(open.text());
      }
      open = port;
    }
    if (open != null) {
      spans.add(open.text());
    }
    return String.join(", ", spans);
  }

  /** The ports one task holds on its host. */
  static String ofTask(JsonNode ports) {
    List<String> texts = new ArrayList<>();
    for (JsonNode port : ports) {
      texts.add(span(port).text());
    }
    return String.join(",", texts);
  }

  private static Span span(JsonNode port) {
    long published = port.path("PublishedPort").asLong();
    long target = port.path("TargetPort").asLong();
    return new Span(port.path("Protocol").asText("tcp"), published, published, target, target);
  }
}
