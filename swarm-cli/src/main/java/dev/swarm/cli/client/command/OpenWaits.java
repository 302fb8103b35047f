package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.Convergence.Watched;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Services that are still waited for. Read by the thread that Ctrl-C starts, too. */
final class OpenWaits {
  private final List<Watched> open;

  OpenWaits(List<Watched> services) {
    open = new CopyOnWriteArrayList<>(services);
  }

  void ended(Watched service) {
    open.remove(service);
  }

  /** What a user is told who ends the wait. */
  String goesOn() {
    StringBuilder text = new StringBuilder("\n");
    for (Watched service : open) {
      text.append("Service ")
          .append(service.name())
          .append(" goes on in the background; 'swarm service ps ")
          .append(service.name())
          .append("' shows how it is.\n");
    }
    return text.toString();
  }
}
