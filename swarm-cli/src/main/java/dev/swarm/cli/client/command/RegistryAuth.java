package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.http.Json;
import dev.swarm.core.docker.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Credentials for an image's registry, from the file {@code docker login} writes. */
final class RegistryAuth {
  private static final String HUB = "https://index.docker.io/v1/";
  private static final String HEADER = "X-Registry-Auth";

  private RegistryAuth() {}

  /** The header that carries the credentials, or none when there are none. */
  static Map<String, String> header(String image, Map<String, String> environment)
      throws IOException {
    String registry = registry(image);
    JsonNode config = config(environment);
    boolean helper =
        config.path("credHelpers").has(registry) || !config.path("credsStore").asText().isEmpty();
    JsonNode entry = config.path("auths").path(registry);
    if (entry.path("auth").asText().isEmpty() && entry.path("identitytoken").asText().isEmpty()) {
      if (helper) {
        throw new IOException(
            "the credentials for "
                + registry
                + " are in a credential helper, which is not supported");
      }
      return Map.of();
    }
    ObjectNode auth = Json.object();
    String[] pair =
        new String(Base64.getDecoder().decode(entry.path("auth").asText()), StandardCharsets.UTF_8)
            .split(":", 2);
    auth.put("username", pair[0]).put("password", pair.length > 1 ? pair[1].replace("\0", "") : "");
    if (entry.has("identitytoken")) {
      auth.put("identitytoken", entry.path("identitytoken").asText());
    }
    auth.put("serveraddress", registry);
    byte[] json = Json.text(auth).getBytes(StandardCharsets.UTF_8);
    return Map.of(HEADER, Base64.getUrlEncoder().encodeToString(json));
  }

  static String registry(String image) {
    ImageReference name = ImageReference.parse(image);
    return name.isOnHub() ? HUB : name.registry();
  }

  private static JsonNode config(Map<String, String> environment) throws IOException {
    String folder = environment.get("DOCKER_CONFIG");
    Path file =
        folder == null
            ? Path.of(environment.getOrDefault("HOME", "/"), ".docker", "config.json")
            : Path.of(folder, "config.json");
    return Files.exists(file) ? Json.parse(Files.readString(file)) : Json.object();
  }
}
