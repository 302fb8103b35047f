package dev.swarm.manager.dispatcher;

import docker.swarmkit.v1.EncryptionKey;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NetworkAttachment;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.Task;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stops messages to agents that would end a stock engine. Such an engine follows some pointers
 * without looking, and stores a task before it runs it: one message with a missing part ends that
 * engine at every start from then on. docs/outside.md has the list.
 */
final class WireGuard {
  private static final int KEYS_A_SUBSYSTEM = 3;
  private static final int KEY_BYTES = 16;

  private WireGuard() {}

  /** What is wrong with a task, or nothing. */
  static Optional<String> problem(Task task) {
    if (task.getId().isEmpty() || task.getNodeId().isEmpty()) {
      return Optional.of("it has no id or no node");
    }
    switch (task.getSpec().getRuntimeCase()) {
      case RUNTIME_NOT_SET -> {
        return Optional.of("it has no runtime");
      }
      case CONTAINER -> {
        if (task.getSpec().getContainer().getImage().isEmpty()) {
          return Optional.of("it has no image");
        }
      }
      case GENERIC -> {
        if (!task.getSpec().getGeneric().hasPayload()) {
          return Optional.of("its generic runtime has no payload");
        }
      }
      case ATTACHMENT -> {}
    }
    return task.getNetworksList().stream()
        .map(WireGuard::problem)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> problem(NetworkAttachment attachment) {
    if (!attachment.hasNetwork()) {
      return Optional.of("an attachment has no network");
    }
    Network network = attachment.getNetwork();
    if (!network.hasDriverState()) {
      return Optional.of("network " + network.getId() + " has no driver state");
    }
    if (network.getSpec().getIngress() && !network.hasIpam()) {
      return Optional.of("the ingress network " + network.getId() + " has no address management");
    }
    if (network.hasIpam() && !network.getIpam().hasDriver()) {
      return Optional.of("network " + network.getId() + " has address management without a driver");
    }
    return Optional.empty();
  }

  // An engine takes a set of keys as a whole or, with an error nobody reads, not at all.
  private static Optional<String> keys(List<EncryptionKey> keys) {
    Map<String, Integer> bySubsystem = new HashMap<>();
    Set<Long> times = new HashSet<>();
    for (EncryptionKey key : keys) {
      bySubsystem.merge(key.getSubsystem(), 1, Integer::sum);
      if (!times.add(key.getLamportTime()) || key.getKey().size() != KEY_BYTES) {
        return Optional.of("a network key has the time of another, or the wrong size");
      }
    }
    return bySubsystem.values().stream().allMatch(count -> count == KEYS_A_SUBSYSTEM)
        ? Optional.empty()
        : Optional.of("it has another number of network keys than engines take");
  }

  /** What is wrong with a session message, or nothing. */
  static Optional<String> problem(SessionMessage message) {
    if (message.getSessionId().isEmpty()) {
      return Optional.of("it has no session id");
    }
    if (message.getManagersList().stream()
        .anyMatch(m -> !m.hasPeer() || m.getPeer().getAddr().isEmpty())) {
      return Optional.of("a manager has no address");
    }
    if (message.getManagersCount() == 0) {
      return Optional.of("it names no manager, which makes an agent forget them all");
    }
    Optional<String> keys = keys(message.getNetworkBootstrapKeysList());
    if (keys.isPresent()) {
      return keys;
    }
    Node node = message.getNode();
    if (node.hasAttachment() && !node.getAttachment().hasNetwork()) {
      return Optional.of("the node's attachment, in its old form, has no network");
    }
    return node.getAttachmentsList().stream()
        .map(WireGuard::problem)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
