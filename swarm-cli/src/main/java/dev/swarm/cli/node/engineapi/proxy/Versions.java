package dev.swarm.cli.node.engineapi.proxy;

import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import java.util.Optional;

/**
 * API versions that clients are told of: those that this program and its engine both speak.
 *
 * @param own this machine with the versions that this program speaks
 */
public record Versions(ServerIdentity own, Optional<InnerEngine> engine) {

  public ServerIdentity advertised() {
    return facts().map(facts -> facts.limit(own)).orElse(own);
  }

  public Optional<EngineFacts> facts() {
    return engine.flatMap(InnerEngine::facts);
  }
}
