package dev.swarm.manager.servicelogs;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.LogSelector;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

/** Rules for the selector of a log request. */
final class Selectors {
  private static final int IDS_MAX = 1000;

  private Selectors() {}

  /** Something must be selected, not too much, and all of it must exist. */
  static Optional<Rejection> check(LogSelector selector, Snapshot snapshot) {
    int count =
        selector.getServiceIdsCount() + selector.getTaskIdsCount() + selector.getNodeIdsCount();
    if (count == 0) {
      return Optional.of(
          Rejection.invalid("log selector must not be empty: name a service, a task or a node"));
    }
    if (count > IDS_MAX) {
      return Optional.of(
          Rejection.invalid(
              "at most %d services, tasks and nodes can be selected".formatted(IDS_MAX)));
    }
    return unknown(
            "service", selector.getServiceIdsList(), id -> isKnown(new ServiceId(id), snapshot))
        .or(
            () ->
                unknown(
                    "task",
                    selector.getTaskIdsList(),
                    id -> snapshot.tasks().contains(new TaskId(id))))
        .or(
            () ->
                unknown(
                    "node",
                    selector.getNodeIdsList(),
                    id -> snapshot.nodes().contains(new NodeId(id))));
  }

  /** A removed service has logs as long as it has tasks. */
  private static boolean isKnown(ServiceId id, Snapshot snapshot) {
    return snapshot.services().contains(id) || !snapshot.tasksOf(id).slots().isEmpty();
  }

  private static Optional<Rejection> unknown(
      String what, Collection<String> ids, Predicate<String> known) {
    return ids.stream()
        .filter(known.negate())
        .findFirst()
        .map(
            id ->
                id.isBlank()
                    ? Rejection.invalid("the id of the " + what + " is missing")
                    : Rejection.notFound(what + " " + printable(id) + " not found"));
  }

  private static String printable(String id) {
    String clean = id.replaceAll("\\p{Cntrl}", " ");
    return clean.length() > 64 ? clean.substring(0, 64) + "…" : clean;
  }
}
