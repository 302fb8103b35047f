package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.routes.JoinRequest;
import dev.swarm.cli.node.identity.DispatcherChannels;
import dev.swarm.cli.node.identity.JoinClient;
import dev.swarm.cli.node.identity.JoinException;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.JoinToken;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.port.Clock;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Exchanges a join token for a certificate. */
final class Joining {
  private Joining() {}

  /** What a manager gave, and which. */
  record Granted(NodeIdentity identity, HostPort manager) {}

  /**
   * Asks the managers that the request names, one after the other, until one says yes. Blocks.
   *
   * @param callbacks where the network's replies are taken: a pool
   * @throws JoinException with what weighs most of what they said: a refusal more than silence
   */
  static Granted at(JoinRequest request, Clock clock, SecureRandom random, Executor callbacks)
      throws JoinException, InterruptedException {
    Optional<JoinToken> token = token(request.joinToken());
    Optional<JoinException> failure = Optional.empty();
    try (DispatcherChannels channels = new DispatcherChannels(callbacks, clock)) {
      JoinClient client = new JoinClient(channels, clock, random, Membership::sleep);
      for (String remote : request.remoteAddrs()) {
        try {
          HostPort manager = manager(remote);
          return new Granted(client.join(manager, token, request.availability()), manager);
        } catch (JoinException e) {
          if (failure.isEmpty() || failure.get().kind().mayPass()) {
            failure = Optional.of(e);
          }
        }
      }
    }
    throw failure.orElseGet(
        () ->
            new JoinException(
                JoinException.Kind.ADDRESS, "at least one manager's address is needed"));
  }

  private static HostPort manager(String text) throws JoinException {
    try {
      return HostPort.manager(text);
    } catch (IllegalArgumentException e) {
      throw new JoinException(JoinException.Kind.ADDRESS, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Empty where the user gave none: what that means is for the manager to say.
   *
   * @throws ApiRejection if it cannot be one
   */
  static Optional<JoinToken> token(String text) {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(JoinToken.parse(text));
    } catch (CredentialException e) {
      throw ApiRejection.badRequest(e.getMessage());
    }
  }

  static ApiRejection rejection(JoinException e) {
    int status =
        switch (e.kind()) {
          case ADDRESS, TOKEN, FINGERPRINT -> 400;
          case UNREACHABLE, TIMEOUT, REFUSED -> 503;
        };
    return new ApiRejection(status, e.getMessage());
  }
}
