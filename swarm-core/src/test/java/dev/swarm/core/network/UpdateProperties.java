package dev.swarm.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.v1.NetworkDescription;
import dev.swarm.v1.NetworkPiece;
import dev.swarm.v1.NetworkUpdate;
import dev.swarm.v1.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is written for a node is what it reads, in pieces of bounded size. */
class UpdateProperties {

  private static Optional<ViewChange> read(List<NetworkUpdate> messages) {
    UpdateReader reader = new UpdateReader();
    Optional<ViewChange> last = Optional.empty();
    for (NetworkUpdate message : messages) {
      assertTrue(last.isEmpty(), "nothing comes after the end");
      last = reader.take(message);
    }
    return last;
  }

  @Property(tries = 300)
  void aNodeReadsWhatWasWritten(@ForAll long seed) {
    RandomViews views = new RandomViews(seed);
    NetworkView before = views.view(1);
    NetworkView after = views.view(2);

    ViewChange got = read(UpdateWriter.write(ViewChange.between(before, after))).orElseThrow();

    NetworkView made = before.apply(got);
    assertEquals(after.index(), made.index());
    assertTrue(ViewChange.between(made, after).networks().isEmpty());
    assertTrue(ViewChange.between(after, made).networks().isEmpty());
  }

  @Test
  void aLargeNetworkComesInPiecesAndCountsOnlyWhole() {
    int tasks = 3 * UpdateWriter.OBJECTS_MAX;
    SortedMap<TaskId, Optional<NetworkEndpoint>> endpoints = new TreeMap<>();
    for (int i = 0; i < tasks; i++) {
      TaskId id = new TaskId("task" + i);
      endpoints.put(
          id,
          Optional.of(
              new NetworkEndpoint(
                  id,
                  new Ipv4(0x0a000000 + i),
                  new NodeId("node"),
                  ServiceId.NONE,
                  List.of(),
                  List.of(),
                  false,
                  true)));
    }
    NetworkState state =
        NetworkState.of(RandomViews.shape(1))
            .apply(
                new NetworkChange(Optional.empty(), endpoints, new TreeMap<>(), new TreeMap<>()));
    ViewChange whole =
        new ViewChange(7, new TreeMap<>(Map.of("network1", new ViewChange.Whole(state))));

    List<NetworkUpdate> messages = UpdateWriter.write(whole);

    assertEquals(3, messages.size());
    assertTrue(
        messages.stream()
            .flatMap(message -> message.getPiecesList().stream())
            .allMatch(piece -> piece.getEndpointsCount() <= UpdateWriter.OBJECTS_MAX));
    assertEquals(Optional.empty(), read(messages.subList(0, 2)));
    NetworkView made = NetworkView.EMPTY.apply(read(messages).orElseThrow());
    assertEquals(
        tasks,
        Optional.ofNullable(made.networks().get("network1")).orElseThrow().endpoints().size());
  }

  @Test
  void whatCannotBeIsRefused() {
    NetworkPiece.Builder piece = NetworkPiece.newBuilder().setNetworkId("network1").setAnew(true);
    NetworkUpdate nameless = NetworkUpdate.newBuilder().setEnd(true).addPieces(piece).build();
    NetworkUpdate wide =
        NetworkUpdate.newBuilder()
            .setEnd(true)
            .addPieces(
                piece.setDescription(
                    NetworkDescription.newBuilder().addSubnets(Prefix.newBuilder().setLength(33))))
            .build();

    assertThrows(IllegalArgumentException.class, () -> new UpdateReader().take(nameless));
    assertThrows(IllegalArgumentException.class, () -> new UpdateReader().take(wide));
  }
}
