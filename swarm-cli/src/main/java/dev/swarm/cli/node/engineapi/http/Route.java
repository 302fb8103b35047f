package dev.swarm.cli.node.engineapi.http;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row of the route table.
 *
 * @param pattern the path's parts; {@code {id}} stands for any one part
 * @param sinceMinor the API version 1.n that brought it
 */
public record Route(String method, List<String> pattern, int sinceMinor, Action action) {

  /** Answers one request. */
  @FunctionalInterface
  public interface Action {
    void run(Exchange exchange) throws IOException;
  }

  public static Route of(String method, String path, Action action) {
    return new Route(method, List.of(path.substring(1).split("/", -1)), 0, action);
  }

  /** What the path is about, such as {@code service}. */
  String kind() {
    String objects = pattern.getFirst();
    return objects.endsWith("s") ? objects.substring(0, objects.length() - 1) : objects;
  }

  public Route since(int minor) {
    return new Route(method, pattern, minor, action);
  }

  /** The values of the pattern's variables, if the request is this route's. */
  Optional<Map<String, String>> match(String requestMethod, List<String> path) {
    if (!method.equals(requestMethod) || path.size() != pattern.size()) {
      return Optional.empty();
    }
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String expected = pattern.get(i);
      if (expected.startsWith("{")) {
        variables.put(expected.substring(1, expected.length() - 1), path.get(i));
      } else if (!expected.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }
}
