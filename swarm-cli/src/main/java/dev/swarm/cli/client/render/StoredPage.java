package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Output of {@code secret inspect --pretty} and {@code config inspect --pretty}. */
public final class StoredPage {
  private StoredPage() {}

  public static String secret(JsonNode secret) {
    JsonNode spec = secret.path("Spec");
    return new Page()
        .line("ID:              " + secret.path("ID").asText())
        .line("Name:              " + spec.path("Name").asText())
        .map("Labels:", spec.path("Labels"), " - ", "=")
        .line("Driver:            " + spec.path("Driver").path("Name").asText())
        .line("Created at:        " + Phrases.moment(secret.path("CreatedAt").asText()))
        .line("Updated at:        " + Phrases.moment(secret.path("UpdatedAt").asText()))
        .toString();
  }

  /** With its data as they are: whoever asks for them wants every byte. */
  public static String config(JsonNode config) {
    JsonNode spec = config.path("Spec");
    return new Page()
        .line("ID:\t\t\t" + config.path("ID").asText())
        .line("Name:\t\t\t" + spec.path("Name").asText())
        .map("Labels:", spec.path("Labels"), " - ", "=")
        .line("Created at:            \t" + Phrases.moment(config.path("CreatedAt").asText()))
        .line("Updated at:            \t" + Phrases.moment(config.path("UpdatedAt").asText()))
        .line("Data:")
        .raw(data(spec.path("Data").asText()))
        .toString();
  }

  private static String data(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return base64;
    }
  }
}
