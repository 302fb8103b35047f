package dev.swarm.cli.node.demo;

import dev.swarm.cli.node.demo.Observer.RunningTask;
import dev.swarm.cli.terminal.Sleeper;
import java.time.Duration;
import java.util.Locale;

/** Kills a node of the demo and waits until another has taken over. */
final class Failover {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final double NANOS_A_SECOND = 1e9;

  private final Observer observer;
  private final Page page;
  private final Sleeper sleeper;
  private final Narrator narrator;
  private long startNanos;
  private boolean down;
  private boolean running;
  private boolean answering;

  Failover(Observer observer, Page page, Sleeper sleeper, Narrator narrator) {
    this.observer = observer;
    this.page = page;
    this.sleeper = sleeper;
    this.narrator = narrator;
  }

  /**
   * Returns once the service's slot runs elsewhere and its page answers again.
   *
   * @param lost the task on {@code node}
   * @return the seconds from the power cut until then
   */
  double watch(DemoNode node, String service, int slot, RunningTask lost)
      throws DemoFailure, InterruptedException {
    startNanos = sleeper.nanoTime();
    node.losePower();
    report(node.name() + " is off, and the page with it");
    observer.await(
        "nobody took over from " + node.name(),
        PATIENCE,
        () -> {
          if (!answering && page.answers()) {
            answering = true;
            report("the page answers again");
          }
          if (!down && "down".equals(observer.nodeStates().get(node.name()))) {
            down = true;
            report("the manager takes " + node.name() + " for down");
          }
          RunningTask now = observer.running(service).get(slot);
          if (!running && now != null && !now.id().equals(lost.id())) {
            running = true;
            report("the replacement is running on " + now.node());
          }
          return down && running && answering;
        });
    return seconds();
  }

  private double seconds() {
    return (sleeper.nanoTime() - startNanos) / NANOS_A_SECOND;
  }

  private void report(String event) {
    narrator.line(String.format(Locale.ROOT, "%6.2f s  %s", seconds(), event));
  }
}
