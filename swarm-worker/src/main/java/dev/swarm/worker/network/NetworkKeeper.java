package dev.swarm.worker.network;

import dev.swarm.core.kernel.Batch;
import dev.swarm.core.kernel.Batches;
import dev.swarm.core.kernel.DesiredKernel;
import dev.swarm.core.kernel.GoneBackends;
import dev.swarm.core.kernel.KernelCommand;
import dev.swarm.core.kernel.KernelDifference;
import dev.swarm.core.kernel.KernelState;
import dev.swarm.core.kernel.NodeFacts;
import dev.swarm.core.network.NetworkView;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel in the state that the node's networks ask for. A new view is applied as the
 * difference to the state it is believed to have; every ten seconds the kernel is read instead, and
 * what somebody deleted or changed is put right. Until there is a first view nothing is touched:
 * not to know of networks is not to have none.
 *
 * <p>All its work is done on its own event loop, which waits for programs meanwhile.
 */
public final class NetworkKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkKeeper.class);
  static final Duration AUDIT_EVERY = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private record Wish(NetworkView view, NodeFacts facts) {}

  private final EventLoop loop;
  private final Kernel kernel;
  private final Consumer<NetworkView> applied;
  private final DesiredKernel desired = new DesiredKernel();

  private Optional<Wish> wish = Optional.empty();
  private NetworkView inPlace = NetworkView.EMPTY;
  private Optional<KernelState> believed = Optional.empty();
  private boolean pending;
  private boolean closed;
  private String lastFailure = "";
  private Cancellable next = () -> {};

  /** A kernel that can be looked at and changed. */
  public interface Kernel {
    /** What it holds for the node whose namespaces' names begin with {@code prefix}. */
    KernelState read(String prefix) throws KernelException;

    /** Makes every change it can, and fails if one of them failed. */
    void apply(List<Batch> batches) throws KernelException;
  }

  /**
   * @param loop its own: it is held up while programs run
   * @param applied is told, on the loop, of each view once it is in place
   */
  public NetworkKeeper(EventLoop loop, Kernel kernel, Consumer<NetworkView> applied) {
    this.loop = loop;
    this.kernel = kernel;
    this.applied = applied;
  }

  /** What there is to be from now on. Those not yet applied are passed over. From any thread. */
  public void want(NetworkView view, NodeFacts facts) {
    loop.execute(
        () -> {
          wish = Optional.of(new Wish(view, facts));
          if (!pending) {
            pending = true;
            loop.execute(this::step);
          }
        });
  }

  /** Looks now instead of in a while. From any thread. */
  public void audit() {
    loop.execute(
        () -> {
          believed = Optional.empty();
          step();
        });
  }

  private void step() {
    pending = false;
    if (wish.isEmpty() || closed) {
      return;
    }
    next.cancel();
    Wish now = wish.get();
    boolean looked = believed.isEmpty();
    try {
      bring(now, looked);
      lastFailure = "";
      next = loop.schedule(AUDIT_EVERY, this::audit);
    } catch (KernelException e) {
      believed = Optional.empty();
      complain(e);
      next = loop.schedule(RETRY_AFTER, this::audit);
    }
  }

  private void bring(Wish now, boolean looked) throws KernelException {
    KernelState have = looked ? kernel.read(now.facts().namespacePrefix()) : believed.orElseThrow();
    KernelState want = desired.of(now.view(), now.facts());
    List<KernelCommand> commands = new ArrayList<>(KernelDifference.between(have, want));
    boolean news = now.view() != inPlace;
    if (looked && !news && !commands.isEmpty()) {
      LOG.warn(
          "networks: {} changes put right what others did to the kernel, the first being {}",
          commands.size(),
          commands.get(0));
    }
    commands.addAll(GoneBackends.between(inPlace, now.view(), now.facts()));
    if (!commands.isEmpty()) {
      kernel.apply(Batches.of(commands));
    }
    believed = Optional.of(want);
    inPlace = now.view();
    if (news) {
      applied.accept(now.view());
    }
  }

  /** Once for each kind: it is tried again every second. */
  private void complain(KernelException failure) {
    String message = String.valueOf(failure.getMessage());
    if (!message.equals(lastFailure)) {
      lastFailure = message;
      LOG.warn("networks are not as they should be, trying again: {}", message);
    }
  }

  /** Changes nothing more; what is there stays, so that nobody is cut off. */
  @Override
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          next.cancel();
        });
  }
}
