package dev.swarm.cli.sim;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.codec.ImageReader;
import dev.swarm.core.model.Node;
import dev.swarm.core.port.StateMachine;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeRole;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at every step of the history, on whichever manager comes to it first, and compares copies.
 */
final class Laws {
  private static final int COMPARE_EVERY = 16;

  /** One law of the history: {@code after} is {@code before} and one entry. */
  interface Law {
    void check(Snapshot before, Snapshot after);
  }

  private final World world;
  private final List<Law> laws;
  private final Map<Integer, Integer> images = new HashMap<>();
  private Snapshot newest = Snapshot.EMPTY;
  private int positions;
  private long lastEntryNanos;

  Laws(World world) {
    this.world = world;
    laws =
        List.of(
            new TaskLaw(world), new SlotLaw(world), new RoomLaw(world), new PlacementLaw(world));
  }

  /** The newest state that any manager came to. */
  Snapshot newest() {
    return newest;
  }

  long lastEntryNanos() {
    return lastEntryNanos;
  }

  /** {@code manager} has applied the entry at {@code position}, counted from 1. */
  void applied(int manager, int position, StateMachine machine) {
    SimManager.Process process = world.manager(manager).process().orElseThrow();
    Snapshot snapshot = process.control().snapshot();
    if (position % COMPARE_EVERY == 0) {
      compare(manager, position, machine);
    }
    if (position > positions) {
      positions = position;
      lastEntryNanos = world.time().nanoTime();
      byte[] entry = world.raft().entry(position - 1);
      world
          .trace()
          .note(
              lastEntryNanos,
              Arrays.hashCode(entry),
              () -> "m%d applies %d: %s".formatted(manager, position, text(entry)));
      Snapshot before = newest;
      newest = snapshot;
      laws.forEach(law -> law.check(before, snapshot));
      votersAreManagers();
      world.workload().check(snapshot);
    } else if (process.leads() && world.raft().leads(manager)) {
      world.workload().check(snapshot); // one that was deposed may lag before it hears of it
    }
  }

  /** No voter is ever without the rights of one. */
  private void votersAreManagers() {
    for (SimManager manager : world.managers()) {
      Node node = newest.nodes().get(manager.nodeId());
      if (node != null && node.role() != NodeRole.MANAGER && world.raft().votes(manager.index())) {
        world.broken("m" + manager.index() + " votes and is a worker");
      }
    }
  }

  private static String text(byte[] entry) {
    EntryCodec.Decoded decoded = EntryCodec.decode(entry);
    StringBuilder out = new StringBuilder("#" + decoded.sequence());
    decoded.changes().forEach(change -> out.append("\n               ").append(Words.of(change)));
    return out.toString();
  }

  private void compare(int manager, int position, StateMachine machine) {
    try {
      int hash = Arrays.hashCode(SimLog.bytesOf(machine));
      Integer known = images.putIfAbsent(position, hash);
      if (known != null && known != hash) {
        world.broken("m" + manager + " has another state than others after entry " + position);
      }
    } catch (IOException e) {
      world.fault(e);
    }
  }

  /** What must hold when nothing happens any more. */
  void atRest() {
    byte[] first = {};
    for (SimManager manager : world.managers()) {
      if (manager.process().isEmpty()) {
        continue; // a worker by now
      }
      SimManager.Process process = manager.process().get();
      try {
        byte[] image = SimLog.bytesOf(process.control().stateMachine());
        if (first.length > 0 && !Arrays.equals(first, image)) {
          throw new AssertionError("m" + manager.index() + " differs from the others at rest");
        }
        first = image;
        Snapshot read = ImageReader.read(new ByteArrayInputStream(image));
        if (!Plain.of(read).equals(Plain.of(process.control().snapshot()))) {
          throw new AssertionError(
              "an image of m%d reads back as something else: %s"
                  .formatted(
                      manager.index(),
                      Plain.difference(Plain.of(process.control().snapshot()), Plain.of(read))));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
