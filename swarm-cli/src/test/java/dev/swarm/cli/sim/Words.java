package dev.swarm.cli.sim;

import dev.swarm.core.store.Change;

/** Changes in few words. */
final class Words {
  private Words() {}

  static String of(Change change) {
    return switch (change) {
      case Change.CreateTask c ->
          "create %s in %s.%s on '%s', desired %s%s"
              .formatted(
                  c.id(),
                  c.service(),
                  c.slot(),
                  c.node(),
                  c.desired(),
                  c.attempt().restart() ? ", restart" : "");
      case Change.AssignTask a -> "assign %s to %s".formatted(a.id(), a.node());
      case Change.AdvanceTask a ->
          "advance %s%s%s"
              .formatted(
                  a.id(),
                  a.desired() == dev.swarm.core.model.TaskState.NEW
                      ? ""
                      : ", desired " + a.desired(),
                  a.status()
                      .map(s -> ", is " + s.state() + " '" + s.message() + "' " + s.err())
                      .orElse(""));
      case Change.RemoveTask r -> "remove " + r.id();
      case Change.PutNode p ->
          "node %s: %s %s %s labels %s"
              .formatted(
                  p.node().id(),
                  p.node().status().state(),
                  p.node().status().message(),
                  p.node().spec().getAvailability(),
                  p.node().spec().getAnnotations().getLabelsMap());
      case Change.PutService p ->
          "service %s: replicas %s version %d image %s update %s"
              .formatted(
                  p.service().id(),
                  p.service().mode(),
                  p.service().specVersion(),
                  p.service().spec().getTask().getContainer().getImage(),
                  p.service()
                      .updateStatus()
                      .map(u -> u.getState() + " " + u.getMessage())
                      .orElse("-"));
      case Change.RemoveService r -> "remove service " + r.id();
      default -> change.getClass().getSimpleName();
    };
  }
}
