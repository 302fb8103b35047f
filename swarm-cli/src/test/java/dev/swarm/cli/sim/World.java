package dev.swarm.cli.sim;

import dev.swarm.core.loop.Rules;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster and everything around it, built and driven by one seed. It is troubled for a while,
 * then all heals, and after a bounded time it must have come to rest as its users asked.
 */
final class World {
  static final Duration SETTLE_WITHIN = Duration.ofMinutes(12);

  /** Without a new entry for so long the loop is quiet. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  /** When all has healed there is a leader by then, who stays. */
  private static final Duration ELECTED_WITHIN = Duration.ofMinutes(1);

  private static final int EVENTS_MAX = 3_000_000;

  private final long seed;
  private final Set<Bug> bugs;
  private final Optional<Planted> planted;
  private int timesLed;
  private final VirtualTime time = new VirtualTime();
  private final Trace trace = new Trace();
  private final Chance ids;
  private final Faults faults;
  private final SimNetwork network;
  private final SimRaft raft;
  private final List<SimManager> managers = new ArrayList<>();
  private final List<SimHost> hosts = new ArrayList<>();
  private final Laws laws;
  private final Workload workload;
  private final Weather weather;
  private final Duration troubled;
  private long idsDrawn;
  private boolean calm;
  private @Nullable AssertionError failure;

  World(long seed, Bug... bugs) {
    this(seed, bugs.length == 0 ? Set.of() : EnumSet.of(bugs[0], bugs), Optional.empty());
  }

  World(long seed, Planted planted) {
    this(seed, Set.of(), Optional.of(planted));
  }

  private World(long seed, Set<Bug> bugs, Optional<Planted> planted) {
    this.seed = seed;
    this.bugs = bugs;
    this.planted = planted;
    Chance chance = Chance.of(seed);
    ids = chance.split();
    faults = Faults.draw(chance.split());
    network = new SimNetwork(this, chance.split());
    raft = new SimRaft(this, chance.split());
    laws = new Laws(this);
    int voters = chance.of(List.of(1, 1, 3));
    for (int i = 0; i < voters; i++) {
      managers.add(new SimManager(this, i, raft.join(i), chance.split()));
    }
    int workers = 1 + chance.below(5);
    for (int i = 0; i < workers; i++) {
      hosts.add(new SimHost(this, i, new NodeId(nextId()), chance.split()));
    }
    troubled = chance.millis(20_000, 90_000);
    workload = new Workload(this, chance.split());
    weather = new Weather(this, chance.split());
  }

  VirtualTime time() {
    return time;
  }

  Faults faults() {
    return faults;
  }

  SimNetwork network() {
    return network;
  }

  SimRaft raft() {
    return raft;
  }

  Laws laws() {
    return laws;
  }

  Workload workload() {
    return workload;
  }

  List<SimHost> hosts() {
    return hosts;
  }

  /** Whether that is a worker, and not the node of a manager. */
  boolean isHost(NodeId id) {
    return hosts.stream().anyMatch(host -> host.nodeId().equals(id));
  }

  List<SimManager> managers() {
    return managers;
  }

  SimManager manager(int index) {
    return managers.get(index);
  }

  static String address(int manager) {
    return "10.0.1." + manager + ":2377";
  }

  int managerAt(String address) {
    return Integer.parseInt(address.substring("10.0.1.".length(), address.indexOf(':')));
  }

  List<String> addresses() {
    return managers.stream().map(manager -> address(manager.index())).toList();
  }

  /** Whether an echo request of {@code manager} to the machine at {@code address} is answered. */
  boolean answers(int manager, String address) {
    return hosts.stream()
        .filter(host -> host.address().equals(address))
        .anyMatch(
            host -> host.isPowered() && !network.isCut(new SimNetwork.Pair(host.index(), manager)));
  }

  IdSource ids() {
    return this::nextId;
  }

  private String nextId() {
    idsDrawn++;
    return String.format(java.util.Locale.ROOT, "%06x%04d", ids.below(1 << 24), idsDrawn % 10_000);
  }

  boolean plants(Bug bug) {
    return bugs.contains(bug);
  }

  Rules plan(Rules sound) {
    Rules planned = planted.map(fault -> fault.in(sound)).orElse(sound);
    for (Bug bug : bugs) {
      planned = bug.in(planned);
    }
    return planned;
  }

  boolean plantsFaults() {
    return planted.isPresent();
  }

  /** A manager begins to lead. */
  void led() {
    timesLed++;
  }

  boolean faultsAreOn() {
    return !calm;
  }

  boolean tasksFail() {
    return faults.tasksFail() && !calm;
  }

  void note(String text) {
    trace.note(time.nanoTime(), text);
  }

  Trace trace() {
    return trace;
  }

  /** Something a program of ours must never do. */
  void fault(Throwable fault) {
    if (failure == null) {
      failure = new AssertionError("a fault: " + fault, fault);
    }
  }

  /** A law is broken. */
  void broken(String what) {
    if (failure == null) {
      failure = new AssertionError(what);
    }
  }

  /**
   * Lives from beginning to end.
   *
   * @return the hash of all that happened
   * @throws AssertionError with the seed and what happened last, if a law was broken
   */
  long live() {
    try {
      note("%d managers, %d workers, %s".formatted(managers.size(), hosts.size(), faults));
      managers.forEach(SimManager::start);
      raft.elect();
      workload.found();
      hosts.forEach(host -> time.after(Duration.ofMillis(100 + 10 * host.index()), host::start));
      workload.begin();
      weather.begin();
      if (faults.rolesChange()) {
        managers.forEach(SimManager::followRole);
      }
      run(troubled.toNanos());
      note("all heals");
      calm = true;
      weather.clear();
      workload.end();
      planted.ifPresent(this::outlast);
      settle();
    } catch (AssertionError broken) {
      throw new AssertionError(
          "seed %d at %.3f s: %s%n%s"
              .formatted(
                  seed, time.nanoTime() / 1e9, broken.getMessage(), trace.last(notesShown())),
          broken);
    }
    return trace.hash();
  }

  private static int notesShown() {
    return Integer.getInteger("sim.notes", 60);
  }

  /** While the fault is there, all that it does not concern converges under one leader. */
  private void outlast(Planted fault) {
    run(time.nanoTime() + ELECTED_WITHIN.toNanos());
    int before = timesLed;
    Settled others = new Settled(this, fault::concerns);
    long deadline = time.nanoTime() + SETTLE_WITHIN.toNanos();
    while (!others.missing().isEmpty()) {
      if (time.nanoTime() > deadline) {
        throw new AssertionError("others suffer from %s: %s".formatted(fault, others.missing()));
      }
      run(time.nanoTime() + Duration.ofSeconds(2).toNanos());
      hosts.forEach(SimHost::tellIfStranded);
    }
    if (timesLed != before) {
      throw new AssertionError("the leader went because of " + fault);
    }
    note("the fault is healed");
    fault.heal();
  }

  private String setAside() {
    return managers.stream()
        .flatMap(manager -> manager.process().stream())
        .flatMap(process -> process.control().setAside().stream())
        .map(what -> what + " is set aside")
        .findFirst()
        .orElse("");
  }

  private void settle() {
    long deadline = time.nanoTime() + SETTLE_WITHIN.toNanos();
    Settled settled = new Settled(this, service -> false);
    String missing = "";
    while (time.nanoTime() < deadline) {
      run(time.nanoTime() + Duration.ofSeconds(2).toNanos());
      hosts.forEach(SimHost::tellIfStranded);
      missing = settled.missing();
      missing = missing.isEmpty() ? setAside() : missing;
      if (missing.isEmpty() && time.nanoTime() - laws.lastEntryNanos() > QUIET.toNanos()) {
        laws.atRest();
        return;
      }
    }
    throw new AssertionError(
        missing.isEmpty() ? "the loop is not quiet" : "it does not come to rest: " + missing);
  }

  private int events;

  private void run(long untilNanos) {
    while (time.step(untilNanos)) {
      trace.mix(time.nanoTime());
      if (failure != null) {
        throw failure;
      }
      if (++events > EVENTS_MAX) {
        throw new AssertionError("too many events: something goes round in circles");
      }
    }
  }

  int events() {
    return events;
  }
}
