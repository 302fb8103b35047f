package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
import dev.swarm.core.docker.ImageReference;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Pins a service's image to what its name means at its registry now, so that every node runs the
 * same image later, too.
 */
final class ImageDigest {
  private static final int UNAVAILABLE = 503;

  private ImageDigest() {}

  /**
   * Asks the registry, by way of the daemon's engine, and writes the digest and the platforms of
   * the image into {@code spec}. A name that has its digest, and a task that is no container, stay
   * as they are.
   *
   * @return what to tell the user if the registry did not say
   */
  static Optional<String> pin(Context context, ObjectNode spec) throws IOException {
    JsonNode container = spec.path("TaskTemplate").path("ContainerSpec");
    String image = ImageReference.normalized(container.path("Image").asText());
    if (image.isEmpty()
        || ImageReference.parse(image).digest().isPresent()
        || ImageReference.isId(image)) {
      return Optional.empty();
    }
    JsonNode found;
    try {
      found =
          context.api().get(Target.of("distribution", image, "json"), credentials(context, image));
    } catch (DaemonRejection e) {
      // A manager without an engine of its own asks nobody.
      return e.status() == UNAVAILABLE ? Optional.empty() : Optional.of(warning(image, e));
    }
    String digest = found.path("Descriptor").path("digest").asText();
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    ((ObjectNode) container).put("Image", image + "@" + digest);
    if (!found.path("Platforms").isEmpty()) {
      Tree.child(Tree.child(spec, "TaskTemplate"), "Placement")
          .set("Platforms", platforms(found.path("Platforms")));
    }
    return Optional.empty();
  }

  /** A helper that keeps them is not asked for what most registries tell everybody. */
  private static Map<String, String> credentials(Context context, String image) {
    try {
      return RegistryAuth.header(image, context.surroundings().environment());
    } catch (IOException unreadable) {
      return Map.of();
    }
  }

  private static String warning(String image, DaemonRejection why) {
    return ("the digest of image %s is not recorded, for its registry did not tell it (%s): each"
            + " node asks for itself, and they may come to run different versions")
        .formatted(image, why.getMessage());
  }

  private static ArrayNode platforms(JsonNode described) {
    ArrayNode platforms = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : described) {
      String architecture = each.path("architecture").asText();
      // Variants of arm are not told apart, so its name alone would promise too much.
      platforms
          .addObject()
          .put("Architecture", architecture.equals("arm") ? "" : architecture)
          .put("OS", each.path("os").asText());
    }
    return platforms;
  }
}
