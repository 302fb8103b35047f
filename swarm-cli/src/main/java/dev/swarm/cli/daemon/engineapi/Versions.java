package dev.swarm.cli.daemon.engineapi;

import java.util.Optional;

/**
 * The API versions that clients are told of: those that this program and its engine both speak.
 *
 * @param own this machine with the versions that this program speaks
 */
record Versions(ServerIdentity own, Optional<InnerEngine> engine) {

  ServerIdentity advertised() {
    return facts().map(facts -> facts.limit(own)).orElse(own);
  }

  Optional<EngineFacts> facts() {
    return engine.flatMap(InnerEngine::facts);
  }
}
