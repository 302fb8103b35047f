package dev.swarm.cli.node.engineapi.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import java.util.Map;

/**
 * Facts about an engine, from its own replies.
 *
 * @param apiMinorMin the oldest API version it speaks is 1.{@code apiMinorMin}
 * @param apiMinorMax the newest
 * @param version its reply to {@code GET /version}
 * @param ping the headers of its reply to {@code GET /_ping}, names in lower case
 */
public record EngineFacts(
    int apiMinorMin, int apiMinorMax, JsonNode version, Map<String, String> ping) {
  public EngineFacts {
    ping = Map.copyOf(ping);
  }

  /** What an engine's two replies say; an engine that names no versions is taken to know ours. */
  static EngineFacts of(JsonNode version, Map<String, String> ping) {
    return new EngineFacts(
        minor(version.path("MinAPIVersion").asText(), ServerIdentity.API_MINOR_MIN),
        minor(version.path("ApiVersion").asText(), ServerIdentity.API_MINOR_MAX),
        version,
        ping);
  }

  private static int minor(String version, int otherwise) {
    try {
      return version.startsWith("1.") ? Integer.parseInt(version.substring(2)) : otherwise;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** What a daemon in front of this engine can advertise: versions that both speak. */
  ServerIdentity limit(ServerIdentity own) {
    int max = Math.min(own.apiMinorMax(), apiMinorMax);
    return own.withApi(Math.min(Math.max(own.apiMinorMin(), apiMinorMin), max), max);
  }
}
