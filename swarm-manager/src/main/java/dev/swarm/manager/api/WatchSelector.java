package dev.swarm.manager.api;

import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Object;
import docker.swarmkit.v1.SelectBy;
import docker.swarmkit.v1.Task;
import java.util.Set;
import java.util.function.Predicate;

/** One condition of a watch on an object. */
@FunctionalInterface
interface WatchSelector {
  Set<SelectBy.ByCase> OF_TASKS =
      Set.of(
          SelectBy.ByCase.SERVICE_ID,
          SelectBy.ByCase.NODE_ID,
          SelectBy.ByCase.SLOT,
          SelectBy.ByCase.DESIRED_STATE);
  Set<SelectBy.ByCase> OF_NODES = Set.of(SelectBy.ByCase.ROLE, SelectBy.ByCase.MEMBERSHIP);

  boolean holds(Object object);

  /**
   * @throws IllegalArgumentException if objects of {@code kind} cannot be selected so
   */
  static WatchSelector parse(String kind, SelectBy by) {
    if ((OF_TASKS.contains(by.getByCase()) && !kind.equals("task"))
        || (OF_NODES.contains(by.getByCase()) && !kind.equals("node"))) {
      throw unsupported(kind, by);
    }
    return switch (by.getByCase()) {
      case ID -> object -> id(object).equals(by.getId());
      case ID_PREFIX -> object -> id(object).startsWith(by.getIdPrefix());
      case NAME -> object -> name(object).equals(by.getName());
      case NAME_PREFIX -> object -> name(object).startsWith(by.getNamePrefix());
      case SERVICE_ID -> task(task -> task.getServiceId().equals(by.getServiceId()));
      case NODE_ID -> task(task -> task.getNodeId().equals(by.getNodeId()));
      case SLOT ->
          task(
              task ->
                  task.getServiceId().equals(by.getSlot().getServiceId())
                      && task.getSlot() == by.getSlot().getSlot());
      case DESIRED_STATE -> task(task -> task.getDesiredStateValue() == by.getDesiredStateValue());
      case ROLE -> object -> object.getNode().getRoleValue() == by.getRoleValue();
      case MEMBERSHIP ->
          object -> object.getNode().getSpec().getMembershipValue() == by.getMembershipValue();
      case CUSTOM,
          CUSTOM_PREFIX,
          REFERENCED_NETWORK_ID,
          REFERENCED_SECRET_ID,
          REFERENCED_CONFIG_ID,
          KIND,
          BY_NOT_SET ->
          throw unsupported(kind, by);
    };
  }

  private static WatchSelector task(Predicate<Task> condition) {
    return object -> condition.test(object.getTask());
  }

  private static IllegalArgumentException unsupported(String kind, SelectBy by) {
    return new IllegalArgumentException(
        "objects of kind " + kind + " cannot be watched by " + by.getByCase());
  }

  private static String id(Object object) {
    return switch (object.getObjectCase()) {
      case NODE -> object.getNode().getId();
      case SERVICE -> object.getService().getId();
      case NETWORK -> object.getNetwork().getId();
      case TASK -> object.getTask().getId();
      case CLUSTER -> object.getCluster().getId();
      case SECRET -> object.getSecret().getId();
      case CONFIG -> object.getConfig().getId();
      case RESOURCE, EXTENSION, VOLUME, OBJECT_NOT_SET -> "";
    };
  }

  private static String name(Object object) {
    return switch (object.getObjectCase()) {
      case NODE -> object.getNode().getDescription().getHostname();
      case TASK -> object.getTask().getAnnotations().getName();
      case SERVICE -> named(object.getService().getSpec().getAnnotations());
      case NETWORK -> named(object.getNetwork().getSpec().getAnnotations());
      case CLUSTER -> named(object.getCluster().getSpec().getAnnotations());
      case SECRET -> named(object.getSecret().getSpec().getAnnotations());
      case CONFIG -> named(object.getConfig().getSpec().getAnnotations());
      case RESOURCE, EXTENSION, VOLUME, OBJECT_NOT_SET -> "";
    };
  }

  private static String named(Annotations annotations) {
    return annotations.getName();
  }
}
