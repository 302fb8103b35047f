package dev.swarm.cli.node.engineapi.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.util.URIUtil;

/**
 * A request's path without its version prefix.
 *
 * @param version as in {@code 1.41}, if the path began with {@code /v1.41}
 */
public record RequestPath(Optional<String> version, List<String> parts) {
  private static final Pattern PREFIX = Pattern.compile("v([0-9.]+)");

  public static RequestPath parse(HttpURI uri) {
    String path = uri.getPath() == null ? "/" : uri.getPath();
    List<String> parts =
        Arrays.stream(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1))
            .map(URIUtil::decodePath)
            .toList();
    Matcher prefix = PREFIX.matcher(parts.getFirst());
    return prefix.matches()
        ? new RequestPath(Optional.of(prefix.group(1)), parts.subList(1, parts.size()))
        : new RequestPath(Optional.empty(), parts);
  }

  /**
   * The n of 1.n.
   *
   * @param served what a path is read by that names no version: the newest we know
   * @param identity the versions that clients are told of, or 400
   */
  int apiMinor(ServerIdentity served, ServerIdentity identity) {
    if (version.isEmpty()) {
      return served.apiMinorMax();
    }
    String asked = version.get();
    String[] numbers = asked.split("\\.", 2);
    int major = number(numbers[0]);
    int minor = numbers.length == 2 ? number(numbers[1]) : 0;
    if (major < 1 || (major == 1 && minor < identity.apiMinorMin())) {
      throw ApiRejection.badRequest(
          "client version "
              + asked
              + " is too old. Minimum supported API version is "
              + identity.minApiVersion()
              + ", please upgrade your client to a newer version");
    }
    if (major > 1 || minor > identity.apiMinorMax()) {
      throw ApiRejection.badRequest(
          "client version "
              + asked
              + " is too new. Maximum supported API version is "
              + identity.apiVersion());
    }
    return minor;
  }

  private static int number(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw ApiRejection.badRequest("invalid API version in the path, expected /v1.n/…");
    }
  }
}
