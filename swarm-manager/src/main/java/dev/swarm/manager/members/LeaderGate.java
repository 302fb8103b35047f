package dev.swarm.manager.members;

import dev.swarm.core.port.EventLoop;
import dev.swarm.manager.tls.ForwardedCaller;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Intercepts every service that only the leader can give, and on other managers passes the calls on
 * to the leader. While there is none, calls are held for about as long as it takes to elect one.
 * Exempt are those by which managers come to have a leader, and by which one sees whether they
 * have.
 */
public final class LeaderGate implements ServerInterceptor {
  private static final Set<String> OPEN = Set.of("dev.swarm.v1.Raft", "docker.swarmkit.v1.Health");

  /** The words are the engine's, because programs look for them. */
  public static final String NO_LEADER =
      "The swarm does not have a leader. It's possible that too few managers are online. Make sure"
          + " more than half of the managers are online.";

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int HELD_MAX = 1000;

  private final BooleanSupplier leads;
  private final Supplier<Optional<Channel>> leader;
  private final EventLoop events;
  private final Set<PendingCall<?, ?>> held = ConcurrentHashMap.newKeySet();

  /**
   * @param leader reaches whoever leads now, where another does; called for each call
   * @param events where calls that are held are refused in the end
   */
  public LeaderGate(BooleanSupplier leads, Supplier<Optional<Channel>> leader, EventLoop events) {
    this.leads = leads;
    this.leader = leader;
    this.events = events;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String service = String.valueOf(call.getMethodDescriptor().getServiceName());
    if (OPEN.contains(service)) {
      return next.startCall(call, headers);
    }
    Optional<ServerCall.Listener<Q>> begun = begin(call, headers, next);
    if (begun.isPresent()) {
      return begun.get();
    }
    // Passed on once only: two managers that each take the other for the leader must not play ball.
    if (ForwardedCaller.isForwarded(headers) || held.size() >= HELD_MAX) {
      return refuse(call);
    }
    PendingCall<Q, R> waiting =
        new PendingCall<>(call, () -> begin(call, headers, next), held::remove);
    held.add(waiting);
    waiting.endsWith(events.schedule(PATIENCE, waiting::refuse));
    waiting.tryToBegin(); // a leader may have been found just before this one was held
    return waiting.listener();
  }

  private <Q, R> Optional<ServerCall.Listener<Q>> begin(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (leads.getAsBoolean()) {
      return Optional.of(next.startCall(call, headers));
    }
    return ForwardedCaller.isForwarded(headers)
        ? Optional.empty()
        : leader.get().map(channel -> Relay.start(call, headers, channel));
  }

  /** Begins the calls that are held and can go on; to be called when another may lead. */
  public void retryPending() {
    held.forEach(PendingCall::tryToBegin);
  }

  /** Refuses what is held, for good. */
  public void close() {
    held.forEach(PendingCall::refuse);
  }

  static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call) {
    call.close(Status.UNAVAILABLE.withDescription(NO_LEADER), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
