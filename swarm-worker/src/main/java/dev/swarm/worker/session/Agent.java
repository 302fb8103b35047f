package dev.swarm.worker.session;

import com.google.protobuf.ByteString;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SubscriptionMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session with one of the managers: registers, registers again with a growing wait after
 * whatever goes wrong, and passes on the manager's messages. Touched only from the event loop.
 */
public final class Agent {
  /** The parts of the worker that live with a session. Called on the event loop. */
  public interface Work {
    /**
     * @param failed ends the session, with the cause
     */
    void opened(AgentLink link, String sessionId, Consumer<String> failed);

    /**
     * @return what is wrong with the message, empty if it applied
     */
    String assignments(AssignmentsMessage message);

    void subscription(SubscriptionMessage message);

    /** There is no session now. */
    void refused(String cause);

    void closed();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final EventLoop loop;
  private final Clock clock;
  private final RandomGenerator random;
  private final LinkFactory links;
  private final Managers managers;
  private final Supplier<CompletionStage<NodeDescription>> describe;
  private final Work work;
  private final AgentListener listener;
  private final SessionPauses pauses = new SessionPauses();
  private final Repeats repeats = new Repeats();
  private final Session.Listener sessionListener = new SessionEvents();

  private @Nullable Session session;
  private String address = "";
  private String lastSessionId = "";
  private long registeredAt;
  private Node lastNode = Node.getDefaultInstance();
  private ByteString lastRoot = ByteString.EMPTY;
  private Cancellable timer = () -> {};
  private long attempt;
  private boolean closed;

  /**
   * @param random only spreads waits and choices
   * @param describe what this node is; called at each registration and every 20 s
   */
  public Agent(
      EventLoop loop,
      Clock clock,
      RandomGenerator random,
      LinkFactory links,
      Managers managers,
      Supplier<CompletionStage<NodeDescription>> describe,
      Work work,
      AgentListener listener) {
    this.loop = new CarefulLoop(loop, this::fault);
    this.clock = clock;
    this.random = random;
    this.links = links;
    this.managers = managers;
    this.describe = describe;
    this.work = work;
    this.listener = listener;
  }

  public void start() {
    connect();
  }

  /**
   * Ends the session, if there is one, and registers again at once, for instance with a new
   * certificate.
   */
  public void restart(String why) {
    Session current = session;
    if (closed || current == null) {
      return;
    }
    LOG.info("registering again: {}", why);
    end(current);
    connect();
  }

  /** This node may be something else than it was: says so to the manager if it is. */
  public void describeAgain() {
    if (session != null && session.isRegistered()) {
      checkDescription(session);
    }
  }

  /** Ends the session for good. The manager is told nothing: the stream just ends. */
  public void close() {
    closed = true;
    attempt++;
    timer.cancel();
    if (session != null) {
      end(session);
    }
  }

  public boolean isRegistered() {
    return session != null && session.isRegistered();
  }

  private void connect() {
    long mine = ++attempt;
    timer.cancel();
    timer =
        loop.schedule(
            Timing.DESCRIBE,
            () -> {
              if (mine == attempt) {
                retry("the engine does not describe itself");
              }
            });
    describe
        .get()
        .whenComplete(
            (description, error) ->
                loop.execute(
                    () -> {
                      if (mine != attempt || closed) {
                        return;
                      }
                      if (error != null) {
                        retry("the engine does not describe itself: " + error.getMessage());
                      } else {
                        register(description);
                      }
                    }));
  }

  private void register(NodeDescription description) {
    attempt++;
    timer.cancel();
    Optional<String> chosen = managers.choose(random);
    if (chosen.isEmpty()) {
      retry("no manager is known");
      return;
    }
    address = chosen.get();
    AgentLink link;
    try {
      link = links.connect(address);
    } catch (RuntimeException fault) {
      LOG.error(
          "no connection to the manager at {} could be set up, trying another", address, fault);
      retry("no connection to the manager could be set up: " + fault.getMessage());
      return;
    }
    Session next = new Session(loop, clock, link, description, sessionListener);
    session = next;
    next.register(lastSessionId);
  }

  private void retry(String cause) {
    attempt++;
    timer.cancel();
    if (closed) {
      return;
    }
    Duration wait = pauses.next(random);
    repeats
        .count(cause, clock.nanoTime())
        .ifPresent(
            tries ->
                LOG.warn(
                    "no session with a manager{}; it is tried on: {}",
                    tries == 1 ? "" : " after " + tries + " tries",
                    cause));
    work.refused(cause);
    listener.sessionLost(cause, wait);
    timer = loop.schedule(wait, this::connect);
  }

  /** Whatever was to go on does not, so all of it begins anew. */
  private void fault(RuntimeException fault) {
    LOG.error("a fault in this node's agent, which registers again. Please report it", fault);
    Session current = session;
    if (current != null) {
      try {
        end(current);
      } catch (RuntimeException another) {
        LOG.error("a fault while the session was ended", another);
      }
    }
    retry("a fault in the agent: " + fault);
  }

  private void end(Session current) {
    session = null;
    boolean wasOpen = !current.id().isEmpty();
    current.close();
    if (wasOpen) {
      work.closed();
    }
  }

  private void checkDescription(Session current) {
    long mine = attempt;
    describe
        .get()
        .whenComplete(
            (description, error) ->
                loop.execute(
                    () -> {
                      if (mine != attempt || session != current) {
                        return;
                      }
                      if (error == null && !description.equals(current.description())) {
                        restart("this node's description changed");
                        return;
                      }
                      // An engine that does not answer now may be about to be restarted.
                      timer.cancel();
                      timer = loop.schedule(Timing.DESCRIPTION_CHECK, () -> recheck(current));
                    }));
  }

  private void recheck(Session current) {
    if (session == current) {
      checkDescription(current);
    }
  }

  private void accept(SessionMessage message) {
    if (message.getManagersCount() > 0) {
      managers.replace(message.getManagersList());
      listener.managers(message.getManagersList());
    }
    if (!message.getRootCA().isEmpty() && !message.getRootCA().equals(lastRoot)) {
      lastRoot = message.getRootCA();
      listener.rootCertificates(lastRoot);
    }
    if (message.hasNode()) {
      accept(message.getNode());
    }
  }

  private void accept(Node node) {
    Node wish = node.toBuilder().clearStatus().clearMeta().build();
    if (wish.equals(lastNode)) {
      return;
    }
    lastNode = wish;
    listener.node(node);
    if (node.getCertificate().getStatus().getState() == IssuanceStatus.State.ROTATE) {
      listener.renewCertificate();
    }
  }

  private final class SessionEvents implements Session.Listener {
    @Override
    public void registered(Session current) {
      lastSessionId = current.id();
      registeredAt = clock.nanoTime();
      managers.observe(address, true);
      LOG.info("registered with the manager at {}", address);
      repeats.over();
      work.opened(current.link(), current.id(), current::fail);
      timer = loop.schedule(Timing.DESCRIPTION_CHECK, () -> recheck(current));
      listener.registered(current.id());
    }

    @Override
    public void message(SessionMessage message) {
      accept(message);
    }

    @Override
    public String assignments(AssignmentsMessage message) {
      return work.assignments(message);
    }

    @Override
    public void subscription(SubscriptionMessage message) {
      work.subscription(message);
    }

    @Override
    public void lost(Session current, String cause) {
      if (session != current) {
        return;
      }
      boolean wasOpen = !current.id().isEmpty();
      if (wasOpen && clock.nanoTime() - registeredAt >= Timing.PROVEN.toNanos()) {
        pauses.reset();
      } else {
        managers.observe(address, false);
      }
      end(current);
      retry(cause);
    }
  }
}
