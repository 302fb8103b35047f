package dev.swarm.cli.client.command.spec;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Looks names up in the cluster. Every method asks the daemon. */
public interface References {
  /** The id of the swarm network of that name or id. */
  String networkId(String name) throws IOException;

  /** Ids by name, of those that exist. */
  Map<String, String> secretIds(List<String> names) throws IOException;

  /** Ids by name, of those that exist. */
  Map<String, String> configIds(List<String> names) throws IOException;
}
