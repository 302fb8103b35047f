package dev.swarm.cli.node.demo;

import dev.swarm.cli.terminal.Sleeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * One run of the demo: sets the scene, has the story told, and clears everything away, however it
 * ends. Owns the process: a signal ends the demo through a shutdown hook.
 */
public final class Demo {
  private static final String OTHER_USER = "nobody";
  private static final double NANOS_A_SECOND = 1e9;

  private final Narrator narrator;
  private final Sleeper sleeper;
  private final Optional<Integer> port;
  private final boolean keep;
  private final List<DemoNode> nodes = new ArrayList<>();
  private final CountDownLatch signalled = new CountDownLatch(1);
  private boolean ending;

  /**
   * @param port where the page shall be, or a free one
   */
  public Demo(Narrator narrator, Sleeper sleeper, Optional<Integer> port, boolean keep) {
    this.narrator = narrator;
    this.sleeper = sleeper;
    this.port = port;
    this.keep = keep;
  }

  /**
   * @return the exit code; does not return when a signal has come, for the JVM is ending then
   */
  public int run() throws InterruptedException {
    boolean root = isRoot();
    DemoDirectory directory;
    try {
      directory = DemoDirectory.create(root);
    } catch (IOException e) {
      narrator.lastWord("The demo needs a temporary directory: " + e.getMessage() + "\n");
      return 1;
    }
    ThisProgram program = ThisProgram.current();
    Commands commands = new Commands(program, narrator);
    Thread hook = new Thread(() -> signalled(commands, directory), "swarm-demo-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    Optional<String> failure;
    try {
      play(program, commands, directory, root);
      failure = Optional.empty();
    } catch (DemoFailure | IOException e) {
      failure = Optional.of(String.valueOf(e.getMessage()));
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // Returning would halt the JVM under the hook's hands.
      new CountDownLatch(1).await();
    }
    return end(commands, directory, failure);
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException notLinux) {
      return System.getProperty("user.name").equals("root");
    }
  }

  private void play(ThisProgram program, Commands commands, DemoDirectory directory, boolean root)
      throws DemoFailure, IOException, InterruptedException {
    long start = sleeper.nanoTime();
    Page page = Page.at(port);
    Optional<String> user = root ? Optional.of(OTHER_USER) : Optional.empty();
    String address = "127.0.0.1:" + Page.freePort();
    DemoNode manager = new DemoNode("manager0", directory.path(), address, user, program);
    List<DemoNode> workers = new ArrayList<>();
    for (String name : List.of("worker0", "worker1")) {
      String unused = "127.0.0.1:" + Page.freePort();
      workers.add(new DemoNode(name, directory.path(), unused, user, program));
    }
    synchronized (nodes) {
      if (ending) {
        throw new DemoFailure("the demo is ending");
      }
      nodes.add(manager);
      nodes.addAll(workers);
    }
    introduce(directory, manager);
    Path server = directory.webServer(page.port());
    try (Observer observer = new Observer(manager, sleeper)) {
      Story story =
          new Story(manager, workers, address, server, page, commands, observer, narrator, sleeper);
      story.tell();
      if (keep) {
        stay(page, manager);
      }
      story.removeService();
    }
    double seconds = (sleeper.nanoTime() - start) / NANOS_A_SECOND;
    narrator.line(
        String.format(
            Locale.ROOT,
            "%nThe daemons stop, and %s is deleted. It all took %.0f s.",
            directory.path(),
            seconds));
  }

  private void introduce(DemoDirectory directory, DemoNode manager) {
    narrator.tell(
        "A swarm of three nodes on this machine: manager0, worker0 and worker1, each a daemon",
        "in a process of its own. Their files and logs are in " + directory.path() + ".",
        "To ask the manager yourself meanwhile, in another terminal:");
    narrator.line("\nexport SWARM_HOST=" + manager.host());
  }

  private void stay(Page page, DemoNode manager) throws InterruptedException {
    narrator.tell(
        "The swarm stays: the page is at " + page.url() + ", the manager at",
        manager.host() + ".",
        "Ctrl-C here, or kill "
            + ProcessHandle.current().pid()
            + " elsewhere, stops it and removes everything.");
    signalled.await();
    new CountDownLatch(1).await();
  }

  private void signalled(Commands commands, DemoDirectory directory) {
    signalled.countDown();
    narrator.lastWord("\nStopping the daemons and their web servers.\n");
    commands.close();
    try {
      stopNodes();
      directory.delete();
    } catch (DemoFailure | IOException e) {
      System.err.println("swarm demo: not all is removed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @param failure why the story could not be told to its end; the logs stay then
   */
  private int end(Commands commands, DemoDirectory directory, Optional<String> failure)
      throws InterruptedException {
    commands.close();
    List<String> deaths =
        nodesSoFar().stream().flatMap(node -> node.death().stream()).distinct().toList();
    try {
      boolean logs = stopNodes();
      if (failure.isEmpty() || !logs) {
        directory.delete();
      }
      failure.ifPresent(why -> narrator.trouble("The demo ends early: " + why + "."));
      if (failure.isPresent() && logs) {
        deaths.stream().filter(death -> !failure.get().equals(death)).forEach(narrator::line);
        narrator.line("The daemons are stopped; their logs are " + directory.path() + "/*.log.");
      }
    } catch (DemoFailure | IOException e) {
      narrator.trouble("Not all is removed: " + e.getMessage());
      return 1;
    }
    return failure.isEmpty() ? 0 : 1;
  }

  private List<DemoNode> nodesSoFar() {
    synchronized (nodes) {
      return List.copyOf(nodes);
    }
  }

  /**
   * @return whether any had been started
   */
  private boolean stopNodes() throws DemoFailure, InterruptedException {
    synchronized (nodes) {
      ending = true;
    }
    List<DemoNode> all = nodesSoFar();
    all.forEach(DemoNode::beginEnd);
    boolean any = false;
    for (DemoNode node : all) {
      any |= node.end();
    }
    return any;
  }
}
