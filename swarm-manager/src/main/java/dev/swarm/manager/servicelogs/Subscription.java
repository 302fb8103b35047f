package dev.swarm.manager.servicelogs;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.SubscribeLogsMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A client's request for logs: the nodes that are asked, and the messages that wait to be read.
 * Used on the broker's loop only.
 */
final class Subscription {
  /** Agents send nothing more while a client has this much to read. */
  static final int BUFFERED_BYTES_HIGH = 256 << 10;

  /** More than this can only come from agents that don't wait; then the client is cut off. */
  static final int BUFFERED_BYTES_MAX = 4 << 20;

  private static final int REASONS_MAX = 20;
  private static final String INCOMPLETE =
      "warning: incomplete log stream. some logs could not be retrieved for the following reasons:"
          + " ";

  final LogSelector selector;
  final LogSubscriptionOptions options;
  final SortedMap<NodeId, NodeSubscription> parts = new TreeMap<>();
  private final ServiceLogReader reader;
  private final Set<String> services;
  private final Set<String> tasks;
  private final TreeSet<TaskId> unscheduled = new TreeSet<>();
  private final Set<String> problems = new LinkedHashSet<>();
  private final Deque<SubscribeLogsMessage> queue = new ArrayDeque<>();
  private final List<Publication> paused = new ArrayList<>();
  private long queuedBytes;
  private Optional<String> ending = Optional.empty();
  private boolean closed;

  Subscription(LogSelector selector, LogSubscriptionOptions options, ServiceLogReader reader) {
    this.selector = selector;
    this.options = options;
    this.reader = reader;
    services = new HashSet<>(selector.getServiceIdsList());
    tasks = new HashSet<>(selector.getTaskIdsList());
  }

  boolean isFollowing() {
    return options.getFollow();
  }

  /** Whether it wants nothing more from agents. */
  boolean isOver() {
    return ending.isPresent();
  }

  boolean selects(Task task) {
    return services.contains(task.serviceId().value()) || tasks.contains(task.id().value());
  }

  /** The nodes that have, or had, something of what is selected. */
  Set<NodeId> match(Snapshot snapshot) {
    Set<NodeId> nodes = new TreeSet<>();
    selector.getNodeIdsList().forEach(id -> nodes.add(new NodeId(id)));
    selector.getTaskIdsList().stream()
        .flatMap(id -> snapshot.tasks().find(new TaskId(id)).stream())
        .forEach(task -> place(task).ifPresent(nodes::add));
    selector.getServiceIdsList().stream()
        .flatMap(id -> tasksOf(snapshot, new ServiceId(id)))
        .filter(task -> isFollowing() || !task.state().isBefore(TaskState.RUNNING))
        .forEach(task -> place(task).ifPresent(nodes::add));
    return nodes;
  }

  static Stream<Task> tasksOf(Snapshot snapshot, ServiceId service) {
    return snapshot.tasksOf(service).slots().stream()
        .flatMap(slot -> slot.tasks().stream())
        .flatMap(id -> snapshot.tasks().find(id).stream());
  }

  /** Where a selected task is; one that waits for a node is remembered as not there yet. */
  Optional<NodeId> place(Task task) {
    if (!task.node().isNone()) {
      unscheduled.remove(task.id());
      return Optional.of(task.node());
    }
    if (task.isRunnable()) {
      unscheduled.add(task.id());
    } else {
      unscheduled.remove(task.id());
    }
    return Optional.empty();
  }

  void forget(Task task) {
    unscheduled.remove(task.id());
  }

  void problem(String reason) {
    if (problems.size() < REASONS_MAX) {
      problems.add(reason);
    }
  }

  /** Takes what an agent published; false if the client is so far behind that it must go. */
  boolean offer(SubscribeLogsMessage message) {
    int bytes = message.getSerializedSize();
    if (!queue.isEmpty() && queuedBytes + bytes > BUFFERED_BYTES_MAX) {
      return false;
    }
    queue.add(message);
    queuedBytes += bytes;
    drain();
    return true;
  }

  boolean isFull() {
    return queuedBytes >= BUFFERED_BYTES_HIGH;
  }

  /** To be woken once the client has read half of what waits. */
  void pause(Publication publication) {
    paused.add(publication);
  }

  /** Hands over what the reader is ready for. */
  void drain() {
    while (!closed && reader.ready()) {
      SubscribeLogsMessage message = queue.poll();
      if (message == null) {
        break;
      }
      queuedBytes -= message.getSerializedSize();
      reader.next(message);
    }
    if (queue.isEmpty() && isOver() && !closed) {
      closed = true;
      reader.closed(ending.orElse(""));
    }
    if (queuedBytes <= BUFFERED_BYTES_HIGH / 2) {
      List<Publication> woken = List.copyOf(paused);
      paused.clear();
      woken.forEach(Publication::wake);
    }
  }

  /** Ends once everything that waits has been read. */
  void end() {
    end(incomplete());
  }

  private void end(String cause) {
    if (!isOver()) {
      ending = Optional.of(cause);
      drain();
    }
  }

  /** Ends now: what waits is dropped. */
  void cutOff(String cause) {
    drop();
    end(cause);
  }

  /** The client itself has gone. */
  void abandon() {
    closed = true;
    drop();
    end("");
  }

  private void drop() {
    queue.clear();
    queuedBytes = 0;
  }

  private String incomplete() {
    List<String> reasons = new ArrayList<>(problems);
    unscheduled.stream()
        .limit(REASONS_MAX)
        .forEach(task -> reasons.add("task " + task + " has not been scheduled"));
    return reasons.isEmpty() ? "" : INCOMPLETE + String.join(", ", reasons);
  }
}
