package dev.swarm.cli.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.Json;
import dev.swarm.cli.command.flag.Words;
import java.util.List;

/** What {@code --network} takes: a name, or {@code name=net,alias=web,driver-opt=key=value}. */
final class NetworkAttachments {
  private NetworkAttachments() {}

  /** An attachment whose target is still what the user typed. */
  static ObjectNode parse(String text) {
    List<String> fields = Words.csv(text);
    ObjectNode network = Json.object();
    if (fields.size() == 1 && fields.getFirst().indexOf('=') < 0) {
      return network.put("Target", named(text));
    }
    for (String field : fields) {
      Words.Pair pair = Words.pair(field.strip());
      if (!pair.hasValue()) {
        throw new IllegalArgumentException(
            "invalid field '" + field + "' must be a key=value pair");
      }
      switch (pair.key()) {
        case "name" -> network.put("Target", pair.value());
        case "alias" -> {
          List<String> aliases = Tree.strings(network, "Aliases");
          aliases.add(pair.value());
          Tree.setStrings(network, "Aliases", aliases);
        }
        case "driver-opt" -> {
          Words.Pair option = Words.pair(pair.value());
          if (!option.hasValue()) {
            throw new IllegalArgumentException("invalid key value pair format in driver options");
          }
          Tree.child(network, "DriverOpts").put(option.key(), option.value());
        }
        default -> throw new IllegalArgumentException("invalid field key " + pair.key());
      }
    }
    named(network.path("Target").asText());
    return network;
  }

  private static String named(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("network name/id is not specified");
    }
    return name;
  }
}
