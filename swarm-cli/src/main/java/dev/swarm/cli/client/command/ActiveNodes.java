package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The nodes that are not down, asked for once however many services want to know. */
final class ActiveNodes {
  private final Context context;
  private Optional<Set<String>> known = Optional.empty();

  ActiveNodes(Context context) {
    this.context = context;
  }

  Set<String> ids() throws IOException {
    if (known.isEmpty()) {
      Set<String> active = new TreeSet<>();
      for (JsonNode node : context.api().get(Target.of("nodes"))) {
        if (!node.path("Status").path("State").asText().equals("down")) {
          active.add(node.path("ID").asText());
        }
      }
      known = Optional.of(active);
    }
    return known.get();
  }
}
