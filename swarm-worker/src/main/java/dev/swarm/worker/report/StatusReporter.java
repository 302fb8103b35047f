package dev.swarm.worker.report;

import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.EventLoop;
import docker.swarmkit.v1.TaskStatus;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusRequest.TaskStatusUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports task statuses to the manager: the newest of each task, in batches, one batch under way at
 * a time. What did not arrive stays pending for the next session. Touched only from the event loop.
 */
public final class StatusReporter {
  /** Keeps a batch far below the 4 MiB a manager takes. */
  static final int BATCH_MAX = 200;

  private final EventLoop loop;
  private final LinkedHashMap<String, TaskStatus> pending = new LinkedHashMap<>();
  private @Nullable Session session;
  private boolean sending;

  /** Compared by identity: an answer belongs to the session it was asked in. */
  private static final class Session {
    private final AgentLink link;
    private final String id;
    private final Consumer<String> failed;

    Session(AgentLink link, String id, Consumer<String> failed) {
      this.link = link;
      this.id = id;
      this.failed = failed;
    }
  }

  public StatusReporter(EventLoop loop) {
    this.loop = loop;
  }

  /** A session is open. {@code failed} is told when a report does not get through. */
  public void open(AgentLink link, String sessionId, Consumer<String> failed) {
    session = new Session(link, sessionId, failed);
    sending = false;
    send();
  }

  /** The session is over; what is pending waits for the next one. */
  public void close() {
    session = null;
    sending = false;
  }

  /** Reports {@code status} soon; a newer one of the same task takes its place. */
  public void report(String taskId, TaskStatus status) {
    pending.put(taskId, status);
    send();
  }

  /** Reports nothing more of {@code taskId}. */
  public void forget(String taskId) {
    pending.remove(taskId);
  }

  private void send() {
    Session current = session;
    if (current == null || sending || pending.isEmpty()) {
      return;
    }
    sending = true;
    // Once more around the loop, so that what happens in this turn travels together.
    loop.execute(() -> flush(current));
  }

  private void flush(Session current) {
    if (session != current) {
      return;
    }
    List<TaskStatusUpdate> batch = new ArrayList<>();
    for (Map.Entry<String, TaskStatus> entry : pending.entrySet()) {
      if (batch.size() == BATCH_MAX) {
        break;
      }
      batch.add(
          TaskStatusUpdate.newBuilder()
              .setTaskId(entry.getKey())
              .setStatus(entry.getValue())
              .build());
    }
    if (batch.isEmpty()) {
      sending = false;
      return;
    }
    UpdateTaskStatusRequest request =
        UpdateTaskStatusRequest.newBuilder().setSessionId(current.id).addAllUpdates(batch).build();
    try {
      current
          .link
          .updateTaskStatus(request)
          .whenComplete((reply, error) -> loop.execute(() -> settle(current, batch, error)));
    } catch (RuntimeException fault) {
      settle(current, batch, fault);
    }
  }

  private void settle(Session current, List<TaskStatusUpdate> batch, @Nullable Throwable error) {
    if (session != current) {
      return;
    }
    sending = false;
    if (error != null) {
      current.failed.accept("a status report failed: " + error.getMessage());
      return;
    }
    batch.forEach(update -> pending.remove(update.getTaskId(), update.getStatus()));
    send();
  }
}
