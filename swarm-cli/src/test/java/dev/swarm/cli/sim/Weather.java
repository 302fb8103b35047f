package dev.swarm.cli.sim;

import docker.swarmkit.v1.NodeRole;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Brings the faults of a world, each for a while, until all heals. */
final class Weather {
  private final World world;
  private final Chance chance;
  private boolean over;

  Weather(World world, Chance chance) {
    this.world = world;
    this.chance = chance;
  }

  void begin() {
    Faults faults = world.faults();
    nowAndThen(faults.agentsDie(), 12, this::killAgent);
    nowAndThen(faults.machinesCrash(), 20, this::crashMachine);
    nowAndThen(faults.networkCuts(), 8, this::cut);
    nowAndThen(faults.managersCrash(), 15, this::crashManager);
    nowAndThen(faults.leadershipMoves(), 15, this::moveLeadership);
    nowAndThen(faults.stalls(), 12, this::stall);
    nowAndThen(faults.disksFill(), 20, this::fillDisk);
    nowAndThen(faults.rolesChange(), 10, this::changeRole);
  }

  private void nowAndThen(boolean exists, int everySeconds, Runnable fault) {
    if (exists) {
      world
          .time()
          .after(
              chance.millis(500, everySeconds * 2000L),
              () -> {
                if (!over) {
                  fault.run();
                  nowAndThen(true, everySeconds, fault);
                }
              });
    }
  }

  /** Everything that is down comes back; cuts that are under way end by themselves soon. */
  void clear() {
    over = true;
    world.hosts().forEach(SimHost::start);
    world.hosts().forEach(host -> host.disk().full(false));
    world.managers().forEach(SimManager::start);
  }

  private void killAgent() {
    SimHost host = chance.of(world.hosts());
    if (host.isUp()) {
      host.killAgent();
      world.time().after(chance.millis(50, 15_000), host::start);
    }
  }

  private void crashMachine() {
    SimHost host = chance.of(world.hosts());
    if (host.isUp()) {
      host.crash();
      world.time().after(chance.millis(1000, 30_000), host::start);
    }
  }

  private void cut() {
    Duration length = chance.percent(70) ? chance.millis(50, 4000) : chance.millis(4000, 20_000);
    List<SimHost> hosts = chance.oneIn(4) ? world.hosts() : List.of(chance.of(world.hosts()));
    Optional<SimManager> only =
        chance.oneIn(3) ? Optional.of(chance.of(world.managers())) : Optional.empty();
    world.note(
        "cut between %s and %s for %s"
            .formatted(hosts, only.map(m -> "m" + m.index()).orElse("all managers"), length));
    for (SimHost host : hosts) {
      for (SimManager manager : world.managers()) {
        if (only.isEmpty() || only.get() == manager) {
          world.network().cut(new SimNetwork.Pair(host.index(), manager.index()), length);
        }
      }
    }
  }

  private void crashManager() {
    SimManager manager = chance.of(world.managers());
    if (manager.process().isPresent()) {
      manager.crash();
      world.time().after(chance.millis(200, 12_000), manager::start);
    }
  }

  /** Often the opposite at once: what follows from the first wish is then under way. */
  private void changeRole() {
    SimManager manager = chance.of(world.managers());
    NodeRole role = chance.oneIn(2) ? NodeRole.WORKER : NodeRole.MANAGER;
    world.workload().wish(manager.nodeId(), role);
    if (chance.oneIn(2)) {
      world
          .time()
          .after(
              chance.millis(0, 3000),
              () ->
                  world
                      .workload()
                      .wish(
                          manager.nodeId(),
                          role == NodeRole.WORKER ? NodeRole.MANAGER : NodeRole.WORKER));
    }
  }

  private void moveLeadership() {
    world.note("the leader is deposed");
    world.raft().depose();
  }

  private void stall() {
    Duration length = chance.millis(100, 4000);
    if (chance.oneIn(2)) {
      SimManager manager = chance.of(world.managers());
      world.note("m" + manager.index() + " stands still for " + length);
      manager.stall(length);
    } else {
      SimHost host = chance.of(world.hosts());
      world.note(host + " stands still for " + length);
      host.stall(length);
    }
  }

  private void fillDisk() {
    SimHost host = chance.of(world.hosts());
    world.note(host + ": its disk is full");
    host.disk().full(true);
    world.time().after(chance.millis(500, 10_000), () -> host.disk().full(false));
  }
}
