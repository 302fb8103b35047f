package dev.swarm.cli.client.command.stack;

/**
 * Position of a value in a Compose file.
 *
 * @param file as the user named it
 * @param line counted from 1
 * @param column counted from 1
 * @param path within the document, {@code services.web.ports[0]}; empty for all of it
 */
public record Place(String file, int line, int column, String path) {
  ComposeError error(String message) {
    String where = file + ":" + line + ":" + column + ": ";
    return new ComposeError(where + (path.isEmpty() ? "" : path + ": ") + message);
  }

  /** The same spot, for a member that was not written there but follows from it. */
  Place member(String name) {
    return new Place(file, line, column, path.isEmpty() ? name : path + "." + name);
  }
}
