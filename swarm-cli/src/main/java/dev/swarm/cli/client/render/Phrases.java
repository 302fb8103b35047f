package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.core.docker.ImageReference;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Phrases that several tables share. */
final class Phrases {
  /** How much of an id a table shows. */
  static final int SHORT_ID = 12;

  private Phrases() {}

  /** {@code drain} as {@code Drain}. */
  static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }

  static String shortId(String id) {
    return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
  }

  /** An API time; the epoch when there is none or it makes no sense. */
  static Instant time(JsonNode text) {
    try {
      return text.isTextual() ? Instant.parse(text.textValue()) : Instant.EPOCH;
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  /** The API's time in the form Docker's pages have it. */
  static String moment(String time) {
    String plain = time.endsWith("Z") ? time.substring(0, time.length() - 1) : time;
    return plain.replace('T', ' ') + (time.endsWith("Z") ? " +0000 utc" : "");
  }

  /** {@code a=1,b=2}, sorted. */
  static String labels(JsonNode labels) {
    List<String> pairs = new ArrayList<>();
    labels.properties().forEach(e -> pairs.add(e.getKey() + "=" + e.getValue().asText()));
    pairs.sort(null);
    return String.join(",", pairs);
  }

  /** {@code 32 seconds ago}. */
  static String ago(Instant then, Instant now) {
    return Units.human(Duration.between(then, now)) + " ago";
  }

  /**
   * An image as typed: {@code repository:tag} without the registry and namespace that go without
   * saying, and without a digest when there is a tag.
   */
  static String image(String image) {
    return ImageReference.parse(image).familiar().shortened().toString();
  }

  /** What a task template runs: its image, or the program of a plain process. */
  static String image(JsonNode taskSpec, boolean shorten) {
    JsonNode program = taskSpec.path("ProcessSpec").path("Command").path(0);
    if (program.isTextual()) {
      return program.textValue();
    }
    String image = taskSpec.path("ContainerSpec").path("Image").asText();
    return shorten ? image(image) : image;
  }
}
