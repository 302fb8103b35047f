package dev.swarm.cli.sim;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A connection between an agent and a manager's dispatcher. Messages arrive in order and late, wait
 * while the network is cut, and go nowhere once the connection is broken.
 */
final class SimLink implements AgentLink {
  private static final String REFUSED = "UNAVAILABLE: this manager does not lead the cluster now";

  private final World world;
  private final SimHost host;
  private final SimNetwork.Pair pair;
  private final NodeId node;
  private final Pipe toManager = new Pipe();
  private final Pipe toAgent = new Pipe();
  private final List<Stream<?>> streams = new ArrayList<>();
  private final List<CompletableFuture<?>> calls = new ArrayList<>();
  private final Runnable onDeath = this::managerDied;
  private Optional<SimManager.Process> peer = Optional.empty();
  private boolean broken;
  private boolean closed;

  SimLink(World world, SimHost host, int manager) {
    this.world = world;
    this.host = host;
    pair = new SimNetwork.Pair(host.index(), manager);
    node = host.nodeId();
  }

  /** One direction. */
  private final class Pipe {
    private final ArrayDeque<Runnable> messages = new ArrayDeque<>();
    private boolean pumping;

    void send(Runnable message) {
      if (!broken) {
        messages.add(message);
        pump();
      }
    }

    private void pump() {
      if (!pumping && !messages.isEmpty()) {
        pumping = true;
        world.time().after(world.network().latency(), this::arrive);
      }
    }

    private void arrive() {
      pumping = false;
      if (broken) {
        return;
      }
      if (world.network().isCut(pair)) {
        pumping = true;
        world
            .network()
            .whenHealed(
                pair,
                () -> {
                  pumping = false;
                  if (world.network().survivesCut()) {
                    pump();
                  } else {
                    breakDown("connection reset");
                  }
                });
        return;
      }
      Runnable next = messages.poll();
      if (next != null) {
        next.run();
      }
      pump();
    }
  }

  private final class Stream<T> implements StreamReceiver<T> {
    private final StreamReceiver<T> receiver;
    private Cancellable atManager = () -> {};
    private boolean over;

    private Stream(StreamReceiver<T> receiver) {
      this.receiver = receiver;
    }

    @Override
    public void next(T message) {
      toAgent.send(
          () -> {
            if (!over) {
              receiver.next(message);
            }
          });
    }

    @Override
    public void closed(String cause) {
      toAgent.send(() -> end(cause));
    }

    private void end(String cause) {
      if (!over) {
        over = true;
        streams.remove(this);
        receiver.closed(cause);
      }
    }
  }

  /** The process at the other end, if it is there and lets anybody in; connects first. */
  private Optional<SimManager.Process> gate() {
    if (peer.isEmpty()) {
      peer = world.manager(pair.manager()).process();
      if (peer.isEmpty()) {
        breakDown("connection refused");
        return Optional.empty();
      }
      peer.get().atDeath(onDeath);
    }
    return peer.filter(SimManager.Process::leads);
  }

  private <T> Cancellable open(
      StreamReceiver<T> receiver,
      Function<SimManager.Process, Function<Stream<T>, Cancellable>> call) {
    Stream<T> stream = new Stream<>(receiver);
    if (broken || closed) {
      world.time().after(world.network().latency(), () -> stream.end("connection is closed"));
      return () -> {};
    }
    streams.add(stream);
    toManager.send(
        () -> {
          Optional<SimManager.Process> process = gate();
          if (process.isPresent()) {
            stream.atManager = call.apply(process.get()).apply(stream);
          } else {
            stream.closed(REFUSED);
          }
        });
    return () -> {
      stream.over = true;
      streams.remove(stream);
      toManager.send(() -> stream.atManager.cancel());
    };
  }

  private <R> CompletionStage<R> call(Function<SimManager.Process, CompletionStage<R>> request) {
    CompletableFuture<R> reply = new CompletableFuture<>();
    if (broken || closed) {
      reply.completeExceptionally(new IOException("connection is closed"));
      return reply;
    }
    calls.add(reply);
    toManager.send(
        () ->
            answer(
                request,
                (value, error) ->
                    toAgent.send(
                        () -> {
                          calls.remove(reply);
                          complete(reply, value, error);
                        })));
    return reply;
  }

  private <R> void answer(
      Function<SimManager.Process, CompletionStage<R>> request,
      BiConsumer<Optional<R>, Optional<Throwable>> reply) {
    Optional<SimManager.Process> process = gate();
    if (process.isEmpty()) {
      reply.accept(Optional.empty(), Optional.of(new IOException(REFUSED)));
      return;
    }
    request
        .apply(process.get())
        .whenComplete(
            (value, error) -> reply.accept(Optional.ofNullable(value), Optional.ofNullable(error)));
  }

  private static <R> void complete(
      CompletableFuture<R> reply, Optional<R> value, Optional<Throwable> error) {
    if (value.isPresent()) {
      reply.complete(value.get());
    } else {
      reply.completeExceptionally(error.orElseGet(() -> new IOException("no answer")));
    }
  }

  @Override
  public Cancellable session(SessionRequest request, StreamReceiver<SessionMessage> receiver) {
    return open(
        receiver,
        process -> stream -> process.dispatcher().session(node, host.address(), request, stream));
  }

  @Override
  public CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
    return call(process -> process.dispatcher().heartbeat(node, request));
  }

  @Override
  public CompletionStage<HeartbeatResponse> heartbeatOnFreshConnection(HeartbeatRequest request) {
    SimLink fresh = new SimLink(world, host, pair.manager());
    CompletionStage<HeartbeatResponse> reply = fresh.heartbeat(request);
    reply.whenComplete((value, error) -> fresh.close());
    return reply;
  }

  @Override
  public Cancellable assignments(
      AssignmentsRequest request, StreamReceiver<AssignmentsMessage> receiver) {
    StreamReceiver<AssignmentsMessage> watched = new StreamLaw(world, node, receiver);
    return open(
        watched, process -> stream -> process.dispatcher().assignments(node, request, stream));
  }

  @Override
  public CompletionStage<UpdateTaskStatusResponse> updateTaskStatus(
      UpdateTaskStatusRequest request) {
    return call(process -> process.dispatcher().updateTaskStatus(node, request));
  }

  @Override
  public Cancellable listenSubscriptions(
      ListenSubscriptionsRequest request, StreamReceiver<SubscriptionMessage> receiver) {
    return open(receiver, process -> stream -> () -> {}); // nobody reads logs here
  }

  @Override
  public LogPublication publishLogs() {
    return new LogPublication() {
      @Override
      public boolean ready() {
        return false;
      }

      @Override
      public void send(PublishLogsMessage message) {}

      @Override
      public boolean ended() {
        return true;
      }

      @Override
      public void complete() {}
    };
  }

  private void managerDied() {
    world.time().after(world.network().latency(), () -> breakWhenHealed("connection lost"));
  }

  private void breakWhenHealed(String why) {
    if (world.network().isCut(pair)) {
      world.network().whenHealed(pair, () -> breakDown(why));
    } else {
      breakDown(why);
    }
  }

  /** Both ends find out, each in its time. */
  private void breakDown(String why) {
    if (broken) {
      return;
    }
    broken = true;
    peer.ifPresent(process -> process.forgetAtDeath(onDeath));
    for (Stream<?> stream : List.copyOf(streams)) {
      peer.filter(SimManager.Process::isAlive).ifPresent(alive -> stream.atManager.cancel());
      stream.end(why);
    }
    List.copyOf(calls).forEach(call -> call.completeExceptionally(new IOException(why)));
    calls.clear();
  }

  /** The agent lets go of the connection, or its process dies. */
  @Override
  public void close() {
    if (broken || closed) {
      return;
    }
    closed = true;
    List<Stream<?>> open = List.copyOf(streams);
    open.forEach(stream -> stream.over = true);
    List.copyOf(calls)
        .forEach(call -> call.completeExceptionally(new IOException("connection is closed")));
    calls.clear();
    toManager.send(
        () -> {
          open.forEach(stream -> stream.atManager.cancel());
          breakDown("closed");
        });
  }

  /** The agent's machine lost its power: the manager hears nothing, not even that. */
  void drop() {
    closed = true;
    broken = true;
    peer.ifPresent(process -> process.forgetAtDeath(onDeath));
  }
}
