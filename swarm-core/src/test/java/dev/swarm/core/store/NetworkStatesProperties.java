package dev.swarm.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.network.NetworkChange;
import dev.swarm.core.network.NetworkState;
import dev.swarm.core.network.NetworkStates;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** The states of networks follow the records, step by step as well as at once. */
class NetworkStatesProperties {

  private static void assertSame(NetworkStates wanted, NetworkStates got) {
    assertEquals(wanted.index(), got.index());
    assertEquals(Set.copyOf(wanted.networks().keys()), Set.copyOf(got.networks().keys()));
    for (Map.Entry<String, NetworkState> entry : wanted.networks().entries()) {
      NetworkState other = got.networks().find(entry.getKey()).orElseThrow();
      assertEquals(NetworkChange.NONE, NetworkChange.between(entry.getValue(), other));
      assertEquals(NetworkChange.NONE, NetworkChange.between(other, entry.getValue()));
    }
  }

  @Property(tries = 150)
  void followingChangesIsAsGoodAsLookingAtAll(@ForAll @Size(max = 60) List<Integer> numbers) {
    Script script = new Script();
    NetworkStates states = NetworkStates.EMPTY;
    for (int number : numbers) {
      Snapshot.Step step = script.play(script.next(number));
      states = states.after(step.snapshot(), step.delta()).states();
      assertSame(NetworkStates.of(step.snapshot()), states);
    }
  }

  @Property(tries = 100)
  void theChangesOfAStepAreItsDifference(@ForAll @Size(max = 60) List<Integer> numbers) {
    Script script = new Script();
    NetworkStates states = NetworkStates.EMPTY;
    for (int number : numbers) {
      Snapshot.Step played = script.play(script.next(number));
      NetworkStates.Step step = states.after(played.snapshot(), played.delta());
      Map<String, NetworkChange> differences = new TreeMap<>();
      for (Map.Entry<String, NetworkState> entry : step.states().networks().entries()) {
        NetworkState before = states.networks().get(entry.getKey());
        if (before != null && !before.saysTheSameAs(entry.getValue())) {
          differences.put(entry.getKey(), NetworkChange.between(before, entry.getValue()));
        }
      }
      assertEquals(differences, step.changes());
      states = step.states();
    }
  }

  /** Whoever has a part in a network, and is known where, is among its nodes; and nobody else. */
  @Property(tries = 100)
  void nodesOfANetworkAreThoseWithAPartInIt(@ForAll @Size(max = 60) List<Integer> numbers) {
    Script script = new Script();
    for (int number : numbers) {
      script.play(script.next(number));
    }
    Snapshot snapshot = script.snapshot();
    NetworkStates states = NetworkStates.of(snapshot);
    for (NodeId node : snapshot.nodes().keys()) {
      Set<String> seen = new HashSet<>();
      for (Map.Entry<String, NetworkState> entry : states.networks().entries()) {
        if (entry.getValue().nodes().contains(node)) {
          seen.add(entry.getKey());
        }
      }
      Set<String> view =
          states.view(node, NetworkStates.partsOf(snapshot, node)).networks().keySet();
      assertTrue(view.equals(seen), () -> node + " sees " + view + ", is on " + seen);
    }
  }
}
