package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Json;
import java.util.List;

/** Parses {@code --network}: a name, or {@code name=net,alias=web,driver-opt=key=value}. */
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
            Words.quoted(field) + " is not KEY=VALUE; write NAME or name=NAME,alias=NAME");
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
            throw new IllegalArgumentException(
                "driver-opt is KEY=VALUE, not " + Words.quoted(pair.value()));
          }
          Tree.child(network, "DriverOpts").put(option.key(), option.value());
        }
        default ->
            throw new IllegalArgumentException(
                "there is no option "
                    + Words.quoted(pair.key())
                    + "; there are name, alias and driver-opt");
      }
    }
    named(network.path("Target").asText());
    return network;
  }

  private static String named(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("it does not say which network");
    }
    return name;
  }
}
