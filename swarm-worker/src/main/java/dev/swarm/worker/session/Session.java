package dev.swarm.worker.session;

import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.SubscriptionMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One registration with one manager, from the first request until the first thing that goes wrong:
 * any error on any of its calls ends it as a whole. Touched only from the event loop.
 */
final class Session {
  /** What a session tells its agent; nothing after {@link #lost}. Called on the event loop. */
  interface Listener {
    /** The first message arrived. */
    void registered(Session session);

    void message(SessionMessage message);

    /**
     * @return what is wrong with the message, empty if it applied
     */
    String assignments(AssignmentsMessage message);

    void subscription(SubscriptionMessage message);

    void lost(Session session, String cause);
  }

  private final EventLoop loop;
  private final AgentLink link;
  private final NodeDescription description;
  private final Listener listener;
  private final Clock clock;
  private final List<Cancellable> open = new ArrayList<>();
  private String id = "";
  private boolean over;

  Session(
      EventLoop loop, Clock clock, AgentLink link, NodeDescription description, Listener listener) {
    this.loop = loop;
    this.clock = clock;
    this.link = link;
    this.description = description;
    this.listener = listener;
  }

  String id() {
    return id;
  }

  AgentLink link() {
    return link;
  }

  NodeDescription description() {
    return description;
  }

  boolean isRegistered() {
    return !id.isEmpty() && !over;
  }

  /**
   * @param previousId of the session before, which the manager may take up again; or empty
   */
  void register(String previousId) {
    open.add(
        loop.schedule(
            Timing.FIRST_MESSAGE,
            () -> {
              if (id.isEmpty()) {
                fail("the manager did not answer the registration");
              }
            }));
    SessionRequest request =
        SessionRequest.newBuilder().setDescription(description).setSessionId(previousId).build();
    stream("the session ended: ", receiver -> link.session(request, receiver), this::message);
  }

  /** Ends the session, once; {@code cause} is for people. */
  void fail(String cause) {
    if (!over) {
      close();
      listener.lost(this, cause);
    }
  }

  /** Ends the session without a word to the listener. */
  void close() {
    over = true;
    open.forEach(Cancellable::cancel);
    open.clear();
    link.close();
  }

  private void message(SessionMessage message) {
    if (id.isEmpty()) {
      if (message.getSessionId().isEmpty()) {
        fail("the manager sent no session id");
        return;
      }
      id = message.getSessionId();
      listener.message(message);
      begin();
    } else {
      listener.message(message);
    }
  }

  private void begin() {
    if (over) {
      return;
    }
    HeartbeatSender heartbeats = new HeartbeatSender(loop, clock, link, id, this::fail);
    open.add(heartbeats::stop);
    heartbeats.start();
    AssignmentsRequest request = AssignmentsRequest.newBuilder().setSessionId(id).build();
    stream(
        "the assignments ended: ",
        receiver -> link.assignments(request, receiver),
        (AssignmentsMessage message) -> {
          String problem = listener.assignments(message);
          if (!problem.isEmpty()) {
            fail(problem);
          }
        });
    subscriptions();
    if (!over) {
      listener.registered(this);
    }
  }

  private void subscriptions() {
    if (over) {
      return;
    }
    receive(
        receiver ->
            link.listenSubscriptions(ListenSubscriptionsRequest.getDefaultInstance(), receiver),
        listener::subscription,
        cause -> {
          // A manager without a log broker is still one to work for.
          if (!cause.startsWith("UNIMPLEMENTED")) {
            fail("the log subscriptions ended: " + cause);
          }
        });
  }

  private <T> void stream(
      String ended, Function<StreamReceiver<T>, Cancellable> call, Consumer<T> next) {
    receive(call, next, cause -> fail(ended + cause));
  }

  /** Opens a stream whose messages arrive on the event loop, and not at all once this is over. */
  private <T> void receive(
      Function<StreamReceiver<T>, Cancellable> call, Consumer<T> next, Consumer<String> closed) {
    if (over) {
      return;
    }
    open.add(
        call.apply(
            new StreamReceiver<T>() {
              @Override
              public void next(T message) {
                loop.execute(
                    () -> {
                      if (!over) {
                        next.accept(message);
                      }
                    });
              }

              @Override
              public void closed(String cause) {
                loop.execute(
                    () -> {
                      if (!over) {
                        closed.accept(cause);
                      }
                    });
              }
            }));
  }
}
