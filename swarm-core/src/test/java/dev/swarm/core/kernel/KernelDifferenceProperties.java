package dev.swarm.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkView;
import dev.swarm.core.network.RandomViews;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The steps from what a kernel holds to what it should, tried on a kernel that refuses nonsense.
 */
class KernelDifferenceProperties {

  private static NodeFacts facts(Random random, NetworkView view) {
    SortedMap<String, SortedMap<Ipv4, String>> ports = new TreeMap<>();
    view.networks()
        .forEach(
            (id, state) -> {
              SortedMap<Ipv4, String> plugged = new TreeMap<>();
              for (NetworkEndpoint endpoint : state.endpoints().values()) {
                boolean here = endpoint.node().equals(RandomViews.node(0));
                if (here || random.nextInt(8) == 0) {
                  plugged.put(endpoint.address(), id + endpoint.address());
                }
              }
              ports.put(id, plugged);
            });
    Set<String> settings = new HashSet<>(Settings.asked());
    if (random.nextInt(4) == 0) {
      settings.remove(Settings.FILTER_BRIDGES);
    }
    Ipv4 dataPath = RandomViews.dataPath(random.nextInt(8) == 0 ? 7 : 0);
    return new NodeFacts(RandomViews.node(0), dataPath, 4789, 1500, settings, ports);
  }

  private static void assertHolds(KernelState wanted, ModelKernel kernel) {
    KernelState held = kernel.state();
    assertEquals(List.of(), KernelDifference.between(held, wanted));
    for (String name : held.namespaces().keySet()) {
      Namespace want = wanted.of(name);
      Namespace have = held.of(name);
      assertEquals(want.addresses(), have.addresses(), name);
      assertEquals(want.neighbours(), have.neighbours(), name);
      assertEquals(want.tunnel(), have.tunnel(), name);
      assertEquals(want.bridge(), have.bridge(), name);
      assertEquals(want.routes(), have.routes(), name);
      assertEquals(want.rules(), have.rules(), name);
      assertEquals(want.tables(), have.tables(), name);
      assertEquals(want.links().keySet(), have.links().keySet(), name);
    }
  }

  @Property(tries = 200)
  void theDifferenceAppliedIsWhatWasWanted(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int steps) {
    RandomViews views = new RandomViews(seed);
    Random random = new Random(seed);
    ModelKernel kernel = new ModelKernel();
    for (int step = 1; step <= steps; step++) {
      NetworkView view = views.view(step);
      KernelState wanted = new DesiredKernel().of(view, facts(random, view));

      kernel.run(KernelDifference.between(kernel.state(), wanted));

      assertHolds(wanted, kernel);
    }
  }

  @Property(tries = 200)
  void damageIsRepaired(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int damages) {
    RandomViews views = new RandomViews(seed);
    Random random = new Random(seed);
    NetworkView view = views.view(1);
    KernelState wanted = new DesiredKernel().of(view, facts(random, view));
    ModelKernel kernel = new ModelKernel();
    kernel.run(KernelDifference.between(kernel.state(), wanted));
    Damage damage = new Damage(random, kernel);
    for (int i = 0; i < damages; i++) {
      damage.once();
    }

    kernel.run(KernelDifference.between(kernel.state(), wanted));

    assertHolds(wanted, kernel);
  }

  /** What was believed to be there, without a look, makes the same commands as a look would. */
  @Property(tries = 200)
  void wantingIsAsGoodAsLooking(@ForAll long seed) {
    RandomViews views = new RandomViews(seed);
    Random random = new Random(seed);
    NetworkView first = views.view(1);
    NetworkView second = views.view(2);
    KernelState before = new DesiredKernel().of(first, facts(random, first));
    KernelState after = new DesiredKernel().of(second, facts(random, second));
    ModelKernel kernel = new ModelKernel();
    kernel.run(KernelDifference.between(kernel.state(), before));

    kernel.run(KernelDifference.between(before, after));

    assertHolds(after, kernel);
  }

  @Property(tries = 200)
  void batchesKeepTheOrder(@ForAll long seed) {
    RandomViews views = new RandomViews(seed);
    NetworkView view = views.view(1);
    List<KernelCommand> commands =
        KernelDifference.between(
            KernelState.EMPTY, new DesiredKernel().of(view, facts(new Random(seed), view)));

    List<String> one =
        commands.stream()
            .flatMap(c -> Batches.of(List.of(c)).stream())
            .flatMap(batch -> batch.lines().stream())
            .toList();
    List<Batch> all = Batches.of(commands);

    assertEquals(one, all.stream().flatMap(batch -> batch.lines().stream()).toList());
    // Few runs: two of each kind for every network, and some for the node.
    int most = 2 + 6 * (view.networks().size() + 1);
    assertEquals(Math.min(all.size(), most), all.size());
  }
}
