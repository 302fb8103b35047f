package dev.swarm.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Changes of networks: what they must make of a state, however they are put together. */
class NetworkStateProperties {

  private static void assertSameWord(NetworkView wanted, NetworkView got) {
    assertEquals(wanted.index(), got.index());
    assertEquals(wanted.networks().keySet(), got.networks().keySet());
    assertTrue(ViewChange.between(got, wanted).networks().isEmpty());
    assertTrue(ViewChange.between(wanted, got).networks().isEmpty());
  }

  @Property
  void aDifferenceMakesOneViewOfAnother(@ForAll long seed) {
    RandomViews views = new RandomViews(seed);
    NetworkView before = views.view(1);
    NetworkView after = views.view(2);

    assertSameWord(after, before.apply(ViewChange.between(before, after)));
  }

  @Property
  void mergedChangesDoWhatTheyDoOneAfterTheOther(@ForAll long seed) {
    RandomViews views = new RandomViews(seed);
    NetworkView start = views.view(1);
    NetworkView middle = views.view(2);
    NetworkView end = views.view(3);
    ViewChange first = ViewChange.between(start, middle);
    ViewChange second = ViewChange.between(middle, end);

    assertSameWord(end, start.apply(first.then(second)));
    // Also where they do not fit: on a view that missed something before.
    NetworkView other = views.view(0);
    assertSameWord(other.apply(first).apply(second), other.apply(first.then(second)));
  }

  @Property
  void mergingIsAssociative(@ForAll long seed) {
    RandomViews views = new RandomViews(seed);
    NetworkView[] steps = {views.view(1), views.view(2), views.view(3), views.view(4)};
    ViewChange a = ViewChange.between(steps[0], steps[1]);
    ViewChange b = ViewChange.between(steps[1], steps[2]);
    ViewChange c = ViewChange.between(steps[2], steps[3]);
    NetworkView start = views.view(0);

    assertSameWord(start.apply(a.then(b).then(c)), start.apply(a.then(b.then(c))));
  }

  @Property
  void whatStaysTheSameIsNotTouched(@ForAll long seed) {
    NetworkState state = new RandomViews(seed).network(1);

    NetworkState same = state.apply(NetworkChange.between(state, state));

    assertSame(state.endpoints(), same.endpoints());
    assertSame(state.services(), same.services());
    assertSame(state.nodes(), same.nodes());
  }
}
