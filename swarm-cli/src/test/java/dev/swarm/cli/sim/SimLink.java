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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A connection between an agent and a manager's dispatcher. Messages arrive in order and late, wait
 * while the network is cut, and go nowhere once the connection is broken.
 *
 * <p>Where roles change, a manager that does not lead passes calls on to the one that does, as the
 * real ones do: it may be the only one that the agent knows. Elsewhere it refuses, as one does that
 * does not reach the leader itself.
 */
final class SimLink implements AgentLink {
  private static final String REFUSED = "UNAVAILABLE: this manager does not lead the cluster now";
  private static final String LEADER_GONE = "UNAVAILABLE: the leader is gone";

  /** A call is held for so long while nobody leads. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final World world;
  private final SimHost host;
  private final SimNetwork.Pair pair;
  private final NodeId node;
  private final Pipe toManager = new Pipe();
  private final Pipe toAgent = new Pipe();
  private final List<Stream<?>> streams = new ArrayList<>();
  private final Set<CompletableFuture<?>> calls = new LinkedHashSet<>();
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
    private boolean cancelled; // at the manager

    private Stream(StreamReceiver<T> receiver) {
      this.receiver = receiver;
    }

    private void begin(
        SimManager.Process process,
        Function<SimManager.Process, Function<Stream<T>, Cancellable>> call) {
      if (cancelled) {
        return;
      }
      Cancellable begun = call.apply(process).apply(this);
      Runnable lost = () -> closed(LEADER_GONE);
      if (isPassedOn(process)) {
        process.atDeath(lost);
      }
      atManager =
          () -> {
            process.forgetAtDeath(lost);
            begun.cancel();
          };
    }

    private void cancel() {
      cancelled = true;
      atManager.cancel();
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

  /** Lets a call in where somebody leads, at the latest after a while; connects first. */
  private void admit(Duration patience, Consumer<SimManager.Process> in, Runnable refuse) {
    if (peer.isEmpty()) {
      peer = world.manager(pair.manager()).process();
      if (peer.isEmpty()) {
        breakDown("connection refused");
        return;
      }
      peer.get().atDeath(onDeath);
    }
    Optional<SimManager.Process> answering =
        peer.filter(SimManager.Process::leads).or(this::leader);
    if (answering.isPresent()) {
      in.accept(answering.get());
    } else if (world.faults().rolesChange() && patience.isPositive()) {
      Runnable again = () -> admit(patience.minus(LOOK_EVERY), in, refuse);
      world.time().after(LOOK_EVERY, () -> unlessBroken(again));
    } else {
      refuse.run();
    }
  }

  private void unlessBroken(Runnable task) {
    if (!broken) {
      task.run();
    }
  }

  /** Whom the manager at the other end passes calls on to. */
  private Optional<SimManager.Process> leader() {
    if (!world.faults().rolesChange() || !peer.filter(SimManager.Process::isAlive).isPresent()) {
      return Optional.empty();
    }
    return world.managers().stream()
        .filter(manager -> world.raft().leads(manager.index()))
        .flatMap(manager -> manager.process().stream())
        .filter(SimManager.Process::leads)
        .findFirst();
  }

  private boolean isPassedOn(SimManager.Process answering) {
    return peer.filter(process -> process != answering).isPresent();
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
        () ->
            admit(PATIENCE, process -> stream.begin(process, call), () -> stream.closed(REFUSED)));
    return () -> {
      stream.over = true;
      streams.remove(stream);
      toManager.send(stream::cancel);
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
    admit(
        PATIENCE,
        process ->
            answerOf(process, request)
                .whenComplete(
                    (value, error) ->
                        reply.accept(Optional.ofNullable(value), Optional.ofNullable(error))),
        () -> reply.accept(Optional.empty(), Optional.of(new IOException(REFUSED))));
  }

  private <R> CompletionStage<R> answerOf(
      SimManager.Process process, Function<SimManager.Process, CompletionStage<R>> request) {
    CompletionStage<R> answer = request.apply(process);
    if (!isPassedOn(process)) {
      return answer;
    }
    CompletableFuture<R> passedBack = answer.toCompletableFuture().copy();
    Runnable lost = () -> passedBack.completeExceptionally(new IOException(LEADER_GONE));
    process.atDeath(lost);
    var _ = passedBack.whenComplete((value, error) -> process.forgetAtDeath(lost));
    return passedBack;
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
      stream.cancel();
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
          open.forEach(Stream::cancel);
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
