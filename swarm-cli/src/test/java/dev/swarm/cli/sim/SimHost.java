package dev.swarm.cli.sim;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.AgentLink;
import dev.swarm.worker.Worker;
import dev.swarm.worker.session.AgentListener;
import docker.swarmkit.v1.WeightedPeer;
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
  private List<String> known; // managers; on disk
  private boolean powered = true;
  private boolean hasSession;

  SimHost(World world, int index, NodeId nodeId, Chance chance) {
    this.world = world;
    this.index = index;
    this.nodeId = nodeId;
    this.chance = chance;
    known = world.addresses();
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
            .managers(known)
            .listener(
                new AgentListener() {
                  @Override
                  public void registered(String sessionId) {
                    world.note(SimHost.this + " has a session");
                    hasSession = true;
                  }

                  @Override
                  public void sessionLost(String cause, Duration retryIn) {
                    world.note(SimHost.this + " has no session: " + cause);
                    hasSession = false;
                  }

                  @Override
                  public void managers(List<WeightedPeer> managers) {
                    known = managers.stream().map(peer -> peer.getPeer().getAddr()).toList();
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

  /**
   * Has the agent told where managers are today, if all that it knows were replaced while it heard
   * nothing. It can do nothing about that itself: whoever was a manager once is not to be trusted.
   */
  void tellIfStranded() {
    boolean stranded =
        known.stream().noneMatch(address -> world.raft().votes(world.managerAt(address)));
    if (isUp() && !hasSession && stranded) {
      world.note(this + " knows no manager of today");
      killAgent();
      known = world.addresses();
      start();
    }
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
    hasSession = false;
  }

  void stall(Duration length) {
    loop.ifPresent(running -> running.stall(length));
  }

  @Override
  public String toString() {
    return "h" + index;
  }
}
