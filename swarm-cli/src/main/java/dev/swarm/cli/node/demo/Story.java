package dev.swarm.cli.node.demo;

import dev.swarm.cli.node.demo.Observer.RunningTask;
import dev.swarm.cli.terminal.Sleeper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** Script of the demo, step by step. For one thread. */
final class Story {
  // Bounds for what hangs, not for what is slow: machines may have much else to do.
  private static final Duration START_WITHIN = Duration.ofMinutes(3);
  private static final Duration SETTLE_WITHIN = Duration.ofMinutes(2);
  private static final int JOINS_MAX = 3;
  private static final int VISITS_MAX = 40;
  private static final String SERVICE = "webserver";
  private static final int SLOT = 1;
  private static final double NANOS_A_SECOND = 1e9;

  private final DemoNode manager;
  private final List<DemoNode> workers;
  private final String managerAddress;
  private final Path program;
  private final Page page;
  private final Commands commands;
  private final Observer observer;
  private final Narrator narrator;
  private final Sleeper sleeper;

  /**
   * @param managerAddress host:port where the manager listens
   * @param program what the service runs
   */
  Story(
      DemoNode manager,
      List<DemoNode> workers,
      String managerAddress,
      Path program,
      Page page,
      Commands commands,
      Observer observer,
      Narrator narrator,
      Sleeper sleeper) {
    this.manager = manager;
    this.workers = workers;
    this.managerAddress = managerAddress;
    this.program = program;
    this.page = page;
    this.commands = commands;
    this.observer = observer;
    this.narrator = narrator;
    this.sleeper = sleeper;
  }

  /** From three machines that know nothing of each other to a service that outlived two crashes. */
  void tell() throws DemoFailure, InterruptedException {
    found();
    deploy();
    loseWorker();
    loseManager();
  }

  private void found() throws DemoFailure, InterruptedException {
    manager.start();
    for (DemoNode node : workers) {
      node.start();
    }
    observer.await("manager0 did not start", START_WITHIN, observer::answers);
    narrator.tell("manager0 founds a swarm of its own.");
    commands.run(
        manager, "init", "--advertise-addr", managerAddress, "--listen-addr", managerAddress);
    narrator.tell("The workers join it with the line that init printed.");
    String token = asking(observer::workerToken);
    for (DemoNode worker : workers) {
      try (Observer other = new Observer(worker, sleeper)) {
        other.await(worker.name() + " did not start", START_WITHIN, other::answers);
      } catch (IOException e) {
        throw new DemoFailure("lost contact with " + worker.name() + ": " + e.getMessage(), e);
      }
    }
    join(token);
    awaitReady("the nodes did not become ready");
    commands.run(manager, "node", "ls");
    narrator.tell("From now on manager0 shall only manage, and run no tasks itself.");
    commands.run(manager, "node", "update", "--availability", "drain", manager.name());
  }

  /** On a slow machine an answer may come too late for the command, but not for the swarm. */
  private void join(String token) throws DemoFailure, InterruptedException {
    List<DemoNode> outside = workers;
    for (int tries = 1; !outside.isEmpty(); tries++) {
      commands.runOnEach(outside, tries == JOINS_MAX, "join", "--token", token, managerAddress);
      List<DemoNode> still = new ArrayList<>();
      for (DemoNode worker : outside) {
        if (!isInSwarm(worker)) {
          still.add(worker);
        }
      }
      outside = still;
    }
  }

  private boolean isInSwarm(DemoNode worker) throws DemoFailure {
    try (Observer other = new Observer(worker, sleeper)) {
      return other.isInSwarm();
    } catch (IOException e) {
      throw new DemoFailure("lost contact with " + worker.name() + ": " + e.getMessage(), e);
    }
  }

  private void deploy() throws DemoFailure, InterruptedException {
    narrator.tell(
        "A service: one replica of a small web server, as a plain process of the node it lands"
            + " on.");
    commands.run(
        manager,
        "service",
        "create",
        "--name",
        SERVICE,
        "--replicas",
        "1",
        "--runtime",
        "process",
        "--publish",
        "mode=host,target=" + page.port() + ",published=" + page.port(),
        program.toString());
    commands.run(manager, "service", "ls");
    commands.run(manager, "service", "ps", SERVICE);
    narrator.tell("Open " + page.url() + " in a browser, if you like. It says:");
    narrator.line(visit());
  }

  private void loseWorker() throws DemoFailure, InterruptedException {
    RunningTask task = asking(() -> observer.running(SERVICE)).get(SLOT);
    if (task == null) {
      throw new DemoFailure(SERVICE + "." + SLOT + " does not run any more");
    }
    DemoNode victim = worker(task.node());
    narrator.tell(
        victim.name()
            + ", which serves the page, loses power: kill -9 of its daemon (process "
            + victim.pid()
            + ")",
        "and of its web server (" + list(victim.tasks()) + "). Seconds since then:");
    double seconds =
        new Failover(observer, page, sleeper, narrator).watch(victim, SERVICE, SLOT, task);
    narrator.line(
        String.format(
            Locale.ROOT, "The failover took %.1f s, and nobody had to do anything.", seconds));
    narrator.tell(
        SERVICE
            + "."
            + SLOT
            + " has a new task; the row below it is the lost one, as last heard of.");
    commands.run(manager, "node", "ls");
    commands.run(manager, "service", "ps", SERVICE);

    narrator.tell(
        "Power is back at " + victim.name() + ": its daemon starts and finds its swarm again.");
    victim.start();
    awaitReady(victim.name() + " did not come back");
    commands.run(manager, "node", "ls");
    narrator.tell("There is room for a second replica now.");
    commands.run(manager, "service", "scale", SERVICE + "=2");
    commands.run(manager, "service", "ps", SERVICE);
    narrator.tell(
        "Both serve the page: these nodes share one machine and its ports, and its kernel spreads",
        "the visitors.");
    visitBoth();
  }

  private void loseManager() throws DemoFailure, InterruptedException {
    SortedSet<Long> before = servers();
    narrator.tell(
        "Now the manager's daemon crashes: kill -9 of process "
            + manager.pid()
            + ". The page does not mind:");
    manager.kill();
    narrator.line(visit());
    narrator.tell("It starts again and reads its log.");
    long start = sleeper.nanoTime();
    manager.start();
    observer.await("manager0 did not come back", START_WITHIN, observer::answers);
    awaitReady("the workers did not find their manager again");
    narrator.line(
        String.format(
            Locale.ROOT,
            "After %.1f s it leads again and has heard of all its nodes.",
            (sleeper.nanoTime() - start) / NANOS_A_SECOND));
    commands.run(manager, "service", "ls");
    commands.run(manager, "service", "ps", SERVICE);
    SortedSet<Long> after = servers();
    if (!after.equals(before)) {
      throw new DemoFailure(
          "the web servers did not survive the manager's crash: "
              + list(before)
              + " before, "
              + list(after)
              + " now");
    }
    narrator.line("");
    narrator.line("Nothing was restarted: the web servers still are " + list(after) + ".");
  }

  /** The end of the service; returns when its processes are gone. */
  void removeService() throws DemoFailure, InterruptedException {
    narrator.tell("That was it. Away with the service.");
    commands.run(manager, "service", "rm", SERVICE);
    observer.await(
        "the web servers did not end", SETTLE_WITHIN, () -> servers().isEmpty() && !page.answers());
  }

  private String visit() throws DemoFailure, InterruptedException {
    // Running means started; a moment later it listens.
    awaitHere("the page does not answer", page::answers);
    return asking(page::fetch);
  }

  private void visitBoth() throws DemoFailure, InterruptedException {
    TreeSet<String> answers = new TreeSet<>();
    for (int visits = 0; visits < VISITS_MAX && answers.size() < workers.size(); visits++) {
      answers.add(visit());
      if (answers.size() < workers.size()) {
        sleeper.rest(Duration.ofMillis(25));
      }
    }
    answers.forEach(narrator::line);
  }

  /** Waits for what no daemon is asked about. */
  private void awaitHere(String what, Observer.Condition condition)
      throws DemoFailure, InterruptedException {
    long start = sleeper.nanoTime();
    try {
      while (!condition.holds()) {
        if (sleeper.nanoTime() - start > SETTLE_WITHIN.toNanos()) {
          throw new DemoFailure(what + " within " + SETTLE_WITHIN.toSeconds() + " s");
        }
        sleeper.rest(Duration.ofMillis(25));
      }
    } catch (IOException e) {
      throw new DemoFailure(what + ": " + e.getMessage(), e);
    }
  }

  private void awaitReady(String otherwise) throws DemoFailure, InterruptedException {
    int nodes = workers.size() + 1;
    observer.await(
        otherwise,
        SETTLE_WITHIN,
        () -> {
          List<String> states = List.copyOf(observer.nodeStates().values());
          return states.size() == nodes && states.stream().allMatch("ready"::equals);
        });
  }

  private SortedSet<Long> servers() throws DemoFailure {
    SortedSet<Long> all = new TreeSet<>();
    for (DemoNode worker : workers) {
      all.addAll(worker.tasks());
    }
    return all;
  }

  private DemoNode worker(String name) throws DemoFailure {
    for (DemoNode worker : workers) {
      if (worker.name().equals(name)) {
        return worker;
      }
    }
    throw new DemoFailure("the service runs on " + name + ", which is no worker of the demo");
  }

  private static String list(SortedSet<Long> processes) {
    return (processes.size() == 1 ? "process " : "processes ")
        + String.join(" and ", processes.stream().map(String::valueOf).toList());
  }

  private interface Question<T> {
    T ask() throws IOException;
  }

  /** Asks until there is an answer. */
  private <T> T asking(Question<T> question) throws DemoFailure, InterruptedException {
    List<T> answers = new ArrayList<>();
    observer.await(
        "lost contact: no answer",
        SETTLE_WITHIN,
        () -> {
          answers.add(question.ask());
          return true;
        });
    return answers.getLast();
  }
}
