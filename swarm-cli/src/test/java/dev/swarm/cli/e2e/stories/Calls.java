package dev.swarm.cli.e2e.stories;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Calls to an {@link AddressServer}, made from some place.
 *
 * @param place runs a program there
 */
record Calls(Function<List<String>, Output> place) {
  // A datagram is read at once or lost in part, so not by bash, which reads byte by byte.
  private static final String LINE =
      "exec 3<>/dev/$0/$1/$2 && { [ $0 = tcp ] || echo x >&3; } && timeout 3 head -n 1 <&3";
  // Sends while it receives; what it does not get back is missing in the count.
  private static final String BULK =
      "exec 3<>/dev/tcp/$0/$1 && read -r line <&3 && { head -c $2 /dev/zero >&3 & }"
          + " && head -c $2 <&3 | wc -c";

  static Calls from(Host host) {
    return new Calls(words -> host.run(words.toArray(String[]::new)));
  }

  static Calls from(OverlayNode node, String container) {
    return new Calls(words -> node.inContainer(container, words.toArray(String[]::new)));
  }

  private Output bash(String script, String... arguments) {
    List<String> words = new ArrayList<>(List.of("timeout", "30", "bash", "-c", script));
    words.addAll(List.of(arguments));
    return place.apply(words);
  }

  Output tcp(String address, int port) {
    return bash(LINE, "tcp", address, Integer.toString(port));
  }

  Output udp(String address, int port) {
    return bash(LINE, "udp", address, Integer.toString(port));
  }

  /** How many bytes came back of those that were sent. */
  long bulk(String address, int port, long bytes) {
    return Long.parseLong(bash(BULK, address, Integer.toString(port), Long.toString(bytes)).line());
  }
}
