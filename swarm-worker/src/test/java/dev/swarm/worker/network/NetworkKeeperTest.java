package dev.swarm.worker.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.kernel.Batch;
import dev.swarm.core.kernel.DesiredKernel;
import dev.swarm.core.kernel.KernelState;
import dev.swarm.core.kernel.NodeFacts;
import dev.swarm.core.kernel.Settings;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.Ipv4Prefix;
import dev.swarm.core.network.NetworkShape;
import dev.swarm.core.network.NetworkState;
import dev.swarm.core.network.NetworkView;
import dev.swarm.core.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When the kernel is looked at, and when it is changed. */
class NetworkKeeperTest {
  private static final NodeFacts FACTS =
      new NodeFacts(
          new NodeId("node"),
          Ipv4.of("192.168.7.1"),
          4789,
          1500,
          Set.copyOf(Settings.asked()),
          new TreeMap<>());

  /** Holds what was wanted after each change, unless it fails. */
  private static final class FakeKernel implements NetworkKeeper.Kernel {
    KernelState state = KernelState.EMPTY;
    KernelState next = KernelState.EMPTY;
    int reads;
    int changes;
    int failures;

    @Override
    public KernelState read(String prefix) {
      reads++;
      return state;
    }

    @Override
    public void apply(List<Batch> batches) throws KernelException {
      changes++;
      if (failures > 0) {
        failures--;
        throw new KernelException("nft failed");
      }
      state = next;
    }
  }

  private final VirtualTime loop = new VirtualTime();
  private final FakeKernel kernel = new FakeKernel();
  private final List<Long> applied = new ArrayList<>();
  private final NetworkKeeper keeper =
      new NetworkKeeper(loop, kernel, view -> applied.add(view.index()));

  private static NetworkView view(long index, int... numbers) {
    SortedMap<String, NetworkState> networks = new TreeMap<>();
    for (int number : numbers) {
      NetworkShape shape =
          new NetworkShape(
              "network" + number,
              "net" + number,
              List.of(Ipv4Prefix.of("10.0." + number + ".0/24")),
              4096 + number,
              OptionalInt.empty(),
              false,
              false);
      networks.put(shape.id(), NetworkState.of(shape));
    }
    return new NetworkView(index, networks);
  }

  private void want(NetworkView view) {
    kernel.next = new DesiredKernel().of(view, FACTS);
    keeper.want(view, FACTS);
  }

  @Test
  void beforeAFirstViewNothingIsTouched() {
    keeper.audit();
    loop.passMillis(60_000);

    assertEquals(0, kernel.reads);
    assertEquals(0, kernel.changes);
  }

  @Test
  void aNewViewIsAppliedWithoutALook() {
    want(view(1, 1));
    loop.passMillis(1);
    want(view(2, 1, 2));
    loop.passMillis(1);

    assertEquals(1, kernel.reads);
    assertEquals(2, kernel.changes);
    assertEquals(List.of(1L, 2L), applied);
  }

  @Test
  void ofManyViewsOnlyTheLastIsApplied() {
    want(view(1, 1));
    want(view(2, 1, 2));
    want(view(3, 1, 2, 3));
    loop.passMillis(1);

    assertEquals(1, kernel.changes);
    assertEquals(List.of(3L), applied);
  }

  @Test
  void everyTenSecondsItIsLookedAtAndRepaired() {
    want(view(1, 1));
    loop.passMillis(10_001);
    assertEquals(2, kernel.reads);
    assertEquals(1, kernel.changes);

    kernel.state = KernelState.EMPTY;
    loop.passMillis(10_000);

    assertEquals(2, kernel.changes);
    assertEquals(kernel.next, kernel.state);
    assertEquals(List.of(1L), applied);
  }

  @Test
  void whatFailsIsLookedAtAndTriedAgain() {
    kernel.failures = 2;
    want(view(1, 1));
    loop.passMillis(1);
    assertEquals(List.of(), applied);

    loop.passMillis(2_000);

    assertEquals(List.of(1L), applied);
    assertEquals(3, kernel.reads);
    assertEquals(kernel.next, kernel.state);
  }

  @Test
  void aClosedOneTouchesNothing() {
    want(view(1, 1));
    loop.passMillis(1);
    keeper.close();
    loop.passMillis(1);
    want(view(2));
    loop.passMillis(60_000);

    assertEquals(1, kernel.changes);
    assertEquals(1, kernel.reads);
  }
}
