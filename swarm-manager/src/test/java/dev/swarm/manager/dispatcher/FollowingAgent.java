package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docker.swarmkit.v1.AssignmentChange;
import docker.swarmkit.v1.AssignmentChange.AssignmentAction;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an agent holds that does as it is told, and that insists on a chain without gaps. */
final class FollowingAgent {
  final Map<String, TaskState> tasks = new TreeMap<>();
  final Set<String> secrets = new TreeSet<>();
  final Set<String> configs = new TreeSet<>();
  private String at = "";

  static FollowingAgent of(AssignmentsMessage complete) {
    FollowingAgent agent = new FollowingAgent();
    agent.take(complete);
    return agent;
  }

  void take(AssignmentsMessage message) {
    boolean first = at.isEmpty();
    assertEquals(
        first ? AssignmentsMessage.Type.COMPLETE : AssignmentsMessage.Type.INCREMENTAL,
        message.getType());
    assertEquals(at, message.getAppliesTo(), "a gap");
    assertTrue(!message.getResultsIn().isEmpty() && !message.getResultsIn().equals(at));
    at = message.getResultsIn();
    message.getChangesList().forEach(this::take);
  }

  private void take(AssignmentChange change) {
    boolean update = change.getAction() == AssignmentAction.UPDATE;
    var item = change.getAssignment();
    switch (item.getItemCase()) {
      case TASK -> {
        if (update) {
          tasks.put(item.getTask().getId(), item.getTask().getDesiredState());
        } else {
          tasks.remove(item.getTask().getId());
        }
      }
      case SECRET -> hold(secrets, item.getSecret().getId(), update);
      case CONFIG -> hold(configs, item.getConfig().getId(), update);
      case VOLUME, ITEM_NOT_SET -> throw new AssertionError("nothing to do with " + item);
    }
  }

  private static void hold(Set<String> held, String id, boolean update) {
    if (update) {
      held.add(id);
    } else {
      assertTrue(held.remove(id), "told to drop what it never had: " + id);
    }
  }

  List<Object> state() {
    return List.of(tasks, secrets, configs);
  }
}
