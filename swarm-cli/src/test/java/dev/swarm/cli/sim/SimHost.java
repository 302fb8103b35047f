package dev.swarm.cli.sim;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.AgentLink;
import dev.swarm.worker.Worker;
import dev.swarm.worker.session.AgentListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A machine with a worker on it: the real agent, one process after another. */
final class SimHost {
  private final World world;
  private final int index;
  private final NodeId nodeId;
  private final Chance chance;
  private final SimDisk disk = new SimDisk();
  private final SimEngine engine;
  private final List<SimLink> links = new ArrayList<>();
  private Optional<SimLoop> loop = Optional.empty();
  private boolean powered = true;

  SimHost(World world, int index, NodeId nodeId, Chance chance) {
    this.world = world;
    this.index = index;
    this.nodeId = nodeId;
    this.chance = chance;
    engine = new SimEngine(world, this, chance.split());
  }

  int index() {
    return index;
  }

  NodeId nodeId() {
    return nodeId;
  }

  String address() {
    return "10.0.0." + (index + 1);
  }

  SimEngine engine() {
    return engine;
  }

  SimDisk disk() {
    return disk;
  }

  boolean isUp() {
    return loop.isPresent();
  }

  boolean isPowered() {
    return powered;
  }

  void start() {
    if (loop.isPresent()) {
      return;
    }
    world.note(this + " starts");
    powered = true;
    SimLoop started = new SimLoop(world, chance.split());
    loop = Optional.of(started);
    Worker worker =
        Worker.builder()
            .nodeId(nodeId::value)
            .hostname("host-" + index)
            .engine(engine)
            .disk(disk)
            .eventLoop(started)
            .clock(world.time())
            .random(chance.split().generator())
            .links(this::connect)
            .managers(world.addresses())
            .listener(
                new AgentListener() {
                  @Override
                  public void registered(String sessionId) {
                    world.note(SimHost.this + " has a session");
                  }

                  @Override
                  public void sessionLost(String cause, Duration retryIn) {
                    world.note(SimHost.this + " has no session: " + cause);
                  }
                })
            .build();
    worker
        .start()
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                world.fault(error);
              }
            });
  }

  private AgentLink connect(String address) {
    SimLink link = new SimLink(world, this, world.managerAt(address));
    links.add(link);
    return link;
  }

  /** The agent's process dies; its tasks keep running. */
  void killAgent() {
    world.note(this + ": its agent dies");
    stop();
    links.forEach(SimLink::close);
    links.clear();
  }

  /** Everything on the machine ends. */
  void crash() {
    world.note(this + " loses its power");
    stop();
    links.forEach(SimLink::drop);
    links.clear();
    powered = false;
    engine.crash();
  }

  private void stop() {
    loop.ifPresent(SimLoop::kill);
    loop = Optional.empty();
  }

  void stall(Duration length) {
    loop.ifPresent(running -> running.stall(length));
  }

  @Override
  public String toString() {
    return "h" + index;
  }
}
