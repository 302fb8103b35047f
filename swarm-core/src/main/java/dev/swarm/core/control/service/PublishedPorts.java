package dev.swarm.core.control.service;

import dev.swarm.core.control.Checks;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.control.task.TaskViews;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.spec.NodePort;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.EndpointSpec;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.PortConfig.PublishMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ports that all other services have published, for finding conflicts and free ports. An
 * ingress port belongs to one service in the whole cluster; a host port only on each node, which
 * the scheduler sees to.
 */
final class PublishedPorts {
  /** Where ports are taken from when a spec leaves the choice; swarmkit's port allocator. */
  static final int DYNAMIC_MIN = 30_000;

  static final int DYNAMIC_MAX = 32_767;

  private final Map<NodePort, Service> ingress = new HashMap<>();
  private final Map<NodePort, Service> host = new HashMap<>();

  // Those of services that are no more, while tasks of theirs are.
  private final Set<NodePort> held = new HashSet<>();
  private final int last;

  private PublishedPorts(int last) {
    this.last = last;
  }

  /** The ports of all services but {@code self}. */
  static PublishedPorts besides(ServiceId self, Snapshot snapshot) {
    PublishedPorts taken = new PublishedPorts(snapshot.rotation().port());
    for (Service service : snapshot.services().values()) {
      if (!service.id().equals(self)) {
        taken.add(service);
      }
    }
    for (ServiceId id : snapshot.tasksOf().keys()) {
      if (!snapshot.services().contains(id)) {
        TaskViews.of(snapshot, id).findAny().ifPresent(taken::hold);
      }
    }
    return taken;
  }

  private void hold(Task task) {
    task.template().endpoint().getPortsList().forEach(port -> held.add(hostPort(port)));
  }

  static NodePort hostPort(PortConfig port) {
    return new NodePort(port.getPublishedPort(), port.getProtocol());
  }

  private void add(Service service) {
    for (PortConfig port : service.endpoint().getPortsList()) {
      if (port.getPublishedPort() != 0) {
        Map<NodePort, Service> kind = port.getPublishMode() == PublishMode.HOST ? host : ingress;
        // services come in no order: of several the first by id is named
        kind.merge(hostPort(port), service, (a, b) -> a.id().compareTo(b.id()) < 0 ? a : b);
      }
    }
  }

  Optional<Rejection> conflict(EndpointSpec endpoint) {
    return Checks.each(endpoint.getPortsList(), this::conflict);
  }

  private Optional<Rejection> conflict(PortConfig port) {
    if (port.getPublishedPort() == 0) {
      return Checks.OK;
    }
    NodePort wanted = hostPort(port);
    Service owner = ingress.get(wanted);
    String mode = "an ingress port";
    if (owner == null && port.getPublishMode() == PublishMode.INGRESS) {
      owner = host.get(wanted);
      mode = "a host-published port";
    }
    return owner == null
        ? Checks.OK
        : Optional.of(
            Refuse.exists(
                "port '%d' is already in use by service '%s' (%s) as %s"
                    .formatted(port.getPublishedPort(), owner.name(), owner.id(), mode)));
  }

  /**
   * The ports of {@code endpoint} with a number for each ingress port that has none: the one it had
   * before where possible, otherwise the next free one. Empty when there are none left.
   *
   * @param before the ports as allocated for the service's last spec
   */
  Optional<List<PortConfig>> assign(EndpointSpec endpoint, List<PortConfig> before) {
    Set<NodePort> own = new HashSet<>();
    endpoint.getPortsList().forEach(port -> own.add(hostPort(port)));
    List<PortConfig> reusable = new ArrayList<>(before);
    List<PortConfig> assigned = new ArrayList<>();
    for (PortConfig port : endpoint.getPortsList()) {
      if (port.getPublishedPort() != 0 || port.getPublishMode() == PublishMode.HOST) {
        assigned.add(port);
        continue;
      }
      Optional<Integer> number = kept(port, reusable, own).or(() -> nextFree(port, own));
      if (number.isEmpty()) {
        return Optional.empty();
      }
      PortConfig made = port.toBuilder().setPublishedPort(number.get()).build();
      own.add(hostPort(made));
      assigned.add(made);
    }
    return Optional.of(List.copyOf(assigned));
  }

  private Optional<Integer> kept(PortConfig port, List<PortConfig> reusable, Set<NodePort> own) {
    for (Iterator<PortConfig> candidates = reusable.iterator(); candidates.hasNext(); ) {
      PortConfig old = candidates.next();
      if (old.getPublishMode() == PublishMode.INGRESS
          && isDynamic(old)
          && old.toBuilder().clearPublishedPort().build().equals(port)
          && isFree(hostPort(old), own)) {
        candidates.remove();
        return Optional.of(old.getPublishedPort());
      }
    }
    return Optional.empty();
  }

  private static boolean isDynamic(PortConfig port) {
    return port.getPublishedPort() >= DYNAMIC_MIN && port.getPublishedPort() <= DYNAMIC_MAX;
  }

  /** Behind the port given last: an old one may still be bound somewhere. */
  private Optional<Integer> nextFree(PortConfig port, Set<NodePort> own) {
    int count = DYNAMIC_MAX - DYNAMIC_MIN + 1;
    int begin = last >= DYNAMIC_MIN && last < DYNAMIC_MAX ? last + 1 : DYNAMIC_MIN;
    for (int i = 0; i < count; i++) {
      NodePort next =
          new NodePort(DYNAMIC_MIN + (begin - DYNAMIC_MIN + i) % count, port.getProtocol());
      if (isFree(next, own) && !held.contains(next)) {
        return Optional.of(next.port());
      }
    }
    return Optional.empty();
  }

  private boolean isFree(NodePort port, Set<NodePort> own) {
    return !own.contains(port) && !ingress.containsKey(port) && !host.containsKey(port);
  }
}
