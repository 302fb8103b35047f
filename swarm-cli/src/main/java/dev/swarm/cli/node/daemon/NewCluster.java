package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.routes.InitRequest;
import dev.swarm.core.control.cluster.ClusterControl;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.port.IdSource;
import dev.swarm.manager.ca.ClusterBootstrap;
import docker.swarmkit.v1.ClusterSpec;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** Settings of the cluster in a request to init, checked. */
record NewCluster(InitRequest request) {
  /**
   * The spec that results where {@code before} was.
   *
   * @throws ApiRejection if it cannot be one
   */
  ClusterSpec spec(ClusterSpec before) {
    ClusterSpec asked = request.settings().apply(before);
    if (!asked.getCaConfig().getSigningCaCert().isEmpty()
        || !asked.getCaConfig().getSigningCaKey().isEmpty()) {
      throw ApiRejection.badRequest(
          "a new swarm makes its own root certificate: give it another one afterwards, with"
              + " \"docker swarm ca --rotate\"");
    }
    // Clients always say whether managers are locked. That those of a cluster that goes on are not
    // locked any more is never what somebody without a word of it wants.
    boolean locked =
        request.autoLock()
            || asked.getEncryptionConfig().getAutoLockManagers()
            || before.getEncryptionConfig().getAutoLockManagers();
    ClusterSpec.Builder spec = asked.toBuilder();
    if (locked) {
      spec.getEncryptionConfigBuilder().setAutoLockManagers(true);
    }
    ClusterSpec made = spec.build();
    Optional<Rejection> refusal = ClusterControl.refusalOf(made);
    if (refusal.isPresent()) {
      throw ApiRejection.badRequest(refusal.get().message());
    }
    return made;
  }

  ClusterBootstrap founding(IdSource ids, SecureRandom random, Instant now) {
    ClusterSpec spec = spec(ClusterBootstrap.defaultSpec());
    ClusterBootstrap founding =
        TestSwitches.certificateValidity()
            .map(
                validity ->
                    ClusterBootstrap.create(
                        spec, request.availability(), validity, ids, random, now))
            .orElseGet(
                () -> ClusterBootstrap.create(spec, request.availability(), ids, random, now));
    return founding.withNetworks(
        request.defaultAddrPool(), request.subnetSize(), request.dataPathPort(), ids);
  }
}
