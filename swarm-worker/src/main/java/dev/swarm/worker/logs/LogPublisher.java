package dev.swarm.worker.logs;

import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.EventLoop;
import dev.swarm.worker.engine.Engine;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.TaskStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the log broker's subscriptions with the logs of this node's tasks, also of those that
 * begin while a subscription follows. Touched only from the event loop.
 */
public final class LogPublisher {
  static final int SUBSCRIPTIONS_MAX = 64;
  private static final Logger LOG = LoggerFactory.getLogger(LogPublisher.class);

  private final Engine engine;
  private final EventLoop loop;
  private final Supplier<String> nodeId;
  private final Supplier<Collection<Task>> tasks;
  private final Function<String, TaskState> state;
  private final TreeMap<String, SubscribedLogs> subscriptions = new TreeMap<>();
  private @Nullable AgentLink link;

  /**
   * @param tasks the tasks of this node now
   * @param state the state of one of them
   */
  public LogPublisher(
      Engine engine,
      EventLoop loop,
      Supplier<String> nodeId,
      Supplier<Collection<Task>> tasks,
      Function<String, TaskState> state) {
    this.engine = engine;
    this.loop = loop;
    this.nodeId = nodeId;
    this.tasks = tasks;
    this.state = state;
  }

  /** A session is open; its publications go over {@code session}. */
  public void open(AgentLink session) {
    link = session;
  }

  /** The session is over, and with it all subscriptions. */
  public void close() {
    link = null;
    List<SubscribedLogs> all = new ArrayList<>(subscriptions.values());
    subscriptions.clear();
    all.forEach(SubscribedLogs::cancel);
  }

  public void accept(SubscriptionMessage message) {
    if (message.getClose()) {
      SubscribedLogs ended = subscriptions.get(message.getId());
      if (ended != null) {
        ended.finish();
      }
      return;
    }
    AgentLink current = link;
    if (current == null || subscriptions.containsKey(message.getId())) {
      return;
    }
    SubscribedLogs subscription =
        new SubscribedLogs(
            message,
            current.publishLogs(),
            engine,
            loop,
            () -> subscriptions.remove(message.getId()));
    if (subscriptions.size() >= SUBSCRIPTIONS_MAX) {
      LOG.warn("more than {} log subscriptions at once: one is refused", SUBSCRIPTIONS_MAX);
      subscription.finish();
      return;
    }
    subscriptions.put(message.getId(), subscription);
    for (Task task : tasks.get()) {
      offer(subscription, task, state.apply(task.getId()));
    }
    subscription.offered();
  }

  /** A task's status changed: whoever follows it may read its log from now on. */
  public void changed(Task task, TaskStatus status) {
    for (SubscribedLogs subscription : List.copyOf(subscriptions.values())) {
      if (subscription.follows()) {
        offer(subscription, task, status.getState());
      }
    }
  }

  private void offer(SubscribedLogs subscription, Task task, TaskState observed) {
    boolean hasLog =
        observed.getNumber() >= TaskState.RUNNING_VALUE && observed != TaskState.REJECTED;
    if (hasLog && selects(subscription.selector(), task)) {
      subscription.add(task);
    }
  }

  private boolean selects(LogSelector selector, Task task) {
    return selector.getServiceIdsList().contains(task.getServiceId())
        || selector.getTaskIdsList().contains(task.getId())
        || selector.getNodeIdsList().contains(nodeId.get());
  }
}
