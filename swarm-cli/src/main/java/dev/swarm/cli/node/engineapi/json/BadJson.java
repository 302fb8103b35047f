package dev.swarm.cli.node.engineapi.json;

/** An error in a client's JSON; the message is a sentence that names the place. */
public final class BadJson extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadJson(String message) {
    super(message);
  }

  /** At {@code path}, or about the whole body where the path is empty. */
  static BadJson at(String path, String what) {
    return new BadJson("invalid JSON: " + (path.isEmpty() ? "" : path + ": ") + what);
  }
}
