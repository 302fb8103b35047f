package dev.swarm.worker.scripted;

import com.google.protobuf.Duration;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.sim.VirtualTime;
import docker.swarmkit.v1.AssignmentChange;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskStatus;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One manager and the network to it, whose two kinds of connection can be silenced or refused. */
public final class ScriptedManager {
  private static final long LATENCY_MILLIS = 1;
  private final VirtualTime loop;
  public final List<SessionRequest> registrations = new ArrayList<>();
  public final List<Long> beats = new ArrayList<>();
  public final List<Long> hedges = new ArrayList<>();
  public final TreeMap<String, List<TaskStatus>> reports = new TreeMap<>();
  public final List<PublishLogsMessage> published = new ArrayList<>();
  public final TreeMap<String, Task> assigned = new TreeMap<>();
  public long periodMillis = 500;

  /** Standing connections carry nothing until they are given up. */
  public boolean standingSilent;

  public boolean freshSilent;
  public boolean refusing;
  public boolean mute;
  public boolean publicationsReady = true;
  private @Nullable Link current;
  private int sessions;
  private int version;

  public ScriptedManager(VirtualTime loop) {
    this.loop = loop;
  }

  public AgentLink connect(String address) {
    return new Link();
  }

  /** Assigns or updates, and tells the agent. */
  public void assign(Task task) {
    assigned.put(task.getId(), task);
    AssignmentChange.Builder change = AssignmentChange.newBuilder();
    change.getAssignmentBuilder().setTask(task);
    incremental(change);
  }

  public void remove(String taskId) {
    assigned.remove(taskId);
    AssignmentChange.Builder change =
        AssignmentChange.newBuilder().setAction(AssignmentChange.AssignmentAction.REMOVE);
    change.getAssignmentBuilder().setTask(Task.newBuilder().setId(taskId));
    incremental(change);
  }

  public void skipVersion() {
    version++;
  }

  private void incremental(AssignmentChange.Builder change) {
    Link link = current;
    if (link != null && link.assignments != null) {
      AssignmentsMessage message =
          AssignmentsMessage.newBuilder()
              .setType(AssignmentsMessage.Type.INCREMENTAL)
              .setAppliesTo(Integer.toString(version))
              .setResultsIn(Integer.toString(++version))
              .addChanges(change)
              .build();
      link.deliver(link.assignments, message);
    }
  }

  public void send(SessionMessage message) {
    Link link = current;
    if (link != null && link.session != null) {
      link.deliver(link.session, message);
    }
  }

  public void send(SubscriptionMessage message) {
    Link link = current;
    if (link != null && link.subscriptions != null) {
      link.deliver(link.subscriptions, message);
    }
  }

  /** Every connection breaks. */
  public void reset() {
    Link link = current;
    if (link != null) {
      link.reset();
    }
  }

  public List<TaskStatus> reports(String taskId) {
    return reports.getOrDefault(taskId, List.of());
  }

  private final class Link implements AgentLink {
    private @Nullable StreamReceiver<SessionMessage> session;
    private @Nullable StreamReceiver<AssignmentsMessage> assignments;
    private @Nullable StreamReceiver<SubscriptionMessage> subscriptions;
    private String id = "";
    private boolean closed;

    private <T> void deliver(StreamReceiver<T> receiver, T message) {
      var _ =
          loop.schedule(
              java.time.Duration.ofMillis(LATENCY_MILLIS),
              () -> {
                if (!closed && !standingSilent) {
                  receiver.next(message);
                }
              });
    }

    @Override
    public Cancellable session(SessionRequest request, StreamReceiver<SessionMessage> receiver) {
      if (refusing) {
        receiver.closed("UNAVAILABLE: connection refused");
        return () -> {};
      }
      if (standingSilent || mute) {
        return () -> {};
      }
      registrations.add(request);
      current = this;
      session = receiver;
      id = "session-" + ++sessions;
      deliver(receiver, SessionMessage.newBuilder().setSessionId(id).build());
      return () -> {};
    }

    @Override
    public CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
      return beat(request, beats, standingSilent);
    }

    @Override
    public CompletionStage<HeartbeatResponse> heartbeatOnFreshConnection(HeartbeatRequest request) {
      return beat(request, hedges, freshSilent);
    }

    private CompletionStage<HeartbeatResponse> beat(
        HeartbeatRequest request, List<Long> log, boolean silent) {
      if (silent) {
        return new CompletableFuture<>();
      }
      if (refusing) {
        return CompletableFuture.failedFuture(new IllegalStateException("UNAVAILABLE"));
      }
      log.add(loop.millis());
      if (!request.getSessionId().equals(id)) {
        return CompletableFuture.failedFuture(new IllegalStateException("session invalid"));
      }
      return later(
          () ->
              HeartbeatResponse.newBuilder()
                  .setPeriod(Duration.newBuilder().setNanos((int) periodMillis * 1_000_000))
                  .build());
    }

    @Override
    public Cancellable assignments(
        AssignmentsRequest request, StreamReceiver<AssignmentsMessage> receiver) {
      assignments = receiver;
      AssignmentsMessage.Builder complete =
          AssignmentsMessage.newBuilder().setResultsIn(Integer.toString(++version));
      for (Task task : assigned.values()) {
        complete.addChangesBuilder().getAssignmentBuilder().setTask(task);
      }
      deliver(receiver, complete.build());
      return () -> {};
    }

    @Override
    public CompletionStage<UpdateTaskStatusResponse> updateTaskStatus(
        UpdateTaskStatusRequest request) {
      if (standingSilent) {
        return new CompletableFuture<>();
      }
      return later(
          () -> {
            request
                .getUpdatesList()
                .forEach(
                    update ->
                        reports
                            .computeIfAbsent(update.getTaskId(), task -> new ArrayList<>())
                            .add(update.getStatus()));
            return UpdateTaskStatusResponse.getDefaultInstance();
          });
    }

    @Override
    public Cancellable listenSubscriptions(
        ListenSubscriptionsRequest request, StreamReceiver<SubscriptionMessage> receiver) {
      subscriptions = receiver;
      return () -> {};
    }

    @Override
    public LogPublication publishLogs() {
      return new LogPublication() {
        @Override
        public boolean ready() {
          return publicationsReady;
        }

        @Override
        public void send(PublishLogsMessage message) {
          published.add(message);
        }

        @Override
        public boolean ended() {
          return false;
        }

        @Override
        public void complete() {}
      };
    }

    private void reset() {
      closed = true;
      if (session != null) {
        session.closed("UNAVAILABLE: connection reset");
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private <T> CompletionStage<T> later(Supplier<T> reply) {
    CompletableFuture<T> future = new CompletableFuture<>();
    var _ =
        loop.schedule(
            java.time.Duration.ofMillis(2 * LATENCY_MILLIS), () -> future.complete(reply.get()));
    return future;
  }
}
