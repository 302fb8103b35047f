package dev.swarm.worker.assignment;

import dev.swarm.worker.engine.Dependencies;
import docker.swarmkit.v1.Assignment;
import docker.swarmkit.v1.AssignmentChange;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.Task;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything assigned to this node. Immutable; {@link #apply} makes the next one.
 *
 * @param reference names this state in the manager's sequence; empty when an incremental message
 *     cannot be applied, as at the start of a session
 */
public record AssignmentSet(
    String reference,
    SortedMap<String, Task> tasks,
    SortedMap<String, Secret> secrets,
    SortedMap<String, Config> configs)
    implements Dependencies {
  public static final AssignmentSet EMPTY =
      new AssignmentSet("", new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public AssignmentSet {
    tasks = Collections.unmodifiableSortedMap(tasks);
    secrets = Collections.unmodifiableSortedMap(secrets);
    configs = Collections.unmodifiableSortedMap(configs);
  }

  /** The tasks a restarted node remembers, before any manager spoke. */
  public static AssignmentSet remembered(Collection<Task> tasks) {
    TreeMap<String, Task> byId = new TreeMap<>();
    tasks.forEach(task -> byId.put(task.getId(), task));
    return new AssignmentSet("", byId, new TreeMap<>(), new TreeMap<>());
  }

  /** The same assignments at the start of a new session: only a complete message may follow. */
  public AssignmentSet newSession() {
    return new AssignmentSet("", tasks, secrets, configs);
  }

  /** What {@code message} makes of this set. */
  public Outcome apply(AssignmentsMessage message) {
    return switch (message.getType()) {
      case COMPLETE -> change(message, EMPTY, tasks.keySet());
      case INCREMENTAL ->
          reference.isEmpty() || !message.getAppliesTo().equals(reference)
              ? new Outcome.Gap(reference, message.getAppliesTo())
              : change(message, this, List.of());
      case UNRECOGNIZED -> new Outcome.Gap(reference, "unknown type " + message.getTypeValue());
    };
  }

  /** Secrets and configs are in the same new set as the tasks, so their order does not matter. */
  private Outcome change(
      AssignmentsMessage message, AssignmentSet base, Collection<String> suspects) {
    TreeMap<String, Task> nextTasks = new TreeMap<>(base.tasks);
    TreeMap<String, Secret> nextSecrets = new TreeMap<>(base.secrets);
    TreeMap<String, Config> nextConfigs = new TreeMap<>(base.configs);
    TreeSet<String> touched = new TreeSet<>(suspects);
    for (AssignmentChange change : message.getChangesList()) {
      boolean remove = change.getAction() == AssignmentChange.AssignmentAction.REMOVE;
      if (!remove && change.getAction() != AssignmentChange.AssignmentAction.UPDATE) {
        continue;
      }
      Assignment item = change.getAssignment();
      switch (item.getItemCase()) {
        case TASK -> {
          put(nextTasks, item.getTask().getId(), item.getTask(), remove);
          touched.add(item.getTask().getId());
        }
        case SECRET -> put(nextSecrets, item.getSecret().getId(), item.getSecret(), remove);
        case CONFIG -> put(nextConfigs, item.getConfig().getId(), item.getConfig(), remove);
        case VOLUME, ITEM_NOT_SET -> {
          // Cluster volumes need a CSI plugin, which no node of ours offers; newer kinds are
          // unknown.
        }
      }
    }
    AssignmentSet next =
        new AssignmentSet(message.getResultsIn(), nextTasks, nextSecrets, nextConfigs);
    return new Outcome.Applied(next, TaskChanges.between(this, next, touched));
  }

  private static <T> void put(TreeMap<String, T> map, String id, T value, boolean remove) {
    if (remove) {
      map.remove(id);
    } else {
      map.put(id, value);
    }
  }

  @Override
  public Optional<Secret> secret(String id, String taskId) {
    Secret own = secrets.get(id + "." + taskId);
    return Optional.ofNullable(own == null ? secrets.get(id) : own);
  }

  @Override
  public Optional<Config> config(String id) {
    return Optional.ofNullable(configs.get(id));
  }
}
