package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Names for ids, asked of the daemon once each; an id it does not know stands for itself. Fails
 * with {@link UncheckedIOException} when the daemon cannot be asked.
 */
final class Names {
  private final Context context;
  private final boolean resolve;
  private final Map<String, String> known = new HashMap<>();

  Names(Context context, boolean resolve) {
    this.context = context;
    this.resolve = resolve;
  }

  String node(String id) {
    return name("nodes", id);
  }

  String service(String id) {
    return name("services", id);
  }

  String network(String id) {
    return name("networks", id);
  }

  private String name(String kind, String id) {
    return resolve && !id.isEmpty() ? known.computeIfAbsent(id, key -> ask(kind, key)) : id;
  }

  private String ask(String kind, String id) {
    try {
      JsonNode object = context.api().get(Target.of(kind, id));
      String name = object.path("Spec").path("Name").asText();
      if (name.isEmpty()) {
        name = object.path("Name").asText();
      }
      if (name.isEmpty()) {
        name = object.path("Description").path("Hostname").asText();
      }
      return name.isEmpty() ? id : name;
    } catch (DaemonRejection e) {
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
  }
}
